// A secret poll: a household collects its ballot on a phone and votes; the counted poll is recounted by a program that
// shares no code with Linli, and an altered board shows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { recount } from "../recount.mjs";
import { picture } from "../world.mjs";

const CODE = /[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}/;

export const journeys = [
  ["a household votes in a secret poll from a phone", vote],
  ["without scripts a secret poll leads to the desk", plain],
  ["anyone recounts a secret poll and finds what was altered", audit],
];

async function poll(page, world, stage) {
  const [community] = await world.communities(page);
  await page.goto(`/c/${community}/polls`);
  await page.locator("main li", { hasText: stage }).locator("a[href*='/polls/']").first().click();
  await page.waitForURL(/\/polls\/[0-9a-f-]{36}$/);
}

async function vote(world) {
  const page = await world.person("yezhu");
  await poll(page, world, "投票中");
  await page.locator("[data-poll-collect] button").first().click();
  const place = page.locator("[data-poll]").first();
  await place.locator("[data-poll-form]").waitFor({ state: "visible" });
  await picture(page, "poll-ballot");
  let sent;
  page.on("request", (request) => { if (request.url().endsWith("/ballots")) sent = request; });
  await place.locator("select[name=rank-1]").selectOption("2");
  await place.locator("select[name=rank-2]").selectOption("2");
  await place.locator("[data-poll-form] button").click();
  await place.locator("[data-poll-problem]").waitFor({ state: "visible" });
  assert.equal(sent, undefined, "a ballot with two second places is not sent");
  await place.locator("select[name=rank-2]").selectOption("1");
  await place.locator("[data-poll-form] button").click();
  await place.locator("[data-poll-done]").waitFor({ state: "visible" });
  assert.match(await place.locator("[data-poll-code]").innerText(), CODE);
  assert.equal((await sent.allHeaders()).cookie, undefined, "the ballot goes without a session");
  await picture(page, "poll-voted");
  await page.reload();
  await place.locator("[data-poll-done]").waitFor({ state: "visible" });
}

async function plain(world) {
  const page = await world.person("yezhu", { script: false });
  await poll(page, world, "投票中");
  assert.ok(await page.locator("[data-poll-unable]").isVisible(), "the page says where to vote without scripts");
  assert.equal(await page.locator("[data-poll-form]:visible").count(), 0);
}

async function audit(world) {
  const page = await world.person("yezhu");
  await poll(page, world, "已计票");
  await picture(page, "poll-result");
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a[href$='/board']").click()]);
  const board = JSON.parse(readFileSync(await download.path(), "utf8"));
  const counted = recount(board);
  assert.deepEqual(counted.faults, []);
  const community = page.url().split("/c/")[1].split("/")[0];
  const api = await page.request.get(`/api/v1/communities/${community}/polls/${page.url().split("/").pop()}`);
  assert.deepEqual(counted.winners, (await api.json()).winners);
  board.ballots[0].choice = board.ballots[0].choice === "3" ? "1" : "3";
  assert.equal(recount(board).faults.length, 1, "an altered ballot shows");
  await page.goto(`${page.url()}/check?code=${board.ballots[1].code}`);
  assert.ok(await page.locator("main", { hasText: "已计入" }).isVisible());
}
