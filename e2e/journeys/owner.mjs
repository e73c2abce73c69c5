// An owner on a phone: sees what waits, votes, keeps the receipt, changes the vote, proves it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BINARY } from "../server.mjs";
import { download, picture, says, send, text } from "../world.mjs";

const OWNER = "yezhu";
const CODE = /[0-9A-HJKMNP-TV-Z]{4}[ -]?[0-9A-HJKMNP-TV-Z]{4}[ -]?[0-9A-HJKMNP-TV-Z]{4}/;

export const journeys = [
  ["an owner votes on a phone, changes the vote and proves it", (world) => vote(world, 0, true)],
  ["an owner votes on a phone without scripts", (world) => vote(world, 1, false)],
];

async function vote(world, place, script) {
  const page = await world.person(OWNER, { script });
  const community = (await world.communities(page))[place];
  assert.ok(community, `${OWNER} belongs to ${place + 1} communities`);
  await page.goto(`/c/${community}`);
  const name = script ? "script" : "plain";
  await picture(page, `owner-home-${name}`);
  await page.locator(".needs-you a[href*='/decisions/'], main a[href*='/decisions/']").first().click();
  await page.waitForURL(/\/decisions\/[0-9a-f-]{36}$/);
  await picture(page, `owner-resolution-${name}`);
  const ballot = page.locator("a[href*='/ballot/']").first();
  await ballot.click();
  await page.waitForURL(/\/ballot\//);
  const resolution = page.url().split("/ballot/")[0];
  const unit = page.url().split("/ballot/")[1];
  const chosen = await page.locator("input[name=choice]:checked").count();
  assert.equal(chosen, 0, "a ballot must not lean");
  await picture(page, `owner-ballot-${name}`);

  const first = await cast(page, "for", unit);
  await picture(page, `owner-receipt-${name}`);
  await prove(page, community, resolution, unit);

  await page.goto(`${resolution}/ballot/${unit}`);
  assert.equal(await page.locator("input[name=choice]:checked").getAttribute("value"), "for");
  const second = await cast(page, "against", unit);
  assert.notEqual(second, first, "a changed vote has a receipt of its own");
  await prove(page, community, resolution, unit);
  await checkOf(page, resolution, second);
}

/** Chooses, sends, and answers the receipt's code. */
async function cast(page, choice, unit) {
  await page.locator(`input[name=choice][value=${choice}]`).check({ force: true });
  await send(page, `/ballot/${unit}`);
  await page.waitForURL(/\/receipt\//);
  const code = (await text(page)).match(CODE)?.[0];
  assert.ok(code, "the receipt shows its code");
  return code;
}

/** The downloaded receipt holds under the downloaded head, for a program that never saw the server. */
async function prove(page, community, resolution, unit) {
  const folder = mkdtempSync(join(tmpdir(), "linli-receipt-"));
  const [receipt, head] = [join(folder, "receipt.json"), join(folder, "head.json")];
  const file = await download(page, `${resolution}/receipt/${unit}/file`);
  assert.match(file.headers["content-disposition"], /^attachment/);
  writeFileSync(receipt, file.body);
  writeFileSync(head, (await download(page, `/api/v1/communities/${community}/journal/head`)).body);
  const proof = spawnSync(BINARY, ["verify", receipt, "--head", head], { encoding: "utf8" });
  assert.equal(proof.status, 0, `linli verify refuses the receipt: ${proof.stdout}${proof.stderr}`);

  const altered = JSON.parse(file.body);
  assert.ok(altered.position > 0);
  writeFileSync(receipt, file.body.toString().replace(`"position":${altered.position}`, `"position":${altered.position - 1}`)
    .replace(`"position": ${altered.position}`, `"position": ${altered.position - 1}`));
  const refused = spawnSync(BINARY, ["verify", receipt, "--head", head], { encoding: "utf8" });
  assert.notEqual(refused.status, 0, "linli verify takes an altered receipt");
}

/** Before the count the check says when to come back. */
async function checkOf(page, resolution, code) {
  await page.goto(`${resolution}/check?code=${code}`);
  await says(page, "公布");
  await page.fill("input[name=code]", code.toLowerCase());
  await send(page, "/check");
  assert.match(page.url(), /code=/);
}
