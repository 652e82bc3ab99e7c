// Keeps the page true while it stands open: listens to what changes, and has it told anew where that concerns it.
import { morph } from "./morph.js";
import { offerReadouts } from "./readout.js";
import { tellTimes } from "./times.js";
import { _ } from "./words.js";

const MINUTE = 60_000, SILENT_AFTER = MINUTE, MOST_WAIT = 5 * MINUTE;
const concerns = new Set(document.querySelector("main").dataset.live?.split(" "));

let source = null, tries = 0, heard = "", contact = Date.now(), read = Date.now(), again, renewing = false, wanted = false;

// Of when the server's own board is, where it can make no newer one.
let stuck = null;

// Says aloud what changed, and that the page is old.
let voice, note;

export function keepTrue() {
  if (!concerns.size) return;
  [note, voice] = [made("silent"), made("unseen")];
  note.hidden = true;
  listen();
  setInterval(tick, 5_000);
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : resume()));
  addEventListener("online", resume);
}

function listen() {
  stop();
  source = new EventSource(`/events${heard && `?since=${encodeURIComponent(heard)}`}`);
  source.addEventListener("pulse", touched);
  source.addEventListener("changed", (event) => {
    touched(event);
    const { services, vendors, incidents } = JSON.parse(event.data);
    if (concerns.has("all") || [...services, ...vendors, ...incidents].some((id) => concerns.has(id))) soon();
  });
  source.addEventListener("reset", (event) => {
    touched(event);
    soon();
  });
  source.addEventListener("error", () => {
    // A browser tries again by itself after a stream was cut, but not after it was refused.
    if (source?.readyState === EventSource.CLOSED) later(listen);
  });
}

function touched({ lastEventId, data }) {
  const { made_at, is_stale } = JSON.parse(data);
  if (is_stale !== undefined) stuck = is_stale ? Date.parse(made_at) : null;
  heard = lastEventId || heard;
  contact = Date.now();
  tries = 0;
  tell();
}

function later(what) {
  stop();
  const wait = Math.min(MOST_WAIT, 2_000 * 2 ** tries++);
  again = setTimeout(what, wait * (0.5 + Math.random()));
}

function stop() {
  clearTimeout(again);
  source?.close();
  source = null;
}

function resume() {
  if (document.hidden) return;
  if (!source) listen();
  renew();
}

// Not all who look ask at one moment.
function soon() {
  setTimeout(renew, 500 * Math.random());
}

function tick() {
  tell();
  if (!document.hidden && Date.now() - read > MINUTE) renew();
}

async function renew() {
  wanted = renewing;
  if (renewing) return;
  renewing = true;
  read = Date.now();
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    contact = Date.now();
    tell();
  } catch {
    // Without a network nothing is renewed; the page says so itself once it is old.
  } finally {
    renewing = false;
    if (wanted) renew();
  }
}

function show(now) {
  const sheet = "link[rel=stylesheet]";
  if (now.querySelector(sheet).href !== document.querySelector(sheet).href) return location.reload(); // a newer version
  const headline = document.querySelector("h1").textContent;
  morph(document.querySelector("main"), now.querySelector("main"));
  morph(document.querySelector(".own") ?? document.createElement("p"), now.querySelector(".own") ?? document.createElement("p"));
  document.title = now.title;
  document.querySelector("link[rel=icon]").href = now.querySelector("link[rel=icon]").href;
  tellTimes(document);
  offerReadouts(document);
  const told = document.querySelector("h1").textContent;
  if (told !== headline) voice.textContent = told;
  document.dispatchEvent(new Event("stillup:renewed"));
}

function tell() {
  const text = trouble();
  note.hidden = !text;
  if (note.textContent !== text) note.textContent = text;
}

function trouble() {
  const minutes = (since) => ({ minutes: Math.max(0, Math.floor((Date.now() - since) / MINUTE)) });
  if (Date.now() - contact >= SILENT_AFTER) return _("No contact with Stillup for {minutes} min: below stands what was known then. Trying again.", minutes(contact));
  if (stuck) return _("Stillup has trouble of its own: below stands what was known {minutes} min ago.", minutes(stuck));
  return "";
}

function made(name) {
  const element = document.createElement("p");
  element.className = name;
  element.role = "status";
  element.dataset.ours = "";
  document.querySelector("main").prepend(element);
  return element;
}
