// Finding a service by its name, and showing only those in trouble; kept in the address, so that it can be shared.
import { _ } from "./words.js";

export function offerFilter(form) {
  if (!form) return;
  const asked = new URLSearchParams(location.search);
  form.q.value = asked.get("q") ?? "";
  form.show.value = asked.get("show") === "problems" ? "problems" : "all";
  form.hidden = false;

  const apply = () => {
    const rows = [...document.querySelectorAll(".row")];
    const sought = form.q.value.trim().toLowerCase();
    const onlyProblems = form.show.value === "problems";
    for (const row of rows) {
      const fits = row.querySelector("a").textContent.toLowerCase().includes(sought);
      row.hidden = !fits || (onlyProblems && row.classList.contains("up"));
    }
    const shown = rows.filter((row) => !row.hidden).length;
    for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector(".row:not([hidden])");
    form.querySelector("output").textContent = shown === rows.length ? "" : shown ? _("{number} shown", { number: shown }) : _("None to show");
    const address = new URL(location.href);
    set(address, "q", sought);
    set(address, "show", onlyProblems ? "problems" : "");
    history.replaceState(null, "", address);
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  const applyIfAsked = () => (form.q.value || form.show.value === "problems") && apply();
  document.addEventListener("stillup:renewed", applyIfAsked);
  applyIfAsked();
}

function set(address, name, value) {
  if (value) address.searchParams.set(name, value);
  else address.searchParams.delete(name);
}
