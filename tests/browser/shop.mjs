// A shop on this machine: the local gateway, and what storefront, merchant and mail do.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const HOUSE = fileURLToPath(new URL("../..", import.meta.url));
export const SOURCE = "shopify:marlow-fern-example.myshopify.com";

export class Shop {
  #process;

  // Starts `cargo run -p local`, or the program that REGULARS_LOCAL names.
  static async open() {
    const shop = new Shop();
    const [command, ...first] = process.env.REGULARS_LOCAL?.split(" ") ?? ["cargo", "run", "--quiet", "-p", "local", "--"];
    const flags = ["--port", "0", "--dynamodb-port", "0", "--ses-port", "0"];
    shop.#process = spawn(command, [...first, ...flags], { cwd: HOUSE, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: shop.#process.stdout })) {
      const [name, address] = line.split(" ");
      if (name === "gateway") {
        shop.gateway = address;
        return shop;
      }
    }
    throw new Error("the local machine did not start");
  }

  async close() {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGINT");
    await ended;
  }

  async api(method, path, body) {
    const headers = { authorization: "Bearer dev-admin", "idempotency-key": `${Date.now()}-${Math.random()}` };
    const answer = await fetch(this.gateway + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  async event(topic, payload) {
    const body = JSON.stringify(payload);
    const headers = {
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": SOURCE.replace("shopify:", ""),
      "x-shopify-hmac-sha256": createHmac("sha256", "dev-shopify").update(body).digest("base64"),
    };
    const answer = await fetch(`${this.gateway}/webhooks/shopify`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`${topic}: ${answer.status} ${await answer.text()}`);
  }

  // Somebody who subscribed, and bought two products that have just arrived.
  async buyer(number, locale) {
    const { now } = await this.api("GET", "/local/clock");
    const days = (count) => new Date(new Date(now).getTime() - count * 86_400_000).toISOString();
    const order = await captured("orders-paid");
    const [id, customer, email] = [6_120_000_000_000 + number, 7_304_000_000_000 + number, `buyer-${number}@example.com`];
    const consent = { state: "subscribed", opt_in_level: "confirmed_opt_in", consent_updated_at: days(5) };
    Object.assign(order, { id, created_at: days(5), processed_at: days(5), updated_at: days(5), customer_locale: locale });
    Object.assign(order, { email, contact_email: email });
    Object.assign(order.customer, { id: customer, email, verified_email: true, state: "enabled", email_marketing_consent: consent });
    order.line_items.forEach((line, index) => Object.assign(line, { id: id * 10 + index, product_id: 8_410_000_000_001 + index }));
    await this.event("orders/paid", order);
    const parcel = { order_id: id, created_at: days(4), updated_at: days(4) };
    await this.event("fulfillments/create", { ...(await captured("fulfillments-create")), ...parcel, id: id + 1 });
    const arrival = { order_id: id, fulfillment_id: id + 1, happened_at: days(3) };
    await this.event("fulfillment_events/create", { ...(await captured("fulfillment-events-create")), ...arrival });
    const found = await this.api("GET", `/v1/members?source=${SOURCE}&customer_id=${customer}`);
    return { member: found.members[0].id, email };
  }

  // What falls due meanwhile is done, and its mail sent.
  async wait(span) {
    await this.api("POST", "/local/clock", { advance: span });
  }

  // The newest mail of a scenario that they have got.
  async mail(email, scenario) {
    const { mail } = await this.api("GET", `/local/mail?to=${email}`);
    const found = mail.findLast((one) => one.scenario === scenario);
    if (!found) throw new Error(`no ${scenario} to ${email}, but ${mail.map((one) => one.scenario)}`);
    return found;
  }

  // Tells of a product as its title and picture.
  async product(index, title) {
    const product = await captured("products-create");
    await this.event("products/create", { ...product, id: 8_410_000_000_001 + index, title, updated_at: new Date().toISOString() });
  }

  async consent(member) {
    return (await this.api("GET", `/v1/members/${member}`)).consent;
  }
}

async function captured(name) {
  const event = JSON.parse(await readFile(`${HOUSE}/events/webhooks-shopify-${name}.json`, "utf8"));
  return JSON.parse(event.body);
}
