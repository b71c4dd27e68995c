// Opens a report in Chromium: node browser.mjs PAGE DATA FOLDER [--pictures]. Prints a line for each fault, then how many
// things it looked at. With --pictures, screenshots and a print go to FOLDER.
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [page, data, folder, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const report = JSON.parse(readFileSync(data, "utf8"));
report.about.command = report.about.command.replace(/ --format json$/, "");
const faults = [];
let checks = 0;
const check = (holds, text) => {
  checks += 1;
  if (!holds) faults.push(text);
};

// The words for a value, written a second time: what the page shows is compared with these.
const WORDS = {
  count: (n) => (n === null ? "–" : String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ",")),
  share: (x) => (x === null ? "–" : x > 0 && x < 0.1 ? `${(100 * x).toFixed(2)} %` : `${(100 * x).toFixed(1)} %`),
  points: (x) => (x === null ? "–" : `${x > 0 ? "+" : x < 0 ? "−" : "±"}${Math.abs(100 * x).toFixed(Math.abs(x) < 0.01 ? 3 : 2)} points`),
  chance: (p) => (p === null ? "–" : p < 0.001 ? "< 0.001" : p.toFixed(3)),
  text: (t) => String(t),
  day: (d) => (d === null ? "–" : d),
  instant: (at) => (at === null ? "–" : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`),
  duration(us) {
    if (us === null) return "–";
    const sizes = [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000], names = ["day", "h", "min", "s"];
    let at = sizes.findIndex((size) => us >= size);
    if (at < 0) return "0 s";
    const down = sizes[Math.min(at + 1, 3)], near = Math.round(us / down) * down;
    at = sizes.findIndex((size) => near >= size);
    const whole = Math.floor(near / sizes[at]), rest = at < 3 ? Math.round((near % sizes[at]) / sizes[at + 1]) : 0;
    const first = at === 0 ? `${whole} day${whole === 1 ? "" : "s"}` : `${whole} ${names[at]}`;
    return rest > 0 ? `${first} ${rest} ${names[at + 1]}` : first;
  },
};
const valueAt = (pointer) => pointer.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
  .reduce((value, key) => (value === undefined ? value : value[key]), report);

async function opened(browser, options) {
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  const asked = [];
  tab.on("request", (request) => request.url().startsWith("file:") || asked.push(request.url()));
  tab.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(`console: ${message.text()}`));
  tab.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  await tab.goto(pathToFileURL(page).href);
  await tab.waitForSelector("html[data-drawn]");
  return { tab, asked, context };
}

/** Every number that the page shows is the one of the data, in the words that were agreed on. */
async function numbers(tab) {
  const shown = await tab.$$eval("[data-path]", (all) => all.map((each) => [each.dataset.path, each.dataset.how, each.textContent]));
  check(shown.length > 100, `only ${shown.length} figures`);
  for (const [path, how, text] of shown) {
    const value = valueAt(path);
    check(value !== undefined && WORDS[how](value) === text, `${path} is ${JSON.stringify(value)}, and the page says "${text}"`);
  }
  const marked = new Set(await tab.$$eval("[data-path].assumed", (all) => all.map((each) => each.dataset.path)));
  const hanging = new Set(report.assumed?.figures.map((figure) => figure.at));
  for (const [path] of shown) check(marked.has(path) === hanging.has(path), `${path} ${hanging.has(path) ? "hangs on what is assumed, and does not say so" : "is history, and is marked"}`);
  const said = (await tab.textContent("header")).includes("nothing on this page is assumed");
  check(said === !report.assumed, "the head says something else of what is assumed");
  const places = new Set(shown.map(([path]) => path));
  const named = report.review.owners.some((owner) => owner.name !== null);
  report.review.owners.forEach((owner, i) => {
    for (const key of ["hand_offs", "calls", "tasks", "answers/median_us"])
      check(!named || places.has(`/review/owners/${i}/${key}`), `${owner.name}: ${key} are not told`);
    owner.weeks.forEach((week, j) => check(!named || places.has(`/review/owners/${i}/weeks/${j}/all`), `${owner.name}: the week of ${week.week_of} is not told`));
  });
  const lost = await tab.$$eval(".value:not([data-path])", (all) => all.map((each) => each.textContent));
  check(lost.length === 0, `figures from nowhere: ${lost.slice(0, 5)}`);
}

/** Every chart drew something, and its numbers stand in its table. */
async function charts(tab) {
  const found = await tab.$$eval("figure.chart", (all) => all.map((each) => {
    const plot = each.querySelector(".plot");
    const numbers = [];
    const collect = (value) => {
      if (typeof value === "number") numbers.push(value);
      else if (Array.isArray(value)) value.forEach(collect);
      else if (value && typeof value === "object") collect(value.value);
    };
    for (const series of plot.drawn?.series ?? [])
      if (series.type === "custom") series.data.forEach((row) => collect(row.slice(1)));
      else collect(series.type === "sankey" ? series.links : series.data);
    return { title: each.querySelector("figcaption").textContent, shapes: plot.querySelectorAll("svg path, svg rect, svg circle, svg polyline").length,
      texts: plot.querySelectorAll("svg text").length, label: plot.getAttribute("aria-label"), numbers,
      table: [...each.querySelectorAll("table [data-path]")].map((cell) => cell.dataset.path) };
  }));
  check(found.length > 5, `only ${found.length} charts`);
  for (const chart of found) {
    check(chart.shapes > 1 && chart.texts > 0, `"${chart.title}" is empty`);
    check(chart.label, `"${chart.title}" has no label`);
    const held = new Set(chart.table.map(valueAt));
    const strange = chart.numbers.filter((number) => !held.has(number));
    check(chart.numbers.length > 0 && strange.length === 0, `"${chart.title}" draws ${strange.slice(0, 5)}, which its table does not hold`);
  }
  const boxes = await tab.$$eval(".picture", (all) => all.map((each) => each.shadowRoot.querySelectorAll("text").length));
  check(report.flows.every((flow) => flow.svg === null) || (boxes.length > 0 && boxes.every((texts) => texts > 5)), "the flow is empty");
}

/** What lies over something else, or sticks out of the page. */
async function layout(tab, width) {
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
  check(wide <= width, `${wide} pixels wide in a window of ${width}`);
  const tight = await tab.evaluate(() => [...document.querySelectorAll("h1, h2, h3, p, dt, dd, figcaption, summary, label, button, select, input")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width > 0 && !each.closest(".unseen, .skip") && !each.closest(".scroll") && (box.right > innerWidth + 1 || box.left < -1);
  }).map((each) => each.textContent.slice(0, 40)));
  check(tight.length === 0, `sticks out at ${width}: ${tight.slice(0, 3)}`);
}

async function accessible(tab, what) {
  await tab.evaluate(axe);
  const result = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const fault of result.violations.filter((each) => ["serious", "critical"].includes(each.impact)))
    check(false, `axe, ${what}: ${fault.id}: ${fault.help}: ${fault.nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}`);
}

/** The keyboard reaches everything that can be used, and focus is to be seen. */
async function keyboard(tab) {
  const wanted = await tab.$$eval("a[href], button, input, select, summary, [tabindex='0']", (all) => all.filter((each) => each.checkVisibility() && !each.closest("details:not([open]) > :not(summary)")).length);
  await tab.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  const seen = new Set();
  let unseen = 0;
  // It may begin in the middle, where the page was used last, and come round by the window itself.
  for (let i = 0; i < 2 * wanted + 10 && seen.size < wanted; ++i) {
    await tab.keyboard.press("Tab");
    const at = await tab.evaluate(() => {
      const each = document.activeElement;
      if (each === document.body) return null;
      each.dataset.reached ??= String(window.reached = (window.reached ?? 0) + 1);
      return { id: each.dataset.reached, outlined: getComputedStyle(each).outlineStyle !== "none" || each.matches("select, input") };
    });
    if (at === null) continue;
    seen.add(at.id);
    unseen += at.outlined ? 0 : 1;
  }
  check(seen.size >= wanted, `the keyboard reaches ${seen.size} of ${wanted}`);
  check(unseen === 0, `${unseen} places do not show that they have the focus`);
}

/** The lead browser finds, tells, and leads to the source. */
async function browsing(tab) {
  if (report.leads.told.length === 0) return;
  const last = report.leads.told.at(-1);
  await tab.fill("#lead-search", last.key.slice(0, 60));
  await tab.selectOption("#lead", { index: 0 });
  const text = await tab.textContent("#story");
  check(report.leads.told.some((one) => text.startsWith(one.key)), "the story is of somebody else");
  const line = report.leads.told.findIndex((one) => one.story.steps.some((step) => step.lines.some((each) => each.where)));
  await tab.fill("#lead-search", "");
  await tab.selectOption("#lead", String(line));
  await tab.locator("#story .timeline a.place").first().click();
  const target = await tab.evaluate(() => { const row = document.querySelector(":target"); return row && [row.tagName, row.closest("details").open]; });
  check(target && target[0] === "TR" && target[1], "a place in a story does not lead to its line");
  await tab.fill("#lead-search", "nobody has this");
  check((await tab.textContent("#lead-count")).startsWith("0 of"), "the search finds who is not there");
  await tab.fill("#lead-search", "");
}

async function look(browser, scheme, width) {
  const { tab, asked, context } = await opened(browser, { viewport: { width, height: 900 }, colorScheme: scheme });
  const campaigns = (await tab.$("#campaign")) ? report.simulation.campaigns.length : 1;
  for (let at = 0; at < campaigns; ++at) {
    if (at > 0) await tab.selectOption("#campaign", String(at));
    await tab.waitForSelector("html[data-drawn]");
    await tab.$$eval("details", (all) => all.forEach((each) => { each.open = true; }));
    await numbers(tab);
    await layout(tab, width);
    await tab.$$eval("figure details", (all) => all.forEach((each) => { each.open = false; }));
    await charts(tab);
    await accessible(tab, `${scheme}, ${width}`);
    if (pictures) await tab.screenshot({ path: join(folder, `${scheme}-${width}-${at}.png`), fullPage: true });
  }
  if (width > 1000 && scheme === "light") {
    await keyboard(tab);
    await browsing(tab);
    const paper = await tab.pdf({ format: "A4", ...(pictures ? { path: join(folder, "print.pdf") } : {}) });
    check(paper.length > 20_000, "nothing is printed");
  }
  check((await tab.title()) === `${report.simulation.run.programme} – nurture report`, "the title was taken");
  check(asked.length === 0, `asked the network for ${asked.slice(0, 3)}`);
  await context.close();
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync"],
  env: { ...process.env, HOME: mkdtempSync(join(tmpdir(), "browser-")) },
});
try {
  for (const width of [1440, 390])
    for (const scheme of ["light", "dark"]) await look(browser, scheme, width);
} finally {
  await browser.close();
}
console.log([...new Set(faults)].slice(0, 40).concat(`${checks} looked at`).join("\n"));
