// Every mail as a small telephone shows it: in the light and in the dark, with pictures and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { check, launch, visit } from "./browser.mjs";
import { Shop } from "./shop.mjs";

const WIDTH = 320;
const LOCALES = ["en", "de", "fr", "es", "ja", "zh"];
// A mail has no landmarks: what is a rule of WCAG, and no more.
const WCAG = { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } };

let shop, browser;
before(async () => {
  [shop, browser] = await Promise.all([Shop.open(), launch()]);
});
after(async () => {
  await browser?.close();
  await shop?.close();
});

for (const dark of [false, true]) {
  for (const pictures of [true, false]) {
    test(`at ${WIDTH} px, ${dark ? "dark" : "light"}, ${pictures ? "with" : "without"} pictures`, async () => {
      const { mail } = await shop.api("GET", "/v1/program");
      const page = await visit(browser, { width: WIDTH, dark });
      let seen = 0;
      for (const [scenario, { steps }] of Object.entries(mail.scenarios)) {
        for (const step of steps.keys()) {
          // each look meets every mail, and every language in turn
          const locale = LOCALES[(seen + 2 * Number(dark) + Number(pictures)) % LOCALES.length];
          const { html } = await shop.api("POST", "/v1/program/templates/preview", { scenario, step: step + 1, locale });
          await page.setContent(html);
          const name = `${scenario}_${step + 1} ${locale}`;
          await check(page, name, { pictures, ...WCAG });
          const words = await page.locator("td.card").innerText();
          assert.ok(words.length > (["ja", "zh"].includes(locale) ? 30 : 80), `${name} says ${words}`);
          seen += 1;
        }
      }
      assert.ok(seen >= 17, `${seen} mails`);
    });
  }
}
