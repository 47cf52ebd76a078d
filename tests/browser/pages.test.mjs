// What mails link to, as somebody without a mouse, on a telephone and on a desk.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { WIDTHS, heading, isSound, launch, tabTo, visit } from "./browser.mjs";
import { Shop } from "./shop.mjs";

// Links in mails.
const UNSUBSCRIBE = 'a[href*="/u/"]:not([href$="/preferences"])';
const PREFERENCES = 'a[href$="/preferences"]';
const CONFIRM = 'a[href*="/c/"]';
const FIVE_STARS = 'a[href*="/r/"][href*="product=8410000000002"][href$="rating=5"]';

let shop, browser;
let buyers = 0;
before(async () => {
  [shop, browser] = await Promise.all([Shop.open(), launch()]);
  await shop.product(0, "Rosemary body oil, 200 ml, refill");
  await shop.product(1, "A linen bag with a title that goes on and on, so long that it must break on a telephone");
});
after(async () => {
  await browser?.close();
  await shop?.close();
});

for (const width of WIDTHS) {
  for (const dark of [false, true]) {
    describe(`${width} px, ${dark ? "dark" : "light"}`, () => {
      const look = dark ? "-dark" : "";
      const newBuyer = (locale) => shop.buyer((buyers += 1), locale);
      const newPage = () => visit(browser, { width, dark });
      // Presses a link of a mail.
      const press = async (mail, link) => {
        const page = await newPage();
        await page.setContent(mail.html);
        await page.locator(link).click();
        await page.waitForURL(`${shop.gateway}/**`);
        return page;
      };
      // Somebody who gets the invitation to review what has arrived.
      const newReader = async (locale) => {
        const { member, email } = await newBuyer(locale);
        await shop.wait("P3D");
        return { member, mail: await shop.mail(email, "review_invitation_1") };
      };

      test("unsubscribe, a mistake, and subscribe again", async () => {
        const { member, mail } = await newReader("en-US");
        const page = await press(mail, UNSUBSCRIBE);
        assert.equal(await heading(page), "Unsubscribe from our emails?");
        await isSound(page, `unsubscribe${look}`);
        assert.equal((await shop.consent(member)).marketing, "granted", "opening it does nothing");
        await tabTo(page, "button[value=unsubscribe]");
        await page.keyboard.press("Enter");
        await page.waitForSelector("button[value=subscribe]");
        await isSound(page, `unsubscribed${look}`);
        assert.equal((await shop.consent(member)).marketing, "withdrawn");
        await tabTo(page, "button[value=subscribe]");
        await page.keyboard.press("Space");
        await page.waitForSelector("h1:has-text('again')");
        await isSound(page, `subscribed-again${look}`);
        assert.equal((await shop.consent(member)).marketing, "granted");
        await tabTo(page, "a");
        await page.keyboard.press("Enter");
        await page.waitForSelector("input#yes");
      });

      test("preferences by topic", async () => {
        const { member, mail } = await newReader("de-DE");
        const page = await press(mail, PREFERENCES);
        assert.equal(await heading(page), "Ihre E-Mails");
        await isSound(page, `preferences${look}`);
        await tabTo(page, "input[name=marketing]");
        await page.keyboard.press("Space");
        if (!(await page.locator("#yes").isChecked())) await page.keyboard.press("ArrowUp");
        await tabTo(page, "input[name=offers]");
        await page.keyboard.press("Space");
        await tabTo(page, "button");
        await page.keyboard.press("Enter");
        await page.waitForSelector("[role=status]");
        await isSound(page, `preferences-saved${look}`);
        const consent = await shop.consent(member);
        assert.equal(consent.marketing, "granted");
        assert.deepEqual(consent.topics, { reviews: true, replenishment: true, loyalty: true, offers: false });
      });

      test("confirm a subscription", async () => {
        const { member, email } = await newBuyer("fr-FR");
        await shop.api("PATCH", `/v1/members/${member}`, { country: "FR", consent: { marketing: "withdrawn" } });
        await shop.api("PATCH", `/v1/members/${member}`, { consent: { marketing: "granted" } });
        assert.equal((await shop.consent(member)).marketing, "pending");
        await shop.wait("PT5M");
        const page = await press(await shop.mail(email, "confirm_subscription_1"), CONFIRM);
        await isSound(page, `confirm${look}`);
        await tabTo(page, "button");
        await page.keyboard.press("Enter");
        await page.waitForSelector("[role=status]");
        await isSound(page, `confirmed${look}`);
        assert.equal((await shop.consent(member)).marketing, "granted");
      });

      test("a review, first without stars", async () => {
        const { member, mail } = await newReader("en-GB");
        const page = await newPage();
        await page.goto(mail.text.match(/http\S+\/r\/\S+/)[0]);
        await isSound(page, `review${look}`);
        await tabTo(page, "#title-0");
        await page.keyboard.type("Lovely <b>oil</b>");
        await tabTo(page, "form button");
        await page.keyboard.press("Enter");
        await page.waitForSelector("[role=alert]");
        await isSound(page, `review-faulty${look}`);
        assert.equal(await page.locator("#title-0").inputValue(), "Lovely <b>oil</b>", "what was typed is kept");
        await tabTo(page, "[role=alert] a");
        await page.keyboard.press("Enter");
        await tabTo(page, "input[name=rating-0]");
        assert.ok(await page.locator("#rating-0-0").isChecked(), "among several products none is to be rated");
        // that is the last choice, and the first star comes after it
        for (let stars = 1; stars <= 4; stars += 1) {
          await page.keyboard.press("ArrowRight");
          assert.ok(await page.locator(`#rating-0-${stars}`).isChecked());
        }
        await tabTo(page, "#text-0");
        await page.keyboard.type("Smells of summer.\nReally.");
        await isSound(page, `review-filled${look}`);
        await tabTo(page, "form button");
        await page.keyboard.press("Enter");
        await page.waitForSelector("[role=status]");
        assert.match(await page.locator("main").innerText(), /50 points/);
        await isSound(page, `review-sent${look}`);
        const { activities } = await shop.api("GET", `/v1/members/${member}/activities`);
        assert.deepEqual(activities.map(({ type, points }) => [type, points]), [["review", 50]]);
        await page.goBack();
        await tabTo(page, "form button");
        await page.keyboard.press("Enter");
        await page.waitForSelector("[role=status], [role=alert]");
        const again = await shop.api("GET", `/v1/members/${member}/activities`);
        assert.equal(again.activities.length, 1, "sent twice is one review");
      });

      test("stars that were pressed in the mail are chosen", async () => {
        const { mail } = await newReader("ja-JP");
        const page = await press(mail, FIVE_STARS);
        assert.ok(await page.locator("#rating-0-5").isChecked());
        await isSound(page, `review-chosen${look}`);
      });

      test("a link that is none", async () => {
        const page = await newPage();
        await page.goto(`${shop.gateway}/r/1AAAA`);
        await isSound(page, `unknown${look}`);
        assert.equal(await page.locator("form").count(), 0);
      });
    });
  }
}
