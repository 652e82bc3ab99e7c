// What a chart says where it is touched: the row of its table for that place; in the overview, of its history.
import { _, locale } from "./words.js";

const ofDays = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
const figures = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 });
const states = { up: _("up"), degraded: _("degraded"), down: _("down"), unknown: _("unknown"), maintenance: _("maintenance") };

export function offerReadouts(root) {
  for (const figure of root.querySelectorAll("[data-readout]")) {
    offer(figure.querySelector("svg"), figure, () => cellsIn(figure));
  }
  for (const bar of root.querySelectorAll(".row .bar")) {
    const row = bar.closest(".row");
    offer(bar, row, remembered(() => fetchCells(row.querySelector("a").pathname)));
  }
}

function cellsIn(figure) {
  return [...figure.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent).join(" · "));
}

function offer(svg, box, cellsOf) {
  const note = document.createElement("div");
  note.className = "readout";
  note.dataset.ours = "";
  note.hidden = true;
  note.ariaHidden = "true";
  let last = 0;
  const show = async (event) => {
    const turn = ++last;
    const cells = await cellsOf();
    if (turn !== last || !cells.length) return;
    const area = svg.getBoundingClientRect();
    const place = Math.floor(((event.clientX - area.left) / area.width) * cells.length);
    note.textContent = cells[Math.min(cells.length - 1, Math.max(0, place))];
    note.hidden = false;
    const frame = box.getBoundingClientRect();
    const left = event.clientX - frame.left - note.offsetWidth / 2;
    note.style.left = `${Math.max(0, Math.min(left, frame.width - note.offsetWidth))}px`;
  };
  box.append(note);
  box.addEventListener("pointermove", (event) => (within(event, svg) ? show(event) : hide()));
  box.addEventListener("pointerleave", () => hide());
  const hide = () => {
    last += 1;
    note.hidden = true;
  };
}

function within(event, svg) {
  const area = svg.getBoundingClientRect();
  return event.clientX >= area.left && event.clientX < area.right && event.clientY >= area.top && event.clientY < area.bottom;
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
