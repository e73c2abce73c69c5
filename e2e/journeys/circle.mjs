// A planner looks at a life circle: a map that is none is refused, gaps, the way to a school, a list in the wrong datum, what if,
// sites, Excel; and the map that is dragged.

import assert from "node:assert/strict";

import { DESK, download, picture, says, send } from "../world.mjs";

const CITY = "00000000-0000-0000-0000-000000000000";

export const journeys = [
  ["a planner finds the gaps and what would fill them", planned],
  ["a list in the wrong datum is noticed and put right", restated],
  ["the map is dragged and says at once who gains", dragged],
];

/** The path of the demo's life circle. */
async function circleOf(page) {
  await page.goto(`/c/${CITY}/circles`);
  return page.locator("main li a[href*='/circles/']", { hasText: "东浦" }).first().getAttribute("href");
}

async function planned(world) {
  const page = await world.person("banjian", { viewport: DESK, script: false });
  await page.goto(`/c/${CITY}/circles`);
  await page.fill("input[name=name]", "城西片区");
  await send(page, "/circles");
  await says(page, "请导入街道地图");
  await page.setInputFiles("input[name=file]", { name: "x.osm.pbf", mimeType: "application/octet-stream", buffer: Buffer.from("no map") });
  await send(page, "/maps");
  await says(page, "这不是街道地图");
  const base = await circleOf(page);
  const map = await download(page, `${base}/maps/1`);
  await page.goto(`/c/${CITY}/circles`);
  await page.locator("main li a", { hasText: "城西片区" }).first().click();
  await page.setInputFiles("input[name=file]", { name: "copy.osm.pbf", mimeType: "application/octet-stream", buffer: map.body });
  await send(page, "/maps");
  for (let tries = 0; tries < 30 && !(await page.locator("main table").count()); tries += 1) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await says(page, "达标建筑");
  await picture(page, "circle-overview");
  await page.goto(`${base}/gaps?kind=kindergarten`);
  await says(page, "幢，共");
  await page.locator("main table tbody a").first().click();
  await says(page, "最近的五处");
  await page.locator("main table a", { hasText: "小学" }).first().click();
  await says(page, /米，\d+ 分/);
  await picture(page, "circle-building");
  const file = await download(page, `${base}/gaps/export`);
  assert.ok(file.body.length > 20_000, "the Excel");
  await page.goto(`${base}/map?kind=kindergarten`);
  await page.locator("a.map-move").first().click();
  assert.match(page.url(), /zoom=1/);
  await picture(page, "circle-map");
  await page.goto(`${base}/whatif/sites?kind=kindergarten&count=3`);
  await says(page, "最多不超过");
  await page.locator("main table a", { hasText: "做成方案" }).first().click();
  await page.fill("input[name=name]", "选址一");
  await page.fill("input[name=place]", "这里");
  await send(page, "/whatif");
  await says(page, "不是经纬度");
  await page.fill("input[name=place]", "120.585000,30.008000");
  await send(page, "/whatif");
  await says(page, "变好：");
  await page.goto(`${base}/whatif`);
  await page.selectOption("select[name=one]", { index: 1 });
  await page.selectOption("select[name=other]", { index: 2 });
  await page.locator("form[action$='/compare'] button").click();
  assert.equal(await page.locator("main img.map-picture").count(), 2, "two side by side");
  await picture(page, "circle-compare");
}

async function restated(world) {
  const page = await world.person("banjian", { viewport: DESK });
  const base = await circleOf(page);
  // Doors on the demo's streets, shifted as Amap shows them.
  const shift = [0.0045, -0.0026];
  const rows = Array.from({ length: 12 }, (_, step) => {
    const [lon, lat] = [120.571 + step * 0.00137, 29.99 + (step % 4) * 0.00162 + 0.0000312];
    return `${(lon + shift[0]).toFixed(7)},${(lat + shift[1]).toFixed(7)},公共厕所,厕所${step}`;
  });
  await page.goto(`${base}/lists`);
  await page.selectOption("select[name=kind]", "facilities");
  await page.selectOption("select[name=datum]", "wgs84");
  await page.setInputFiles("input[name=file]", { name: "厕所.csv", mimeType: "text/csv", buffer: Buffer.from(`经度,纬度,类型,名称\n${rows.join("\n")}\n一百二,三十,公共厕所,坏行\n`) });
  await send(page, "/lists");
  await says(page, "坐标系可能不对");
  await says(page, "经纬度读不出来");
  await picture(page, "circle-datum");
  await page.locator("form[action$='/datum'] button", { hasText: "GCJ-02" }).first().click();
  await says(page, "坐标系已更正");
  assert.ok(!(await page.locator("main").innerText()).includes("坐标系可能不对"), "nothing to doubt any more");
  await send(page, "/withdrawal");
  await says(page, "已停用");
}

async function dragged(world) {
  const page = await world.person("banjian", { viewport: DESK });
  const base = await circleOf(page);
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`${base}/whatif?kind=kindergarten`);
  await page.locator("[data-map-open]").click();
  await page.waitForFunction(() => window.linliMap?.loaded(), undefined, { timeout: 30_000 });
  await picture(page, "circle-dragged");
  const shown = await page.evaluate(() => window.linliMap.queryRenderedFeatures(undefined, { layers: ["buildings"] }).length);
  assert.ok(shown > 100, `${shown} buildings are drawn`);
  await page.mouse.click(...await middle(page, 90, 60));
  await page.waitForFunction(() => /变好/.test(document.querySelector("[data-gain]").textContent));
  assert.match(await page.inputValue("input[name=place]"), /^120\.\d{6},\d+\.\d{6}$/);
  assert.deepEqual(errors, []);
}

/** A place on the screen, so far from the middle of the map. */
async function middle(page, right, down) {
  const box = await page.locator(".map-live").boundingBox();
  return [box.x + box.width / 2 + right, box.y + box.height / 2 + down];
}
