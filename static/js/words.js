// What scripts say, in the language of the page: its translations stand in the page; English is the source.
const told = document.getElementById("words");
const words = told ? JSON.parse(told.textContent) : {};
const language = document.documentElement.lang;

// The reader's own way to write dates and figures, as far as it is one of this language.
export const locale = navigator.languages.find((each) => each.split("-")[0] === language) ?? language;

export function _(text, values = {}) {
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (field, name) => values[name] ?? field);
}
