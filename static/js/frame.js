// Keeps the frame in a page of others true: it is read again every minute while somebody sees it.
import { keepTimes, tellTimes } from "./times.js";

const MINUTE = 60_000;

async function renew() {
  if (document.hidden) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [now, then] = [made.querySelector("main"), document.querySelector("main")];
  if (now.innerHTML === shown) return;
  shown = now.innerHTML;
  then.replaceChildren(...now.childNodes);
  document.title = made.title;
  tellTimes(then);
}

let shown = document.querySelector("main").innerHTML;
keepTimes(document);
setInterval(renew, MINUTE);
