// What keys do on the overview; fetched when somebody asks.
import { CHARACTERS, OFF } from "./keys.js";
import { recalled, remember } from "./storage.js";
import { _ } from "./words.js";

const KEYS = [
  ["/", _("Find a service")],
  ["↑ ↓", _("Go along the services; from the field to the first")],
  ["Home, End", _("The first, the last service")],
  ["Enter", _("Open the service")],
  ["Esc", _("Show all services")],
  ["?", _("These keys")],
];

export function showHelp() {
  const dialog = document.querySelector("dialog.help") ?? document.body.appendChild(made());
  if (!dialog.open) dialog.showModal();
}

function made() {
  const dialog = element("dialog");
  dialog.className = "help";
  const title = element("h2", _("Keys"));
  title.id = "keys-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const list = element("dl");
  for (const [key, told] of KEYS) list.append(element("dt", key), element("dd", told));
  const form = element("form");
  form.method = "dialog";
  form.append(element("button", _("Close")));
  dialog.append(title, list, choice(), form);
  return dialog;
}

function choice() {
  const label = element("label");
  const box = element("input");
  box.type = "checkbox";
  box.checked = recalled(CHARACTERS) !== OFF;
  box.addEventListener("change", () => remember(CHARACTERS, box.checked ? "" : OFF));
  label.append(box, " ", _("“/” and “?” work wherever nothing is typed"));
  return label;
}

function element(name, text = "") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
