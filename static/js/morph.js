// Makes a part of the page like another one, and leaves in place what is the same: so focus, scroll, what was typed
// and what was opened stay. What scripts added (`data-ours`) and what readers change (OURS) is let alone.
const OURS = new Set(["hidden", "open", "style", "title"]);

export function morph(old, now) {
  if (old.isEqualNode(now)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = now.data;
    return;
  }
  if (old.localName === "time") {
    // Its text was told anew for the reader; only another moment is another time.
    if (["datetime", "data-ago"].some((name) => old.getAttribute(name) !== now.getAttribute(name))) old.replaceWith(now);
    return;
  }
  for (const name of old.getAttributeNames()) if (!now.hasAttribute(name) && !OURS.has(name)) old.removeAttribute(name);
  for (const name of now.getAttributeNames()) {
    if (!OURS.has(name) && old.getAttribute(name) !== now.getAttribute(name)) old.setAttribute(name, now.getAttribute(name));
  }
  const left = [...old.childNodes].filter((each) => !("ours" in (each.dataset ?? {})));
  let place = left[0] ?? null;
  for (const wanted of [...now.childNodes]) {
    const found = left.find((each) => isSame(each, wanted));
    if (!found) {
      old.insertBefore(wanted, place);
      continue;
    }
    left.splice(left.indexOf(found), 1);
    if (found === place) place = next(found);
    else old.insertBefore(found, place);
    morph(found, wanted);
  }
  for (const gone of left) gone.remove();
}

// The next sibling that is not a script's.
function next(node) {
  let sibling = node.nextSibling;
  while (sibling && "ours" in (sibling.dataset ?? {})) sibling = sibling.nextSibling;
  return sibling;
}

function isSame(one, other) {
  return one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
}

// What a part is about: its own id, what its heading says, where its first link leads; else what kind of part it is.
function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  if (node.id) return node.id;
  if (node.matches("details")) return node.querySelector("summary h2")?.textContent ?? "";
  if (node.matches("li, article")) return node.querySelector("a[href]")?.getAttribute("href") ?? "";
  return node.classList[0] ?? "";
}
