// The overview by keyboard: `/` to find, arrows along the rows, Escape to see all again, `?` to be told of it. Keys
// that are a character can be turned off: who speaks to a computer types them without wanting to (WCAG 2.1.4).
import { recalled } from "./storage.js";

export const CHARACTERS = "characters";
export const OFF = "off";

const TO = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_at, last) => last,
};

export function askKeys(form, clear) {
  const button = form.querySelector(".keys");
  button.hidden = false;
  button.addEventListener("click", tell);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.target.closest("dialog")) return;
    if (pressed(event, form, clear)) event.preventDefault();
  });
}

function pressed({ key, target }, form, clear) {
  const isTyping = target.matches("input:not([type=checkbox], [type=radio]), select, textarea");
  const row = target.closest(".row");
  if (key === "Escape" && (row || form.contains(target))) {
    clear();
    if (target === form.q) target.select();
    return true;
  }
  if (TO[key] && row) return go(row, TO[key]);
  if (key === "ArrowDown" && target === form.q) return go(null, TO.Home);
  if (isTyping || recalled(CHARACTERS) === OFF) return false;
  if (key === "/") {
    form.q.focus();
    form.q.select();
    return true;
  }
  if (key === "?") tell();
  return key === "?";
}

function go(row, to) {
  const rows = [...document.querySelectorAll(".row")].filter((each) => each.checkVisibility());
  const last = rows.length - 1;
  const next = rows[Math.max(0, Math.min(last, to(rows.indexOf(row), last)))];
  next?.querySelector("a").focus();
  return true;
}

async function tell() {
  (await import("./help.js")).showHelp();
}
