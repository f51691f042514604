// Opens pages in Chromium at the size of a phone and tells what is there.
//
// Reads {chromium, home, resolve, views: [{url, width, height, dark, scale, script, picture}]} and
// writes, for each view, what `look` gives.
import { readFileSync } from "node:fs";
import axe from "axe-core";
import puppeteer from "puppeteer-core";

const asked = JSON.parse(readFileSync(0, "utf8"));

const browser = await puppeteer.launch({
  executablePath: asked.chromium,
  userDataDir: asked.home,
  acceptInsecureCerts: true,
  protocolTimeout: 0,
  timeout: 0,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    `--host-resolver-rules=${asked.resolve}`,
  ],
});

// Runs in the page. Heights are of the first screen; what tabs reach comes in their order.
function measure() {
  const box = (query) => document.querySelector(query)?.getBoundingClientRect().toJSON() ?? null;
  const wide = [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 0.5)
    .map((each) => each.tagName);
  return {
    title: document.title,
    lang: document.documentElement.lang,
    headings: [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((each) => each.tagName),
    landmarks: ["header", "main", "footer"].filter((each) => document.querySelector(each)),
    headline: box("h1"),
    width: document.documentElement.scrollWidth,
    wide,
    background: getComputedStyle(document.querySelector(".verdict")).backgroundColor,
    text: document.body.innerText,
  };
}

async function focused(page) {
  const reached = [];
  for (let each = 0; each < 12; each += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const now = document.activeElement;
      if (!now || now === document.body) return null;
      const style = getComputedStyle(now);
      return {
        tag: now.tagName,
        text: now.innerText.slice(0, 20),
        outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        height: now.getBoundingClientRect().height,
      };
    });
    if (found === null) break;
    reached.push(found);
  }
  return reached;
}

async function look(view) {
  const page = await browser.newPage();
  const requests = [];
  const complaints = [];
  page.on("request", (request) => requests.push([request.method(), request.url()]));
  page.on("console", (message) => complaints.push(message.text()));
  await page.setJavaScriptEnabled(view.script);
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: view.dark ? "dark" : "light" },
  ]);
  await page.setViewport({
    width: view.width, height: view.height, deviceScaleFactor: view.pixels, isMobile: true,
  });
  page.setDefaultTimeout(0); // whoever runs this has a limit; a busy machine is no fault of the page
  const answer = await page.goto(view.url, { waitUntil: "load" });
  await page.setJavaScriptEnabled(true); // for the measuring alone; the page has none
  if (view.scale !== 1) {
    await page.evaluate((scale) => {
      document.documentElement.style.fontSize = `${100 * scale}%`;
    }, view.scale);
  }
  if (view.open) {
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
  }
  const found = await page.evaluate(measure);
  await page.screenshot({ path: view.picture });
  if (view.whole) await page.screenshot({ path: view.whole, fullPage: true });
  const focus = await focused(page);
  await page.evaluate(axe.source);
  const checked = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    return globalThis.axe.run(document, { runOnly: tags });
  });
  await page.close();
  const told = (rules) =>
    rules.map((rule) => [rule.id, rule.nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`)]);
  return {
    ...found,
    status: answer.status(),
    requests,
    complaints,
    focus,
    violations: told(checked.violations),
    unsure: told(checked.incomplete),
    passed: checked.passes.map((rule) => rule.id),
  };
}

const seen = [];
for (const view of asked.views) seen.push(await look(view));
await browser.close();
process.stdout.write(JSON.stringify(seen));
