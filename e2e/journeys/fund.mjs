// The community fund: residents read every fen down to its voucher, an owner gives, two people book it, a project is paid.

import assert from "node:assert/strict";

import { DESK, download, picture, says } from "../world.mjs";

export const journeys = [
  ["every fen of the fund can be followed", followed],
  ["a donation is announced, recorded and confirmed by two people", given],
  ["restricted money is refused with the rule named", refused],
];

const SLIP = { name: "slip.txt", mimeType: "text/plain", buffer: Buffer.from("回单") };

async function followed(world) {
  const resident = await world.person("zhuhu");
  const [community] = await world.communities(resident);
  const fund = `/c/${community}/fund`;
  await resident.goto(fund);
  await says(resident, "老年助餐");
  await says(resident, "怎样捐赠");
  await picture(resident, "fund");
  await resident.goto(`${fund}/ledger`);
  await picture(resident, "fund-ledger");
  await resident.goto(`${fund}/grants`);
  await resident.locator("main a", { hasText: "楼道扶手" }).first().click();
  await says(resident, "资金来自");
  await picture(resident, "fund-grant");
  await resident.locator("main a[href*='/entries/']").first().click();
  await says(resident, "存证记录");
  await picture(resident, "fund-entry");
  for (const file of ["ledger/excel", "ledger/csv", "ledger/pdf", "book/excel", "book/pdf", "grants/excel"]) {
    const { body } = await download(resident, `${fund}/${file}`);
    assert.ok(body.length > 300, file);
  }
  await resident.goto(`${fund}/book`);
  await says(resident, "资金来源");
  await picture(resident, "fund-book");
}

async function given(world) {
  const owner = await world.person("yezhu");
  const [community] = await world.communities(owner);
  const fund = `/c/${community}/fund`;
  await owner.goto(`${fund}/mine`);
  await owner.locator("select[name=purse]").selectOption({ label: "老年助餐" });
  await owner.locator("input[name=amount]").fill("66.60");
  await owner.locator("input[name=donor]").fill("王淑芬");
  await owner.locator("form[action$='/gifts'] button[type=submit], form[action$='/gifts'] button").first().click();
  await says(owner, "备注写");
  await picture(owner, "fund-mine");
  const text = await owner.locator("main").innerText();
  const [, code] = text.match(/66\.60[^0-9]*(\d{8})/);

  const treasurer = await world.person("siku", { viewport: DESK });
  await treasurer.goto(`${fund}/desk`);
  await says(treasurer, code);
  const form = treasurer.locator("form[action$='/desk/vouchers']");
  await form.locator("select[name=kind]").selectOption("donation");
  await form.locator("select[name=purse]").selectOption({ label: "老年助餐" });
  await form.locator("input[name=amount]").fill("66.60");
  await form.locator("select[name=means]").selectOption("bank");
  await form.locator("input[name=reference]").fill("E2E-1");
  await form.locator("input[name=day]").fill("2026-01-05");
  await form.locator("textarea[name=what]").fill("给独居老人加餐");
  await form.locator("input[name=gift_code]").fill(code);
  await form.locator("input[name=file]").setInputFiles(SLIP);
  await form.locator("button").last().click();
  await says(treasurer, "等另一人复核");
  await picture(treasurer, "fund-desk");

  const committee = await world.person("weiyuan", { viewport: DESK });
  await committee.goto(`${fund}/desk`);
  await committee.locator("main a", { hasText: "66.60" }).first().click();
  await committee.locator("form[action$='/confirmation'] button").click();
  await says(committee, "已入账");

  await owner.goto(`${fund}/mine`);
  await says(owner, "捐赠收据");
  const links = owner.locator("main a[href$='/receipt']");
  const { body } = await download(owner, await links.first().getAttribute("href"));
  assert.match(body.toString(), /fund\.voucher\.confirmed/, "the receipt that linli verify proves");
  const pdf = await download(owner, await owner.locator("main a[href$='/receipt/pdf']").first().getAttribute("href"));
  assert.equal(pdf.body.subarray(0, 5).toString(), "%PDF-");
}

async function refused(world) {
  const treasurer = await world.person("siku", { viewport: DESK });
  const [community] = await world.communities(treasurer);
  await treasurer.goto(`/c/${community}/fund/desk`);
  const form = treasurer.locator("form[action$='/desk/vouchers']");
  await form.locator("select[name=kind]").selectOption("administration");
  await form.locator("select[name=purse]").selectOption({ label: "老年助餐" });
  await form.locator("input[name=amount]").fill("10");
  await form.locator("select[name=means]").selectOption("bank");
  await form.locator("input[name=reference]").fill("E2E-2");
  await form.locator("input[name=day]").fill("2026-01-05");
  await form.locator("textarea[name=what]").fill("记账费");
  await form.locator("input[name=file]").setInputFiles(SLIP);
  await form.locator("button").last().click();
  await says(treasurer, "只能用于约定用途");
  await says(treasurer, "慈善法");
  await picture(treasurer, "fund-refused");
}
