// <stillup-status service="chatgpt">: see docs/embeds.md
(() => {
  const script = document.currentScript, tag = "stillup-status", sheet = new CSSStyleSheet();
  const shapes = { up: "✓", degraded: "▲", down: "■", unknown: "?", maintenance: "◆" };
  const make = (name) => document.createElement(name);
  sheet.replaceSync(`a { color: inherit; text-decoration: none } a:hover { text-decoration: underline }
i { font-style: normal; color: #7a7a7a } .up { color: #3d8a6c } .degraded { color: #b5750c }
.down { color: #d9412e } .maintenance { color: #4f7fd1 }`);

  class Status extends HTMLElement {
    connectedCallback() {
      if (!this.link) {
        const root = this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [sheet];
        root.append(this.link = make("a"));
        this.link.append(this.shape = make("i"), this.words = new Text());
        this.link.target = "_blank";
        this.shape.ariaHidden = true;
      }
      this.timer = setInterval(() => document.hidden || this.ask(), 6e4);
      this.ask();
    }
    disconnectedCallback() { clearInterval(this.timer); }
    async ask() {
      const id = this.getAttribute("service"), at = new URL(`embed/${encodeURIComponent(id)}.json`, script.src);
      const told = await fetch(at).then((answer) => answer.json()).catch(() => 0);
      const { name, status, since_at, url, simulated } = told.name ? told : { name: id, status: "unknown", url: script.src + "/.." };
      const when = { dateStyle: "medium", timeStyle: "short" };
      const since = since_at ? ` since ${new Date(since_at).toLocaleString([], when)}` : "";
      this.link.href = url;
      this.shape.className = status;
      this.shape.textContent = shapes[status];
      this.words.data = ` ${name}: ${status}${since}${simulated ? " (simulated)" : ""}`;
    }
  }
  customElements.get(tag) || customElements.define(tag, Status);
  const { service } = script.dataset, made = make(tag);
  made.setAttribute("service", service);
  if (service) script.after(made);
})();
