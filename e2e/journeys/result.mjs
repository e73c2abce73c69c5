// Anyone entitled, after a decision: the numbers, the announcement, the record, the sheet.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

import { DESK, download, picture, says } from "../world.mjs";

export const journeys = [["an owner reads the result and takes it home", result]];

async function result(world) {
  const page = await world.person("yezhu", { viewport: DESK });
  const [community] = await world.communities(page);
  const resolution = await world.resolution(page, community, "已公告");
  await page.goto(`${resolution}/result`);
  await says(page, "民法典");
  await says(page, /m²|平方米|㎡/);
  await picture(page, "result");

  const pdf = await download(page, `${resolution}/announcement/file`);
  assert.equal(pdf.body.subarray(0, 5).toString(), "%PDF-");
  const read = spawnSync("pdftotext", ["-", "-"], { input: pdf.body, encoding: "utf8" });
  assert.equal(read.status, 0, read.stderr);
  const title = await page.locator("nav.crumbs a").last().innerText();
  const folded = read.stdout.replaceAll(/\s/g, "");
  assert.ok(folded.includes(title.replaceAll(/\s/g, "")), `the PDF does not say ${title}: ${read.stdout.slice(0, 400)}`);

  const sheet = await download(page, `${resolution}/result/export`);
  assert.equal(sheet.body.subarray(0, 2).toString(), "PK");
  const record = JSON.parse((await download(page, `${resolution}/record`)).body);
  assert.ok(record.ballots.length > 500, "the record has every ballot");

  // Any ballot of the record is found by its code, typed in any case.
  const { code } = record.ballots[7];
  await page.goto(`${resolution}/check?code=${code.toLowerCase().replaceAll("-", "")}`);
  await says(page, code);
  await picture(page, "check-found");
  await page.goto(`${resolution}/check?code=0000-0000-0000`);
  assert.equal(await page.locator("main .danger, main [class*=danger]").count() > 0, true, "an unknown code is told so");
}
