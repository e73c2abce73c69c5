// Points: a resident claims them for what was done, a committee member confirms, the resident redeems with a code, the
// provider hands over; then the statement tells all of it.

import assert from "node:assert/strict";

import { DESK, download, picture, says, send } from "../world.mjs";

export const journeys = [["points are earned, confirmed, redeemed and handed over", earned]];

async function earned(world) {
  const resident = await world.person("zhuhu");
  const [community] = await world.communities(resident);
  const points = `/c/${community}/points`;
  await resident.goto(points);
  const before = await available(resident);
  await picture(resident, "points-mine");
  await resident.locator("textarea[name=evidence]").fill("陪5幢周爷爷去社区医院量血压，女儿周燕可以作证");
  await resident.locator("select[name=rule]").selectOption({ index: 1 });
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

async function available(page) {
  const shown = await page.locator("main .stat").first().innerText();
  return Number(shown.match(/[\d,]+/)[0].replaceAll(",", ""));
}
