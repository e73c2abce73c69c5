// A committee's office: evidence of a paper vote, the roll from a file, an objection answered, an organisation acted for.

import assert from "node:assert/strict";

import { DESK, picture, says, send } from "../world.mjs";

const MEMBER = "weiyuan";

export const journeys = [
  ["a committee member attaches evidence of a paper vote", evidence],
  ["a committee member imports the roll after a dry run", roll],
  ["a committee member answers an objection", objection],
  ["a butler acts for the property company", company],
];

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");

async function evidence(world) {
  const page = await world.person(MEMBER, { viewport: DESK });
  const [community] = await world.communities(page);
  const resolution = await world.resolution(page, community, "表决中");
  const attach = async (name, mimeType, buffer) => {
    await page.goto(resolution);
    for (const folded of await page.locator("main details:not([open]) > summary").all()) await folded.click();
    const form = page.locator("form[action$='/attachments']");
    await form.locator("input[type=file]").setInputFiles({ name, mimeType, buffer });
    await send(page, "/attachments");
  };
  // A script under a picture's name is found out by its first bytes.
  await attach("表决票.png", "image/png", Buffer.from("<script>alert(1)</script>"));
  await says(page, "内容不是");
  await attach("表决票 1201 号.png", "image/png", PNG);
  await page.waitForURL((url) => url.pathname === resolution);
  await says(page, "表决票 1201 号.png");
  await picture(page, "office-evidence");
}

const FAULTY = "楼栋,房号,专有面积,业主,手机\n98幢,101,89.53,王小明,13912341234\n98幢,102,0,李芳,13800000001\n98幢,103,-3,张伟,138\n";
const TENFOLD = "楼栋,房号,专有面积,业主,手机\n98幢,101,89.53,王小明,13912341234\n98幢,102,8953,李芳,13800000001\n98幢,103,90.00,张伟,13800000002\n";

async function roll(world) {
  const page = await world.person(MEMBER, { viewport: DESK });
  const [community] = await world.communities(page);
  const bring = async (text) => {
    await page.goto(`/c/${community}/people/import`);
    await page.locator("input[type=file]").setInputFiles({ name: "名册.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await send(page, "/people/import");
    await page.waitForURL(/\/people\/import\/[0-9a-f-]{36}$/);
  };
  await bring(FAULTY);
  for (const told of ["专有面积为零", "为负数", "不是电话号码"]) await says(page, told);
  const upload = new URL(page.url()).pathname;
  assert.equal(await page.locator(`form[action='${upload}']`).count(), 0, "a file with faults can't be applied");
  await picture(page, "office-roll-faults");

  await bring(TENFOLD);
  await says(page, "8953.00");
  const confirmed = new URL(page.url()).pathname;
  await page.locator("input[name=confirmed]").check({ force: true });
  await picture(page, "office-roll-confirm");
  await send(page, confirmed);
  await page.waitForURL((url) => url.pathname === `/c/${community}/people`);
  const filter = await page.goto(`/c/${community}/people?q=102&building=`);
  assert.equal(filter.status(), 200);
  await says(page, "98幢");
}

async function objection(world) {
  const page = await world.person(MEMBER, { viewport: DESK });
  const [community] = await world.communities(page);
  const resolution = await world.resolution(page, community, "结果公示");
  await page.goto(`${resolution}/result`);
  await says(page, "请公布送达登记");
  await picture(page, "office-objection");
  const form = page.locator("form[action$='/answer']").first();
  await form.locator("textarea[name=text]").fill("送达登记已张贴在 8 幢大厅，也可到业委会办公室查阅。");
  await send(page, "/answer");
  await page.goto(`${resolution}/result`);
  await says(page, "也可到业委会办公室查阅");
  assert.equal(await page.locator("form[action$='/answer']").count(), 0, "an answered objection asks for no answer");
}

async function company(world) {
  const page = await world.person(MEMBER, { viewport: DESK });
  const [community] = await world.communities(page);
  await page.goto(`/c/${community}/organisations`);
  await page.selectOption("select[name=kind]", "property_company");
  await page.fill("input[name=name]", "鉴湖物业服务有限公司");
  await send(page, "/organisations");
  await page.waitForURL(/\/organisations\/[0-9a-f-]{36}$/);
  const organisation = new URL(page.url()).pathname;
  await page.fill("input[name=login]", "guanjia");
  await page.fill("input[name=reason]", "物业服务合同");
  await send(page, organisation);
  await page.waitForURL((url) => url.pathname === organisation);
  await says(page, "周*强");
  await picture(page, "office-organisation");

  const butler = await world.person("guanjia");
  await butler.goto(`/c/${community}`);
  await butler.selectOption("select#acting-for", { label: "鉴湖物业服务有限公司" });
  await send(butler, "/me/acting-for");
  await butler.waitForURL((url) => url.pathname === `/c/${community}`);
  assert.equal(await butler.locator("select#acting-for option:checked").innerText(), "鉴湖物业服务有限公司");
  await picture(butler, "office-acting-for");
  await butler.selectOption("select#acting-for", "");
  await send(butler, "/me/acting-for");
}
