// A committee member at a desk: drafts, is told what the law asks, publishes, records a paper vote.

import assert from "node:assert/strict";

import { DESK, picture, says, send } from "../world.mjs";

const MEMBER = "weiyuan";

export const journeys = [
  ["a committee member drafts by the law and publishes", draft],
  ["a committee member records a vote on paper", record],
];

/** That many days from now at this hour, as a form writes it. */
function day(days, hour) {
  const at = new Date(Date.now() + days * 86_400_000);
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(at);
  return `${date}T${hour}:00`;
}

async function draft(world) {
  const page = await world.person(MEMBER, { viewport: DESK });
  const [community] = await world.communities(page);
  await page.goto(`/c/${community}/decisions`);
  await page.locator("a[href$='/decisions/new']").click();
  await page.waitForURL(/\/decisions\/new$/);
  await page.fill("input[name=title]", "更换小区监控系统");
  await page.fill("textarea[name=body]", "拟更换全部 64 路监控，费用 18 万元，由公共收益列支。");

  // The panel follows the matter: participation of two thirds for all, consent by matter.
  await page.selectOption("select[name=matter]", "change_common_use");
  await page.waitForFunction(() => document.querySelector("#requirements").textContent.includes("3/4"));
  await says(page, "2/3");
  // The clause stands beside the threshold; its words are folded below.
  assert.match(await page.locator("#requirements dl").innerText(), /民法典.*第二百七十八条|民法典/);
  await page.locator("#requirements summary").click();
  await says(page, "四分之三以上");
  await page.selectOption("select[name=matter]", "other_major");
  await page.waitForFunction(() => !document.querySelector("#requirements").textContent.includes("3/4"));
  await picture(page, "committee-draft");

  await page.fill("input[name=opens]", day(3, "09"));
  await page.fill("input[name=closes]", day(17, "18"));
  await send(page, "/decisions");
  await page.waitForURL(/\/decisions\/[0-9a-f-]{36}$/);
  const resolution = new URL(page.url()).pathname;

  // Three days of notice are too short: said on the page, and refused by the server all the same.
  await page.goto(`${resolution}/publish`);
  await says(page, "15");
  assert.equal(await page.locator(`form[action='${resolution}/publish']`).count(), 0, "a refused draft offers no publication");
  await picture(page, "committee-refused");
  const forced = await page.request.post(`${resolution}/publish`, { headers: { origin: world.base, "sec-fetch-site": "same-origin" } });
  assert.equal(forced.status(), 422, "the server refuses too");

  await page.goto(`${resolution}/edit`);
  await page.fill("input[name=opens]", day(17, "09"));
  await page.fill("input[name=closes]", day(31, "18"));
  await send(page, "/edit");
  await page.waitForURL((url) => url.pathname === resolution);
  await page.goto(`${resolution}/publish`);
  await picture(page, "committee-publish");
  await send(page, "/publish");
  await page.waitForURL((url) => url.pathname === resolution);
  await says(page, /20\d\d-\d+/);
  await picture(page, "committee-published");
}

async function record(world) {
  const page = await world.person(MEMBER, { viewport: DESK });
  const [community] = await world.communities(page);
  const resolution = await world.resolution(page, community, "表决中");
  await page.goto(`${resolution}/units?show=open`);
  await picture(page, "committee-units");
  const link = page.locator("a[href*='/votes?building=']").first();
  const query = new URL(await link.getAttribute("href"), world.base).searchParams;
  const [building, unit] = [query.get("building"), query.get("unit")];
  await link.click();
  await page.waitForURL(/\/votes\?/);
  assert.equal(await page.inputValue("input[name=building]"), building);

  // Without evidence there is no vote.
  await page.locator("input[name=choice][value=for]").check({ force: true });
  await page.selectOption("select[name=channel]", "paper");
  await page.fill("textarea[name=evidence]", " ");
  await send(page, "/votes");
  assert.match(page.url(), /\/votes/);

  await page.goto(`${resolution}/votes?building=${encodeURIComponent(building)}&unit=${encodeURIComponent(unit)}`);
  await page.locator("input[name=choice][value=for]").check({ force: true });
  await page.selectOption("select[name=channel]", "paper");
  await page.fill("textarea[name=evidence]", "表决票第 1201 号，业委会档案柜");
  await picture(page, "committee-record-vote");
  await send(page, "/votes");
  await page.waitForURL(/\/units/);
  await page.goto(`${resolution}/units?show=open`);
  const open = await page.locator("a[href*='/votes?building=']").evaluateAll((all) => all.map((link) => {
    const asked = new URL(link.href).searchParams;
    return `${asked.get("building")} ${asked.get("unit")}`;
  }));
  assert.ok(open.length > 0 && !open.includes(`${building} ${unit}`), "a recorded unit is no longer open");
}
