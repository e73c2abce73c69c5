// A file on a clock: an applicant submits, a clerk asks for corrections, the applicant answers, the clerk takes in, stops and
// resumes the clock, finishes a step and decides.

import assert from "node:assert/strict";

import { DESK, picture, says, send } from "../world.mjs";

const BASE = "/c/00000000-0000-0000-0000-000000000000/approvals";
const PROJECT = "府山社区托育中心";

export const journeys = [["an applicant's file goes through a clerk's hands", file]];

async function file(world) {
  const applicant = await world.person("shenqing");
  await applicant.goto(`${BASE}/new?process=zhejiang.construction_approval`);
  for (const [name, value] of Object.entries({
    title: PROJECT, place: "越城区府山街道", applicant: "越州建设", contact: "吴工", phone: "13900000001",
  })) await applicant.fill(`input[name=${name}]`, value);
  await send(applicant, "/approvals");
  await applicant.waitForURL(/\/approvals\/[0-9a-f-]{36}$/);
  const path = new URL(applicant.url()).pathname;
  await applicant.locator("input[type=file]").setInputFiles({
    name: "申请表.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 form"),
  });
  await send(applicant, "/papers");
  await says(applicant, "申请表.pdf");
  await picture(applicant, "approvals-draft");
  await send(applicant, "/submission");
  await applicant.goto(path);
  await says(applicant, "提交申请");

  const clerk = await world.person("banjian", { viewport: DESK });
  await clerk.goto(BASE);
  await clerk.selectOption("select#acting-for", { label: "自然资源和规划局" });
  await send(clerk, "/me/acting-for");
  await clerk.goto(BASE);
  await says(clerk, PROJECT);
  await picture(clerk, "approvals-queue");
  const act = async (name, fill = async () => {}) => {
    await clerk.goto(path);
    await clerk.locator(`main a[href*='act=${name}&']`).first().click();
    await clerk.waitForLoadState();
    await fill();
    await send(clerk, "/acts");
    await clerk.waitForURL((url) => url.pathname === path);
  };
  await act("ask_correction", () => clerk.fill("textarea[name=missing]", "总平面图\n授权委托书"));

  await applicant.goto(path);
  await says(applicant, "授权委托书");
  await picture(applicant, "approvals-correction");
  await send(applicant, "/correction");
  await applicant.goto(path);

  await act("accept");
  await says(clerk, "计时中");
  await act("suspend", () => clerk.locator("input[name=ground][value=hearing]").check({ force: true }));
  await says(clerk, "计时停止");
  await act("resume");
  await clerk.locator("main details summary", { hasText: "为什么是这一天" }).first().click();
  await says(clerk, "承诺时限 15 个工作日");
  await picture(clerk, "approvals-file");
  await act("finish");
  await act("decide", async () => {
    await clerk.locator("input[name=result][value=failed]").check({ force: true });
    await clerk.fill("textarea[name=reason]", "与详细规划不符");
  });
  await applicant.goto(path);
  await says(applicant, "与详细规划不符");
  await picture(applicant, "approvals-decided");

  const other = await world.person("zhuhu");
  const refused = await other.goto(path);
  assert.ok(refused.status() >= 400, "nobody else sees it");
  await clerk.selectOption("select#acting-for", "");
  await send(clerk, "/me/acting-for");
}
