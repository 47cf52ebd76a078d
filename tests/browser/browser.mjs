// A headless Chromium, and what must hold of every page that it opens.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
export const WIDTHS = [360, 1280];

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });

// A page of a browser that runs none of its scripts. Pictures of products are answered here: nothing leaves the machine.
export async function visit(browser, { width, dark = false }) {
  const colorScheme = dark ? "dark" : "light";
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width, height: 800 }, colorScheme });
  const page = await context.newPage();
  page.asked = [];
  await page.route("**/*", (route) => {
    const address = new URL(route.request().url());
    page.asked.push(address);
    if (address.hostname === "127.0.0.1") return route.continue();
    return route.fulfill({ contentType: "image/svg+xml", body: PICTURE });
  });
  return page;
}

const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160"><rect width="160" height="160" fill="#7a9"/></svg>';

// No fault that axe finds, nothing wider than the window, no request but the page's own and pictures over https.
export async function isSound(page, name) {
  await check(page, name);
  const { width } = page.viewportSize();
  if (process.env.SCREENSHOTS) {
    await mkdir(process.env.SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}-${width}.png`, fullPage: true });
  }
  for (const address of page.asked) {
    assert.ok(address.hostname === "127.0.0.1" || address.protocol === "https:", `${name} asked for ${address}`);
  }
}

// axe needs scripts, which the page itself does not: the same document is looked at with them.
export async function check(page, name, { pictures = true, ...options } = {}) {
  const { width } = page.viewportSize();
  const dark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const context = await page.context().browser().newContext({ viewport: page.viewportSize(), colorScheme: dark ? "dark" : "light" });
  try {
    const copy = await context.newPage();
    const picture = (route) => route.fulfill({ contentType: "image/svg+xml", body: PICTURE });
    await copy.route("https://**", pictures ? picture : (route) => route.abort());
    await copy.setContent(await page.content());
    await copy.evaluate(AXE);
    const found = await copy.evaluate((options) => globalThis.axe.run(document, { resultTypes: ["violations"], ...options }), options);
    const told = found.violations.map((fault) => `${fault.id}: ${fault.help}: ${fault.nodes.map((node) => node.html).join(" ")}`);
    assert.deepEqual(told, [], `${name} at ${width} px`);
    const wide = await copy.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${name} is ${wide} px wide at ${width} px`);
  } finally {
    await context.close();
  }
}

// Presses Tab until the element has the focus, which must be seen.
export async function tabTo(page, selector) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = page.locator(selector).and(page.locator(":focus"));
    if (await focused.count()) {
      const outline = await focused.evaluate((element) => {
        const shown = (node) => node && getComputedStyle(node).outlineStyle !== "none";
        return shown(element) || shown(element.closest("label"));
      });
      assert.ok(outline, `the focus on ${selector} is not seen`);
      return;
    }
  }
  assert.fail(`no way to ${selector} by keyboard`);
}

export const heading = (page) => page.locator("h1").innerText();
