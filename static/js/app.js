// What the pages gain from a script; without it they are whole.
import { keepTrue } from "./live.js";
import { keepTimes } from "./times.js";
import { offerFilter } from "./filter.js";
import { offerReadouts } from "./readout.js";

keepTimes(document);
offerFilter(document.querySelector(".filter"));
offerReadouts(document);
keepTrue();
