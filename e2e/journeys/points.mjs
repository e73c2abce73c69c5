// Points: a resident claims them for what was done, a committee member confirms, the resident redeems with a code, the
// provider hands over; then the statement tells all of it.

import assert from "node:assert/strict";

import { DESK, download, picture, says, send } from "../world.mjs";

export const journeys = [
  ["points are earned, confirmed, redeemed and handed over", earned],
  ["a session's code earns points once", session],
  ["points are given to family", family],
];

async function earned(world) {
  const resident = await world.person("zhuhu");
  const [community] = await world.communities(resident);
  const points = `/c/${community}/points`;
  await resident.goto(points);
  const before = await available(resident);
  await picture(resident, "points-mine");
  await resident.locator("textarea[name=evidence]").fill("陪5幢周爷爷去社区医院量血压，女儿周燕可以作证");
  const rule = resident.locator("select[name=rule] option", { hasText: "陪独居老人就医" });
  await resident.locator("select[name=rule]").selectOption(await rule.getAttribute("value"));
  await send(resident, "/points/claims");
  await says(resident, "等待委员会成员确认");

  const committee = await world.person("weiyuan", { viewport: DESK });
  await committee.goto(`${points}/desk`);
  await says(committee, "陪5幢周爷爷");
  await picture(committee, "points-desk");
  const card = committee.locator("div.card", { hasText: "陪5幢周爷爷" });
  await card.locator("form[action$='/confirmation'] button").click();
  await says(committee, "积分已到账");

  await resident.goto(points);
  assert.ok((await available(resident)) > before, "a confirmed claim adds points");
  await resident.locator("form[action$='/points/redemptions'] button").first().click();
  await says(resident, "请出示兑换码");
  const code = (await resident.locator("main").innerText()).match(/\d{5}-\d{5}/)?.[0];
  assert.ok(code, "a redemption shows its code");
  await picture(resident, "points-redeemed");

  const provider = await world.person("shangjia");
  await provider.goto(`${points}/counter`);
  await provider.locator("input[name=code]").fill("00000-00000");
  await send(provider, "/counter/codes");
  await says(provider, "请核对兑换码");
  await provider.locator("input[name=code]").fill(code.replace("-", " "));
  await send(provider, "/counter/codes");
  await says(provider, "已交付");
  await picture(provider, "points-counter");

  await resident.goto(`${points}/statement`);
  await picture(resident, "points-statement");
  for (const kind of ["excel", "pdf"]) {
    const file = await download(resident, `${points}/statement/${kind}`);
    assert.ok(file.body.length > 1000, `the statement as ${kind}`);
  }
}

async function session(world) {
  const committee = await world.person("weiyuan", { viewport: DESK });
  const [community] = await world.communities(committee);
  const points = `/c/${community}/points`;
  await committee.goto(`${points}/desk`);
  await committee.locator("a[href*='/points/sessions/']", { hasText: "今晚夜间巡逻" }).click();
  await committee.waitForURL(/\/points\/sessions\/\d{5}-\d{5}$/);
  assert.equal(await committee.locator("main svg.qr").count(), 1, "a session shows its code as a picture");
  await picture(committee, "points-session");
  const code = committee.url().split("/").pop();

  const resident = await world.person("zhuhu");
  await resident.goto(points);
  const before = await available(resident);
  await resident.goto(`${points}/check-in?code=${code}`);
  await says(resident, "今晚夜间巡逻");
  await picture(resident, "points-check-in");
  await send(resident, "/points/check-in");
  await says(resident, "已签到");
  assert.equal(await available(resident), before + 10);
  await resident.goto(`${points}/check-in?code=${code}`);
  await send(resident, "/points/check-in");
  await says(resident, "已经办结");
}

async function family(world) {
  const resident = await world.person("zhuhu");
  const form = resident.locator("form[action$='/points/gifts']");
  for (const community of await world.communities(resident)) {
    await resident.goto(`/c/${community}/points`);
    // In one of the communities the resident lives with their family.
    if (await form.count() > 0) break;
  }
  const before = await available(resident);
  const member = await form.locator("select[name=to] option").last().getAttribute("value");
  await form.locator("select[name=to]").selectOption(member);
  await form.locator("input[name=points]").fill("100000");
  await send(resident, "/points/gifts");
  await says(resident, /不够|不足/);
  await form.locator("input[name=points]").fill("3");
  await send(resident, "/points/gifts");
  await says(resident, "已转赠");
  assert.equal(await available(resident), before - 3);
  await picture(resident, "points-given");
}

async function available(page) {
  const shown = await page.locator("main .stat").first().innerText();
  return Number(shown.match(/[\d,]+/)[0].replaceAll(",", ""));
}
