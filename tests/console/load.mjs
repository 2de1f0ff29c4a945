// Measures how long a list with very many tokens takes to paint after each interaction. There is no limit; it only reports.
import { api, generate, launch, open, signIn } from "./support.mjs";

// A multiple of ten, and more than the 1,000 that the page loads by itself.
const COUNT = Number(process.env.TOKENS ?? 10_000);
const nameOf = (index) => `load-${String(index).padStart(5, "0")}`;
/** The last token, and what the names of the last ten start with. */
const LAST = nameOf(COUNT - 1);
const LAST_TEN = LAST.slice(0, -1);
let made = 0;
await Promise.all(
  Array.from({ length: 16 }, async () => {
    while (made < COUNT) await generate(nameOf(made++), { description: "One of very many" });
  }),
);

const browser = await launch();
const { page } = await open(browser);
await page.evaluate(() => {
  globalThis.slowest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) globalThis.slowest = Math.max(globalThis.slowest, duration);
  });
  observer.observe({ type: "event", durationThreshold: 16, buffered: true });
});
await signIn(page);

/** Reports the longest time from an interaction to the next paint, in ms. The browser reports it in steps of 8, from 16. */
async function measure(what, action) {
  await page.evaluate(() => (globalThis.slowest = 0));
  await action();
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 100)))),
  );
  const slowest = await page.evaluate(() => globalThis.slowest);
  console.log(`${what.padEnd(42)} ${slowest === 0 ? "< 16" : String(slowest).padStart(4)} ms`);
}

console.log(`interaction to next paint with ${COUNT} tokens`);
await page.getByText("Only the first 1,000 tokens").waitFor();
await measure("next page of 1,000", () => page.getByRole("button", { name: "Next" }).click());
await measure("search 1,000 on the server", async () => {
  await page.getByRole("searchbox").pressSequentially(LAST_TEN);
  await page.getByText(/^10 of/).waitFor();
});
await page.getByRole("searchbox").fill("");
await measure("load all", async () => {
  await page.getByRole("button", { name: "Load all" }).click();
  await page
    .getByText(`${new Intl.NumberFormat("en").format(COUNT + 1)} tokens`, { exact: true })
    .waitFor({ timeout: 120_000 });
});
await measure("sort all by creation", () => page.getByRole("button", { name: "Created" }).click());
await measure("sort them the other way", () => page.getByRole("button", { name: "Created" }).click());
await measure("next page of all", () => page.getByRole("button", { name: "Next" }).click());
await measure("search all", async () => {
  await page.getByRole("searchbox").pressSequentially(LAST_TEN);
  await page.getByText(/^10 of/).waitFor();
});
await measure("open one", async () => {
  await page.getByRole("link", { name: LAST, exact: true }).click();
  await page.getByRole("button", { name: "Save changes" }).waitFor();
});
const rows = await api("GET", "/v1/tokens?limit=1");
if (rows.status !== 200) throw new Error("the server is gone");
await browser.close();
