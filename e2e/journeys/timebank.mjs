// The time bank: a volunteer sees what fits and why, accepts, calls off; staff see the code; another scheme is previewed.

import assert from "node:assert/strict";

import { DESK, download, picture, says } from "../world.mjs";

export const journeys = [
  ["a visit is accepted for its reasons, and called off", accepted],
  ["another scheme is previewed", previewed],
  ["a volunteer takes a certificate of service away", certified],
  ["two committees agree on more, and a resident takes hours along", cleared],
];

async function accepted(world) {
  const resident = await world.person("zhuhu");
  const [community] = await world.communities(resident);
  const timebank = `/c/${community}/timebank`;
  await resident.goto(timebank);
  await says(resident, "52 分");
  await picture(resident, "timebank-mine");
  await resident.goto(`${timebank}/requests`);
  await says(resident, "老人认识");
  await says(resident, "会说绍兴话");
  await picture(resident, "timebank-requests");
  await resident.locator("form[action$='/acceptance'] button").first().click();
  await says(resident, "已约好");

  const committee = await world.person("weiyuan", { viewport: DESK });
  await committee.goto(`${timebank}/desk`);
  assert.match(await committee.locator("main").innerText(), /\d{4}-\d{4}/, "staff read the code out");
  await picture(committee, "timebank-desk");

  await resident.goto(timebank);
  const form = resident.locator("form[action$='/cancellation']").first();
  await resident.locator("details", { has: form }).locator("summary").first().click();
  await form.locator("input[name=reason]").fill("临时加班");
  await form.locator("button").click();
  await says(resident, "占用的时间已退回");
  for (const kind of ["excel", "pdf"]) {
    const file = await download(resident, `${timebank}/statement/${kind}`);
    assert.ok(file.body.length > 1000, `the statement as ${kind}`);
  }
}

async function previewed(world) {
  const committee = await world.person("weiyuan", { viewport: DESK });
  const [community] = await world.communities(committee);
  await committee.goto(`/c/${community}/timebank/desk/scheme`);
  await committee.locator("select[name=scheme]").selectOption("shanghai");
  await committee.locator("form[action$='/desk/scheme'] button").first().click();
  await says(committee, "年满 65 周岁");
  await picture(committee, "timebank-scheme");
  await committee.locator("input[name=confirm_after_days]").fill("0");
  await committee.locator("form[action$='/desk/scheme'] button").last().click();
  await says(committee, "须为 1 到 60 的整数");
}

async function cleared(world) {
  const committee = await world.person("weiyuan", { viewport: DESK });
  const [here, there] = await world.communities(committee);
  const desk = (community) => `/c/${community}/timebank/desk/clearing`;
  await committee.goto(desk(here));
  await says(committee, "一方最多欠另一方 100 小时");
  await picture(committee, "timebank-clearing");
  const offer = committee.locator("form[action$='/desk/clearing']");
  await offer.locator("select[name=partner]").selectOption(there);
  await offer.locator("select[name=crossing]").selectOption("limit");
  await offer.locator("input[name=hours]").fill("120");
  await offer.locator("input[name=ground]").fill("两个业委会会议纪要");
  await offer.locator("button").click();
  await says(committee, "提议已发出");
  await committee.goto(desk(there));
  await says(committee, "两个业委会会议纪要");
  await picture(committee, "timebank-clearing-offer");
  await committee.getByRole("button", { name: "同意", exact: true }).click();
  await says(committee, "一方最多欠另一方 120 小时");
  await committee.goto(desk(here));
  await says(committee, "一方最多欠另一方 120 小时");
  const file = await download(committee, `${desk(here)}/excel`);
  assert.ok(file.body.length > 1000, "what crossed as Excel");

  const resident = await world.person("zhuhu", { mode: "elder" });
  await resident.goto(`/c/${here}/timebank`);
  const form = resident.locator("form[action$='/timebank/crossings']");
  await resident.locator("details", { has: form }).locator("summary").click();
  await form.locator("select[name=partner]").selectOption(there);
  await form.locator("input[name=hours]").fill("9000");
  await form.locator("button").click();
  await says(resident, "两个业委会约定一方最多欠另一方");
  await resident.locator("details", { has: form }).locator("summary").click();
  await form.locator("select[name=partner]").selectOption(there);
  await form.locator("input[name=hours]").fill("0");
  await form.locator("input[name=minutes]").fill("10");
  await form.locator("button").click();
  await says(resident, "居民带出的时间");
  await says(resident, "已完成");
  await picture(resident, "timebank-along");
  await resident.goto(`/c/${there}/timebank/statement?until=2000-01-01`);
  await says(resident, "还没有变动");
  await resident.goto(`/c/${there}/timebank/statement`);
  await says(resident, "从其他社区带来");
  await committee.goto(`/c/${here}/timebank/desk/review`);
  await says(committee, "没有需要核查的情况");
}

async function certified(world) {
  const resident = await world.person("zhuhu");
  const [community] = await world.communities(resident);
  const certificates = `/c/${community}/timebank/certificates`;
  await resident.goto(certificates);
  await says(resident, "还没有开具过证明");
  await resident.locator("form[action$='/certificates'] button").click();
  await says(resident, "证明已开具");
  await picture(resident, "timebank-certificates");
  const paths = await resident.locator("main a[href*='/certificates/']").evaluateAll((links) => links.map((link) => link.pathname));
  assert.equal(paths.length, 2, "the PDF and its receipt");
  const pdf = await download(resident, paths[0]);
  assert.ok(pdf.body.length > 1000, "the certificate");
  const receipt = JSON.parse(Buffer.from((await download(resident, paths[1])).body).toString());
  assert.equal(JSON.parse(receipt.opening.value).minutes, 52, "the receipt says what the certificate says");
}
