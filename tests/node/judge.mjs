/* What Lighthouse gives a page, seen at a moment of our choosing: `node judge.mjs URL MOMENT CHROMIUM FLAG...` */
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const [url, moment, executablePath, ...args] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath, args });
const page = await browser.newPage();
await page.evaluateOnNewDocument((ahead) => {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...parts) {
      parts.length ? super(...parts) : super(Real.now() + ahead);
    }
    static now() {
      return Real.now() + ahead;
    }
  };
}, Date.parse(moment) - Date.now());
const onlyCategories = ["performance", "accessibility", "best-practices", "seo"];
const { lhr } = await lighthouse(url, { onlyCategories, logLevel: "error" }, undefined, page);
await browser.close();
const failed = Object.values(lhr.audits).filter((each) => each.score !== null && each.score < 0.9);
console.log(
  JSON.stringify({
    scores: Object.values(lhr.categories).map((each) => [each.id, Math.round(100 * each.score)]),
    failed: failed.map((each) => `${each.id}: ${each.displayValue ?? each.title}`),
  }),
);
