// Which services are mine, kept in this browser; where it keeps nothing, the address still does.
const KEY = "stillup.mine";

export function kept() {
  try {
    return ids([localStorage.getItem(KEY) ?? ""]);
  } catch {
    return [];
  }
}

export function keep(wanted) {
  try {
    if (wanted.length) localStorage.setItem(KEY, wanted.join(","));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is refused or full: the address has it.
  }
}

// Those of an address, or null where it names none.
export function addressed(asked) {
  return asked.has("mine") ? ids(asked.getAll("mine")) : null;
}

function ids(texts) {
  return [...new Set(texts.flatMap((text) => text.split(",")).map((each) => each.trim()).filter(Boolean))];
}
