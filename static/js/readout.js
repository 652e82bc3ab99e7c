// What a chart says where it is touched, or under the keys: the row of its table for that place; in the overview, of
// its history.
import { _, locale } from "./words.js";

const ofDays = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
const figures = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 });
const states = { up: _("up"), degraded: _("degraded"), down: _("down"), unknown: _("unknown"), maintenance: _("maintenance") };
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -7, PageUp: 7, Home: -Infinity, End: Infinity };

let shown = null;

export function offerReadouts(root) {
  for (const figure of root.querySelectorAll("[data-readout]")) {
    if (!figure.querySelector(".reader")) offerReader(figure);
  }
  for (const bar of root.querySelectorAll(".row .bar")) {
    const row = bar.closest(".row");
    if (row.querySelector(".readout")) continue;
    const note = noteIn(row);
    const cells = remembered(() => fetchCells(row.querySelector("a").pathname));
    onPointer(row, bar, (share) => note.show(cells, share, bar), note.hide);
  }
}

// Lies over a chart, and is what has the focus: for a screen reader a slider along the time.
function offerReader(figure) {
  const svg = figure.querySelector("svg");
  const reader = ours("reader");
  reader.tabIndex = 0;
  reader.role = "slider";
  reader.ariaReadOnly = "true";
  reader.ariaLabel = svg.getAttribute("aria-label");
  const note = noteIn(figure);
  const cells = () => cellsIn(figure);
  let place = cells().length - 1;
  const tell = () => {
    reader.ariaValueMin = "0";
    reader.ariaValueMax = String(cells().length - 1);
    reader.ariaValueNow = String(place);
    reader.ariaValueText = cells()[place] ?? "";
  };
  const read = () => {
    tell();
    return note.show(cells, (place + 0.5) / cells().length, svg);
  };
  tell();
  svg.after(reader);
  onPointer(figure, svg, (share) => {
    place = placeOf(share, cells().length);
    return read();
  }, note.hide);
  reader.addEventListener("focus", () => reader.matches(":focus-visible") && read());
  reader.addEventListener("blur", note.hide);
  reader.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    place = Math.min(cells().length - 1, Math.max(0, place + STEPS[event.key]));
    read();
  });
}

function onPointer(box, svg, show, hide) {
  const moved = (event) => {
    const area = svg.getBoundingClientRect();
    const isWithin = event.clientX >= area.left && event.clientX < area.right && event.clientY >= area.top && event.clientY < area.bottom;
    return isWithin ? show((event.clientX - area.left) / area.width) : hide();
  };
  box.addEventListener("pointermove", moved);
  box.addEventListener("pointerdown", moved);
  // A finger that is lifted leaves, too: what it asked for stays until something else is touched.
  box.addEventListener("pointerleave", (event) => event.pointerType === "touch" || hide());
}

function noteIn(box) {
  const note = ours("readout");
  note.hidden = true;
  note.ariaHidden = "true";
  const mark = ours("here");
  mark.hidden = true;
  box.append(mark, note);
  let last = 0;
  const hide = () => {
    last += 1;
    note.hidden = mark.hidden = true;
  };
  const show = async (cellsOf, share, svg) => {
    const turn = ++last;
    const cells = await cellsOf();
    if (turn !== last || !cells.length) return;
    if (shown !== hide) shown?.();
    shown = hide;
    const place = placeOf(share, cells.length);
    note.textContent = cells[place];
    note.hidden = mark.hidden = false;
    const frame = box.getBoundingClientRect();
    const area = svg.getBoundingClientRect();
    const middle = area.left - frame.left + ((place + 0.5) / cells.length) * area.width;
    Object.assign(mark.style, { left: `${middle}px`, top: `${area.top - frame.top}px`, height: `${area.height}px` });
    note.style.left = `${Math.max(0, Math.min(middle - note.offsetWidth / 2, frame.width - note.offsetWidth))}px`;
  };
  return { show, hide };
}

function ours(name) {
  const made = document.createElement("div");
  made.className = name;
  made.dataset.ours = "";
  return made;
}

function placeOf(share, count) {
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

function cellsIn(figure) {
  const heads = [...figure.querySelectorAll("thead th")].map((head) => head.textContent);
  return [...figure.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell, column) => named(heads[column], cell, column)).join(" · "));
}

// A figure needs its name; a word speaks for itself, and the first cell is when.
function named(head, { textContent }, column) {
  return column && /^[\d–]/.test(textContent) ? `${head} ${textContent}` : textContent;
}

function remembered(load) {
  let loaded;
  return () => (loaded ??= load());
}

async function fetchCells(path) {
  const ending = document.documentElement.dataset.json ?? "";
  const answer = await fetch(`/api/v1${path}${ending}`);
  if (!answer.ok) return [];
  const { days } = await answer.json();
  return days.map(({ start_at, status, uptime, coverage }) => {
    const day = ofDays.format(new Date(start_at));
    if (coverage === null) return [day, _("not watched yet")].join(" · ");
    if (uptime === null) return [day, states[status]].join(" · ");
    const percent = figures.format(Math.floor(uptime * 10_000) / 100);
    return [day, states[status], _("{percent} % up", { percent })].join(" · ");
  });
}
