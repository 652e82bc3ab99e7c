// Which services are mine, kept in this browser; where it keeps nothing, the address still does.
import { recalled, remember } from "./storage.js";

export function kept() {
  return ids([recalled("mine")]);
}

export function keep(wanted) {
  remember("mine", wanted.join(","));
}

// Those of an address, or null where it names none.
export function addressed(asked) {
  return asked.has("mine") ? ids(asked.getAll("mine")) : null;
}

function ids(texts) {
  return [...new Set(texts.flatMap((text) => text.split(",")).map((each) => each.trim()).filter(Boolean))];
}
