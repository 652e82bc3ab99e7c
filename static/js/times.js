// Moments in the reader's own time zone, and spans that stay true while the page stands open.
import { _, locale } from "./words.js";

const MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "long" });
const ofToday = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const ofOtherDays = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export function keepTimes(root) {
  tellTimes(root);
  setInterval(tellTimes, 20_000, root);
}

export function tellTimes(root) {
  const now = new Date();
  for (const time of root.querySelectorAll("time[datetime]")) told(time, now);
  for (const mark of root.querySelectorAll("[data-hour]")) mark.textContent = ofToday.format(new Date(mark.dataset.hour));
}

function told(time, now) {
  const at = new Date(time.dateTime);
  time.title = exact.format(at);
  const text = "ago" in time.dataset
    ? span((now - at) / 1000, time.dataset.ago === "long")
    : (at.toDateString() === now.toDateString() ? ofToday : ofOtherDays).format(at);
  if (time.textContent !== text) time.textContent = text;
}

// The same words as the server's.
function span(seconds, long) {
  if (seconds < MINUTE && long) return _("under 1 min");
  if (seconds < HOUR) return _("{minutes} min", { minutes: Math.max(1, Math.floor(seconds / MINUTE)) });
  const days = Math.floor(seconds / DAY);
  const hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  if (days) return long && hours && days < 10 ? _("{days} d {hours} h", { days, hours }) : _("{days} d", { days });
  return long && minutes ? _("{hours} h {minutes} min", { hours, minutes }) : _("{hours} h", { hours });
}
