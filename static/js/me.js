// "Is it me?": asks the addresses that the page lists when the button is pressed, and shows the answer that the
// server made for what was reached; looks an error message up without sending it anywhere.
import { LATE_MS, reachOf } from "./reach.js";
import { keepTimes } from "./times.js";

const PATIENCE_MS = 8_000;
const REPORTED_MS = 150; // A refused redirect is reported a moment after it has failed.

offerAsking(document.getElementById("ask"), document.getElementById("judged"));
offerLookingUp(document.querySelector("form.error"), document.getElementById("meant"));

function offerAsking(box, judged) {
  if (!box) return;
  const button = box.querySelector("button");
  const rows = [...box.querySelectorAll("[data-url]")];
  button.addEventListener("click", async () => {
    button.disabled = true;
    const asked = (await Promise.all(rows.map(askRow))).filter(Boolean);
    const answers = await newestAnswers(judged.dataset.service);
    show(answers.querySelector(`template[data-reach~="${reachOf(asked)}"]`).content, judged);
    judged.querySelector("h1").focus({ preventScroll: true });
    judged.scrollIntoView();
    keepTimes(judged);
    button.disabled = false;
  });
  box.hidden = judged.querySelector(".to-ask").hidden = false;
}

// A page that came over TLS cannot ask without it; that says nothing about whom it would have asked.
async function askRow(row) {
  const { role, url } = row.dataset;
  const told = row.querySelector("output");
  told.textContent = "…";
  row.className = "";
  if (location.protocol === "https:" && url.startsWith("http:")) {
    told.textContent = told.dataset.skipped;
    return null;
  }
  const ms = await ask(url);
  row.className = ms === null ? "no" : ms < LATE_MS ? "ok" : "late";
  told.textContent = ms === null ? told.dataset.no : `${told.dataset[row.className]}, ${ms} ms`;
  return { role, url, ms };
}

// How long until something answered, whatever it said; null where nothing did. An answer that sends the browser
// on to a host that this page may not ask is an answer: the browser refuses to follow, and reports that.
async function ask(url) {
  const asked = new URL(url, location.href);
  const mode = asked.origin === location.origin ? "same-origin" : "no-cors";
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const started = performance.now();
  let redirected = null;
  const listen = ({ blockedURI }) => {
    if (blockedURI.startsWith(asked.origin)) redirected ??= performance.now();
  };
  document.addEventListener("securitypolicyviolation", listen);
  try {
    await fetch(asked, { mode, signal, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
    return Math.round(performance.now() - started);
  } catch {
    await new Promise((resolve) => setTimeout(resolve, REPORTED_MS));
    return redirected && Math.round(redirected - started);
  } finally {
    document.removeEventListener("securitypolicyviolation", listen);
  }
}

// What is known may have changed since this page was loaded; without a connection it stands as it was.
async function newestAnswers(service) {
  try {
    return await fetchPage(`/me?service=${encodeURIComponent(service)}`);
  } catch {
    return document;
  }
}

function offerLookingUp(form, meant) {
  let book;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      book ??= await fetchPage(form.dataset.book);
      const patterns = JSON.parse(book.getElementById("patterns").textContent);
      const found = patterns.find(([pattern]) => new RegExp(pattern, "i").test(form.error.value));
      show(found ? book.getElementById(found[1]) : document.getElementById("not-meant").content, meant);
    } catch {
      show(document.getElementById("no-book").content, meant);
    }
  });
}

async function fetchPage(path) {
  const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function show(part, place) {
  place.replaceChildren(document.importNode(part, true));
}
