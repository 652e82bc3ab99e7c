// Moments in the reader's own time zone, and spans that stay true while the page stands open.
const MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
const ofToday = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const ofOtherDays = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export function keepTimes(root) {
  const times = [...root.querySelectorAll("time[datetime]")];
  const tell = () => times.forEach((time) => told(time, new Date()));
  tell();
  setInterval(tell, 20_000);
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
  if (seconds < MINUTE) return long ? "under 1 min" : "1 min";
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < DAY) return two(seconds, HOUR, "h", MINUTE, "min", long);
  return two(seconds, DAY, "d", HOUR, "h", long && seconds < 10 * DAY);
}

function two(seconds, unit, name, part, partName, long) {
  const whole = `${Math.floor(seconds / unit)} ${name}`;
  const rest = Math.floor((seconds % unit) / part);
  return long && rest ? `${whole} ${rest} ${partName}` : whole;
}
