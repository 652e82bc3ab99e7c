// What this browser remembers for us; where storage is refused or full, it remembers nothing, and says nothing.
export function recalled(name) {
  try {
    return localStorage.getItem(`stillup.${name}`) ?? "";
  } catch {
    return "";
  }
}

export function remember(name, text) {
  try {
    if (text) localStorage.setItem(`stillup.${name}`, text);
    else localStorage.removeItem(`stillup.${name}`);
  } catch {
    // What is shown stays as it is; only the next visit does not know of it.
  }
}
