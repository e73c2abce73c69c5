// What a journey has in its hands: people with browsers, and words to check with.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { OUTPUT, PASSWORD } from "./server.mjs";

/** A small phone in the hand. */
export const PHONE = { width: 360, height: 800 };
/** A desk. */
export const DESK = { width: 1280, height: 900 };

export class World {
  #browser;
  #base;
  #sessions = new Map();
  #open = [];

  constructor(browser, base) {
    this.#browser = browser;
    this.#base = base;
    mkdirSync(join(OUTPUT, "pictures"), { recursive: true });
  }

  get base() {
    return this.#base;
  }

  /** A page of someone who has not signed in. */
  async stranger(options = {}) {
    return (await this.#context(options)).newPage();
  }

  /** A page of someone who has signed in by the form; later pages of theirs share the session. */
  async person(login, options = {}) {
    const context = await this.#context(options);
    const known = this.#sessions.get(login);
    if (known) await context.addCookies(known);
    const page = await context.newPage();
    if (!known) {
      await signIn(page, login);
      this.#sessions.set(login, (await context.cookies()).filter((cookie) => !["language", "mode", "flash"].includes(cookie.name)));
    }
    return page;
  }

  async #context({ viewport = PHONE, language = "zh-CN", mode = "standard", script = true } = {}) {
    const context = await this.#browser.newContext({
      baseURL: this.#base, viewport, locale: language, javaScriptEnabled: script, acceptDownloads: true,
      timezoneId: "Asia/Shanghai", isMobile: viewport.width < 500, hasTouch: viewport.width < 500,
      deviceScaleFactor: viewport.width < 500 ? 2 : 1,
    });
    context.setDefaultTimeout(20_000);
    await context.addCookies([
      { name: "language", value: language, url: this.#base },
      { name: "mode", value: mode, url: this.#base },
    ]);
    this.#open.push(context);
    return context;
  }

  /** The ids of the communities, in the order of the person's home page. */
  async communities(page) {
    await page.goto("/");
    const ids = await page.locator("main a[href^='/c/']").evaluateAll((links) => links.map((link) => link.pathname.split("/")[2]));
    return [...new Set(ids)];
  }

  /** The path of the first resolution of a community in a stage, as the list's badge names it in Chinese. */
  async resolution(page, community, stage) {
    await page.goto(`/c/${community}/decisions`);
    const row = page.locator("main li", { hasText: stage }).locator("a[href*='/decisions/']").first();
    const href = await row.getAttribute("href");
    assert.match(href, /\/decisions\/[0-9a-f-]{36}$/, `a resolution in the stage ${stage}`);
    return href;
  }

  /** Closes what the last journey opened. */
  async rest() {
    await Promise.all(this.#open.splice(0).map((context) => context.close()));
  }
}

export async function signIn(page, login) {
  await page.goto("/sign-in");
  await page.fill("input[name=login]", login);
  await page.fill("input[name=password]", PASSWORD);
  await page.locator("form[action='/sign-in'] button[type=submit]").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/** Beyond this height a page is pictured as far as the screen shows it, in CSS pixels. */
const TALLEST = 6000;

/** A picture for people to look at; no check fails for want of one. */
export async function picture(page, name) {
  const path = join(OUTPUT, "pictures", `${name}.png`);
  try {
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.screenshot({ path, fullPage: height <= TALLEST });
  } catch (error) {
    console.log(`no picture ${name}: ${error.message.split("\n")[0]}`);
  }
}

/** The text of the page's main part, blanks folded. */
export async function text(page) {
  return (await page.locator("main").innerText()).replace(/\s+/g, " ");
}

/** Checks that the page's main part says this. */
export async function says(page, expected) {
  const found = await text(page);
  const holds = expected instanceof RegExp ? expected.test(found) : found.includes(expected);
  assert.ok(holds, `${page.url()} does not say ${expected}: ${found.slice(0, 1500)}`);
}

/** What a link of the page downloads. */
export async function download(page, href) {
  const answer = await page.request.get(href);
  assert.equal(answer.status(), 200, `${href} answers ${answer.status()}`);
  return { body: await answer.body(), headers: answer.headers() };
}

/** Sends the form that posts to this path. */
export async function send(page, action) {
  await page.locator(`form[action$='${action}']`).locator("button[type=submit], button:not([type])").first().click();
  await page.waitForLoadState();
}
