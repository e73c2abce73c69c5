// A participatory budget: a resident proposes, the committee checks and puts it to the vote; the decided budget is
// recounted by a program that shares no code with Linli.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { recount } from "../recount.mjs";
import { DESK, picture, says, send } from "../world.mjs";

export const journeys = [
  ["a resident proposes for the budget and the committee checks it", propose],
  ["a budget's result says why, and anyone recounts it", result],
];

async function round(page, world, stage) {
  const [community] = await world.communities(page);
  await page.goto(`/c/${community}/budgets`);
  await page.locator("main li", { hasText: stage }).locator("a[href*='/budgets/']").first().click();
  await page.waitForURL(/\/budgets\/[0-9a-f-]{36}$/);
}

async function propose(world) {
  const page = await world.person("zhuhu");
  await round(page, world, "征集中");
  const call = page.url();
  await page.locator("main details summary", { hasText: "提出建议" }).click();
  await page.fill("input[name=title]", "6 幢前加装长椅");
  await page.fill("textarea[name=body]", "老人等公交没处坐。");
  await page.fill("input[name=place]", "6 幢");
  await page.fill("input[name=category]", "便民");
  await page.fill("input[name=cost]", "一万");
  await send(page, "/proposals");
  await says(page, "金额");
  await page.fill("input[name=cost]", "8,000.50");
  await send(page, "/proposals");
  await page.waitForURL(/\/proposals\/[0-9a-f-]{36}$/);
  await says(page, "待审核");
  await says(page, "8000.50 元");
  await page.fill("textarea[name=text]", "支持！");
  await send(page, "/comments");
  await says(page, "支持！");
  await picture(page, "budget-proposal");
  const staff = await world.person("weiyuan", { viewport: DESK });
  await staff.goto(page.url());
  await staff.locator("input[name=feasible][value=yes]").check();
  await staff.fill("textarea[name=reason]", "现场看过，可行。");
  await send(staff, "/checks");
  await says(staff, "现场看过");
  await staff.goto(`${call}/vote`);
  await says(staff, "1 个可行");
  await picture(staff, "budget-vote-form");
}

async function result(world) {
  const page = await world.person("yezhu");
  await round(page, world, "已有结果");
  await picture(page, "budget-round");
  await page.locator("main a[href*='/polls/']").first().click();
  await page.waitForURL(/\/polls\/[0-9a-f-]{36}$/);
  await says(page, "为什么入选或落选");
  await says(page, /还差 [0-9.]+ 元/);
  await says(page, "换一种规则会怎样");
  await picture(page, "budget-result");
  const [board] = await Promise.all([page.waitForEvent("download"), page.locator("a[href$='/board']").click()]);
  const counted = recount(JSON.parse(readFileSync(await board.path(), "utf8")));
  assert.deepEqual(counted.faults, []);
  const community = page.url().split("/c/")[1].split("/")[0];
  const api = await page.request.get(`/api/v1/communities/${community}/polls/${page.url().split("/").pop()}`);
  assert.deepEqual(counted.winners, [...(await api.json()).winners].sort((a, b) => a - b));
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("a[href$='/pabulib']").click()]);
  assert.match(readFileSync(await file.path(), "utf8"), /^META\nkey;value\n/);
}
