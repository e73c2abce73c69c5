// A draft text is put to the public: brought as a file, corrected, published, commented on, answered, and issued anew.

import assert from "node:assert/strict";

import { DESK, download, picture, says, send } from "../world.mjs";

export const journeys = [
  ["a text is brought, published, commented on and answered", consulted],
  ["the next version shows what changed", revised],
];

const TEXT = `关于小区晾晒的规定（征求意见稿）
第一条　不得在楼道晾晒。
第二条　西侧草坪设晾晒架，
每日开放。
第三条　本规定自公布之日起试行。
`;

async function consulted(world) {
  const staff = await world.person("weiyuan", { viewport: DESK });
  const [community] = await world.communities(staff);
  const base = `/c/${community}/consultations`;
  await staff.goto(`${base}/new`);
  await staff.fill("input[name=title]", "小区晾晒规定（征求意见稿）");
  await staff.fill("input[name=department]", "业主委员会");
  await staff.selectOption("select[name=kind]", "normative");
  await staff.fill("textarea[name=about]", "晾晒投诉多，现征求意见。");
  await staff.fill("input[name=closes]", inDays(2));
  await staff.setInputFiles("input[name=file]", { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("\u0000\u0001") });
  await send(staff, "/consultations");
  await says(staff, "文件无法读取");
  assert.equal(await staff.inputValue("input[name=title]"), "小区晾晒规定（征求意见稿）", "what was typed is kept");
  await staff.setInputFiles("input[name=file]", { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from(TEXT) });
  await send(staff, "/consultations");
  await staff.waitForURL(/\/consultations\/[0-9a-f-]{36}$/);
  const one = staff.url();
  assert.equal(await staff.locator("main article[id^=clause-]").count(), 4, "a clause begins at its number");
  await send(staff, "/publication");
  await says(staff, "请延后，或写明缩短的理由");
  await staff.goto(`${one}/edit`);
  await staff.selectOption("select[name=kind]", "community");
  await send(staff, "/edit");
  await send(staff, "/publication");
  await says(staff, "已发布");

  const resident = await world.person("zhuhu");
  await resident.goto(one);
  await resident.locator("#clause-3 a", { hasText: "对本条提意见" }).click();
  assert.equal(await resident.inputValue("select[name=clause]"), "3");
  await resident.fill("textarea[name=text]", "   ");
  await send(resident, "/comments");
  await says(resident, "请填写");
  assert.equal(await resident.inputValue("select[name=clause]"), "3", "what was chosen is kept");
  await resident.fill("textarea[name=text]", "草坪西晒，请改在南侧。");
  await send(resident, "/comments");
  await says(resident, "草坪西晒");
  await picture(resident, "consultation-commented");

  const stranger = await world.stranger();
  await stranger.goto(one);
  await says(stranger, "您未登录");
  await stranger.fill("textarea[name=text]", "我住隔壁小区，建议写明开放时间。");
  await send(stranger, "/comments");
  await says(stranger, "我住隔壁小区");
  assert.equal(await stranger.locator("form[action$='/withdrawal']").count(), 0, "nobody could tell whose it is");
  await picture(stranger, "consultation-stranger");

  await staff.goto(one);
  await staff.locator("main details summary", { hasText: "录入来信" }).click();
  const letter = staff.locator("form[action$='/letters']");
  await letter.locator("select[name=channel]").selectOption("letter");
  await letter.locator("textarea[name=text]").fill("请保留晾被处。");
  await letter.locator("button").click();
  await says(staff, "请保留晾被处。");
  await staff.locator("main details summary", { hasText: "答复意见" }).click();
  const answer = staff.locator("form[action$='/answers']");
  await answer.locator("input[name=numbers]").fill("1-9");
  await answer.locator("select[name=outcome]").selectOption("adopted");
  await answer.locator("textarea[name=reason]").fill("改在南侧。");
  await answer.locator("button").click();
  await says(staff, "没有待答复的第 4 号意见");
  assert.equal(await staff.inputValue("textarea[name=reason]"), "改在南侧。", "what was typed is kept");
  await staff.fill("input[name=numbers]", "1-3");
  await send(staff, "/answers");
  await says(staff, "已答复");
  await picture(staff, "consultation-answered");
  for (const kind of ["export", "report"]) {
    const file = await download(staff, `${new URL(one).pathname}/${kind}`);
    assert.ok(file.body.length > 1000, `the ${kind}`);
  }
  const comments = new URL(one).pathname.replace("/c/", "/api/v1/communities/") + "/comments";
  const answers = await stranger.evaluate(async (path) => {
    const said = (turn) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ clause: 0, text: `刷屏 ${turn}` }) });
    const sent = Array.from({ length: 60 }, (_, turn) => fetch(path, said(turn)));
    return (await Promise.all(sent)).map((answer) => answer.status);
  }, comments);
  assert.ok(answers.includes(429), "one address is held back");
  assert.ok(answers.includes(201) && answers.every((status) => [201, 429].includes(status)), `${answers}`);
}

async function revised(world) {
  const page = await world.person("weiyuan");
  const [community] = await world.communities(page);
  await page.goto(`/c/${community}/consultations`);
  await page.locator("main li", { hasText: "未来社区建设的意见" }).locator("a").first().click();
  await page.locator("main a", { hasText: "公布下一版" }).click();
  const clauses = await page.inputValue("textarea[name=clauses]");
  await page.fill("textarea[name=note]", "试行两年。");
  await send(page, "/versions");
  await says(page, "文本与上一版相同");
  await page.fill("textarea[name=clauses]", `${clauses.replace("加快推进", "稳步推进")}\n\n本意见试行两年。`);
  await send(page, "/versions");
  await says(page, "修改 1 条，新增 1 条，删去 0 条");
  assert.ok((await page.locator("main ins").allInnerTexts()).includes("本意见试行两年。"));
  await picture(page, "consultation-version");
}

/** A form's local time in China, some days from now. */
function inDays(days) {
  return new Date(Date.now() + (days * 24 + 8) * 3_600_000).toISOString().slice(0, 16);
}
