// What a page gains by JavaScript; without it every page is whole.

const localTimes = () => {
  const sameDay = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
  const otherDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  for (const time of document.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    const isToday = moment.toDateString() === new Date().toDateString();
    time.title = moment.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" });
    time.textContent = (isToday ? sameDay : otherDay).format(moment);
  }
};

const find = () => {
  const form = document.querySelector(".find");
  if (!form) return;
  const [text, problems] = form.querySelectorAll("input");
  const kept = new URLSearchParams(location.search);
  text.value = kept.get("q") ?? "";
  problems.checked = kept.has("problems");
  const show = () => {
    const wanted = text.value.trim().toLowerCase();
    for (const row of document.querySelectorAll(".row")) {
      row.hidden = !row.dataset.name.includes(wanted) || (problems.checked && row.dataset.status === "up");
    }
    for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector(".row:not([hidden])");
    const query = new URLSearchParams();
    if (wanted) query.set("q", wanted);
    if (problems.checked) query.set("problems", "");
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", show);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input")) { event.preventDefault(); text.focus(); }
  });
  if (text.value || problems.checked) show();
};

const WORDS = { d: "down", g: "trouble", u: "not known" };

const read = (bar, index) => {
  const date = new Date(`${bar.dataset.end}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - (89 - index));
  const day = date.toLocaleDateString(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
  const note = bar.dataset.days.split(",").find((each) => Number.parseInt(each, 10) === index);
  if (note === undefined) return `${day}: worked`;
  const [, letter, uptime] = /^\d+([dgu]?)([\d.]*)$/.exec(note);
  return `${day}: ${letter ? WORDS[letter] : "not watched yet"}${uptime ? `, ${uptime} % uptime` : ""}`;
};

const readOuts = () => {
  const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
  document.body.append(tip);
  document.addEventListener("pointermove", (event) => {
    const bar = event.target.closest?.(".bar");
    tip.hidden = !bar;
    if (!bar) return;
    const box = bar.getBoundingClientRect();
    const index = Math.min(89, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * 90)));
    tip.textContent = read(bar, index);
    const left = Math.min(event.clientX + 12, document.documentElement.clientWidth - tip.offsetWidth - 8);
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${box.bottom + 4 + scrollY}px`;
  });
};

localTimes();
find();
readOuts();
