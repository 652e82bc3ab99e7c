// A copy cannot tell that it is no longer made anew; whoever reads it can, by its age.
const note = document.querySelector(".copied");
const madeAt = new Date(note.querySelector("time").dateTime);

const tell = () => {
  const isStale = (Date.now() - madeAt) / 1000 > Number(note.dataset.staleAfter);
  note.classList.toggle("stale", isStale);
  note.querySelector("strong").hidden = !isStale;
};
tell();
setInterval(tell, 20_000);
