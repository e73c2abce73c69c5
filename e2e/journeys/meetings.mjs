// Beside the voting: a wrong record put right by two people, reminders and visits, the notice with its code.

import assert from "node:assert/strict";

import { DESK, download, picture, says, send } from "../world.mjs";

const MEMBER = "weiyuan";
const SECOND = "jiedao";
const OWNER = "yezhu";

export const journeys = [
  ["a wrongly recorded vote is put right by two people", correct],
  ["a committee member reminds and visits", remind],
  ["an owner votes on a whole agenda at once", agenda],
  ["a committee member calls a meeting with two matters", callMeeting],
  ["an owner elects the committee by names", electNames],
  ["an owner chooses how to be reminded, without a script", choose],
];

const PDF = Buffer.from("%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF");

async function running(world, page) {
  const [community] = await world.communities(page);
  return world.resolution(page, community, "表决中");
}

async function correct(world) {
  const page = await world.person(MEMBER, { viewport: DESK });
  const resolution = await running(world, page);
  await page.goto(`${resolution}/corrections`);
  await says(page, "等第二人确认");
  await picture(page, "corrections");
  // One's own correction can't be confirmed by oneself.
  assert.equal(await page.locator("form[action$='/confirmation']").count(), 0);

  await page.goto(`${resolution}/units?show=voted`);
  const paper = page.locator("tbody tr", { hasText: "纸质" }).nth(3).locator("a[href*='/units/']").first();
  await paper.click();
  await page.waitForURL(/\/units\/[0-9a-f-]{36}$/);
  await page.locator("a[href*='/corrections/new']").click();
  await page.waitForURL(/\/corrections\/new/);
  await picture(page, "correction-form");
  await page.locator("input[name=choice][value=none]").check({ force: true });
  await page.fill("textarea[name=reason]", "这张票是隔壁单元的，录错了房号");
  await page.setInputFiles("input[name=file]", { name: "票.pdf", mimeType: "application/pdf", buffer: PDF });
  await send(page, "/corrections");
  await page.waitForURL(/\/corrections$/);
  await says(page, "录错了房号");

  const second = await world.person(SECOND, { viewport: DESK });
  await second.goto(`${resolution}/corrections`);
  const card = second.locator("form[action$='/confirmation']").first();
  await card.locator("button").click();
  await second.waitForURL(/\/corrections$/);
  await says(second, "已更正");
  await picture(second, "corrections-confirmed");
}

async function remind(world) {
  const page = await world.person(MEMBER, { viewport: DESK });
  const resolution = await running(world, page);
  await page.goto(`${resolution}/turnout`);
  await says(page, "待走访");
  await picture(page, "turnout");
  const sheet = await download(page, `${resolution}/turnout/export`);
  assert.equal(sheet.body.subarray(0, 2).toString(), "PK");

  await page.locator("tbody a[href*='/visits?']").first().click();
  await page.waitForURL(/\/visits\?/);
  await page.locator("input[name=outcome][value=not_home]").check({ force: true });
  await page.fill("textarea[name=note]", "周末上午在家");
  await send(page, "/visits");
  await page.waitForURL(/\/turnout$/);
  await says(page, "周末上午在家");

  await page.goto(`${resolution}/notice`);
  assert.equal(await page.locator("main svg.qr").count(), 1, "the notice has a code");
  await picture(page, "notice");
  const pdf = await download(page, `${resolution}/notice/file`);
  assert.equal(pdf.body.subarray(0, 5).toString(), "%PDF-");
  await page.goto(`${resolution}/letters`);
  assert.ok(await page.locator("main svg.qr").count() > 1, "every letter has a code");
}

async function agenda(world) {
  const page = await world.person(OWNER, { script: false });
  const [community] = await world.communities(page);
  await page.goto(`/c/${community}/decisions`);
  await page.locator("main a[href*='/decisions/meetings/']").first().click();
  await page.waitForURL(/\/meetings\/[0-9a-f-]{36}$/);
  await says(page, "还有 3 项议题没有表决");
  await picture(page, "assembly");
  await page.locator("a[href*='/ballot/']").first().click();
  await page.waitForURL(/\/ballot\//);
  await picture(page, "assembly-ballot");
  // One matter is left blank.
  await page.locator("input[type=radio][value=for]").nth(0).check({ force: true });
  await page.locator("input[type=radio][value=against]").nth(1).check({ force: true });
  await page.locator("form[action*='/ballot/'] button[type=submit]").first().click();
  await page.waitForURL(/\/receipt\//);
  assert.equal(await page.locator("main .receipt").count(), 2, "a receipt for every matter voted on");
  await says(page, "这一项没有表决");
  await picture(page, "assembly-receipts");
}

async function callMeeting(world) {
  const page = await world.person(MEMBER, { viewport: DESK });
  const [community] = await world.communities(page);
  await page.goto(`/c/${community}/decisions/meetings/new`);
  await page.fill("input[name=title]", "临时业主大会会议");
  await send(page, "/meetings");
  await page.waitForURL(/\/meetings\/[0-9a-f-]{36}$/);
  const meeting = new URL(page.url()).pathname;
  for (const title of ["更换道闸系统", "聘请第三方审计"]) {
    await page.fill("input[name=title]", title);
    await page.fill("textarea[name=body]", "具体方案和费用见附件。");
    await page.selectOption("select[name=matter]", "other_major");
    await send(page, "/matters");
    await page.waitForURL((url) => url.pathname === meeting);
    await says(page, title);
  }
  await picture(page, "assembly-draft");
  await page.goto(`${meeting}/publish`);
  await picture(page, "assembly-publish");
  await send(page, "/publish");
  await page.waitForURL((url) => url.pathname === meeting);
  await says(page, "公告期");
  const pdf = await download(page, `${meeting}/notice/file`);
  assert.equal(pdf.body.subarray(0, 5).toString(), "%PDF-");
}

async function electNames(world) {
  const page = await world.person(OWNER, { script: false });
  const [community] = await world.communities(page);
  await page.goto(`/c/${community}/decisions`);
  await page.locator("main a", { hasText: "选举第三届业主委员会" }).first().click();
  await page.waitForURL(/\/decisions\/[0-9a-f-]{36}$/);
  const resolution = new URL(page.url()).pathname;
  await page.goto(`${resolution}/election`);
  await says(page, "审查通过");
  await says(page, "不符合条件");
  await says(page, "已退出");
  await picture(page, "election");
  await page.goto(resolution);
  await page.locator("a[href*='/ballot/']").first().click();
  await page.waitForURL(/\/ballot\//);
  await says(page, "最多选 5 人");
  assert.equal(await page.locator("input[name='pick-7']").count(), 0, "whoever withdrew can't be picked");
  for (const number of [1, 3, 4]) await page.locator(`input[name='pick-${number}']`).check({ force: true });
  await picture(page, "election-ballot");
  await page.locator("form[action$='/picks'] button[type=submit]").first().click();
  await page.waitForURL(/\/receipt\//);
  await says(page, "回执编号");
}

async function choose(world) {
  const page = await world.person(OWNER, { script: false });
  const [community] = await world.communities(page);
  await page.goto(`/c/${community}/decisions/reminders`);
  await page.locator("input[name=channel][value=letter]").first().check({ force: true });
  await page.locator("form[action$='/reminders'] button[type=submit]").first().click();
  await page.waitForURL(/\/reminders$/);
  assert.ok(await page.locator("input[name=channel][value=letter]").first().isChecked(), "the choice is kept");
  await picture(page, "remind-me");
}
