// Shows a badge while it is being built: what the server makes of each choice takes the place of what was there.
import { morph } from "./morph.js";
import { _ } from "./words.js";

const form = document.querySelector("#build");
const made = document.querySelector("#made");
const soon = 250;
let timer = 0;
let turn = 0;

form.querySelector("button").hidden = true;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  renew();
});
form.addEventListener("input", ({ target }) => {
  fit();
  clearTimeout(timer);
  timer = setTimeout(renew, target.matches("select") ? 0 : soon);
});
fit();
offerCopies();

// Only an uptime is over some time.
function fit() {
  form.querySelector("[data-of=uptime]").hidden = form.elements.show.value !== "uptime";
}

async function renew() {
  const mine = ++turn;
  const address = addressOf(new FormData(form));
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || mine !== turn) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== turn) return;
  history.replaceState(null, "", address);
  morph(made, page.querySelector("#made"));
  offerCopies();
}

// Without what is empty: it chooses nothing.
function addressOf(chosen) {
  const told = new URLSearchParams([...chosen].filter(([, text]) => text.trim()));
  return `${location.pathname}?${told}`;
}

function offerCopies() {
  if (!navigator.clipboard) return;
  for (const snippet of made.querySelectorAll(".snippet")) {
    if (snippet.querySelector("button")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.ours = "";
    button.textContent = _("Copy");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(snippet.querySelector("code").textContent);
      button.textContent = _("Copied");
      setTimeout(() => { button.textContent = _("Copy"); }, 2_000);
    });
    snippet.append(button);
  }
}
