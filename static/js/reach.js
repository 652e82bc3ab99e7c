// What a browser reaches, by what it asked: the word that an answer of the page stands under.
export const LATE_MS = 3_000;
export const OWN_LATE_MS = 1_500;
const DOORS = new Set(["home", "check", "icon"]);

// `asked` has a role, a url and the milliseconds until something answered for each address; null where nothing did.
// A host counts as reached as soon as one of its addresses is.
export function reachOf(asked) {
  if (asked.every(({ ms }) => ms === null)) return "offline";
  const doors = soonestByHost(asked.filter(({ role }) => DOORS.has(role)));
  const open = doors.filter((ms) => ms !== null);
  if (!doors.length) return "not_asked";
  if (!open.length) {
    const others = asked.filter(({ role }) => role !== "us" && !DOORS.has(role));
    return others.length && others.every(({ ms }) => ms === null) ? "only_us" : "no_door";
  }
  if (open.length < doors.length) return "some_doors";
  if (Math.min(...open) < LATE_MS) return "all_doors";
  return asked.some(({ role, ms }) => role === "us" && ms >= OWN_LATE_MS) ? "slow_line" : "slow_doors";
}

function soonestByHost(asked) {
  const hosts = new Map();
  for (const { url, ms } of asked) {
    const host = new URL(url).host;
    const before = hosts.get(host) ?? null;
    hosts.set(host, before === null ? ms : ms === null ? before : Math.min(before, ms));
  }
  return [...hosts.values()];
}
