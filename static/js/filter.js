// Finding services as one types, and keeping one's own first; all of it stands in the address, so that it can be shared.
import { askKeys } from "./keys.js";
import { kept, keep, addressed } from "./mine.js";
import { morph } from "./morph.js";
import { _ } from "./words.js";

const NAMES = ["q", "show", "kind", "vendor"];

export function offerFilter(form) {
  if (!form) return;
  const asked = new URLSearchParams(location.search);
  for (const name of NAMES) if (asked.get(name)) form[name].value = asked.get(name);
  if (form.show.value !== "problems") form.show.value = "all";
  const wanted = addressed(asked) ?? kept();
  form.hidden = false;
  form.querySelector("button:not(.keys)").hidden = true;

  const apply = () => {
    for (const row of document.querySelectorAll(".row")) row.hidden = !fits(row, form);
    for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector(".row:not([hidden])");
    const all = document.querySelectorAll(".group:not(.mine) .row").length;
    const shown = document.querySelectorAll(".group:not(.mine) .row:not([hidden])").length;
    form.querySelector("output").textContent = shown === all ? "" : shown ? _("{number} shown", { number: shown }) : _("None to show");
    form.querySelector(".all").hidden = shown === all;
    write(form, wanted);
  };
  const clear = () => {
    for (const name of NAMES) form[name].value = name === "show" ? "all" : "";
    apply();
  };
  const renew = () => {
    gather(wanted);
    apply();
  };
  form.addEventListener("input", ({ target }) => NAMES.includes(target.name) && apply());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector(".all").addEventListener("click", (event) => {
    event.preventDefault();
    clear();
    form.q.focus();
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".star")) return;
    const at = wanted.indexOf(target.value);
    if (at < 0) wanted.push(target.value);
    else wanted.splice(at, 1);
    keep(wanted);
    const wasMine = target.closest(".mine");
    renew();
    if (wasMine) document.querySelector(`.group:not(.mine) .star[value="${CSS.escape(target.value)}"]`).focus();
  });
  document.addEventListener("stillup:renewed", renew);
  askKeys(form, clear);
  if (wanted.length || NAMES.some((name) => asked.get(name))) renew();
}

function fits(row, form) {
  const of = row.dataset.of.split(" ");
  const named = row.querySelector("a").textContent.toLowerCase().includes(form.q.value.trim().toLowerCase());
  const isOf = [form.kind.value, form.vendor.value].every((each) => !each || of.includes(each));
  return named && isOf && !(form.show.value === "problems" && row.classList.contains("up"));
}

// Shows the wanted services once more above all others, in their owner's order.
function gather(wanted) {
  const stars = [...document.querySelectorAll(".group:not(.mine) .star")];
  for (const star of stars) {
    star.checked = wanted.includes(star.value);
    star.disabled = false; // without a script, those that stand above as well are taken off there
  }
  const rows = wanted.map((id) => stars.find((star) => star.value === id)?.closest(".row")).filter(Boolean);
  const list = document.querySelector(".mine ul");
  const made = list.cloneNode(false);
  made.append(...rows.map((row) => row.cloneNode(true)));
  morph(list, made); // keeps the focus
  for (const star of list.querySelectorAll(".star")) star.checked = true;
}

function write(form, wanted) {
  const address = new URL(location.href);
  for (const name of NAMES) set(address, name, name === "show" && form.show.value === "all" ? "" : form[name].value.trim());
  set(address, "mine", wanted.join(","));
  address.search = address.search.replaceAll("%2C", ",");
  history.replaceState(null, "", address);
}

function set(address, name, value) {
  if (value) address.searchParams.set(name, value);
  else address.searchParams.delete(name);
}
