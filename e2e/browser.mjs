// Linli in a real browser: journeys of owners and committee members, then every page for everyone's eyes.
//
//   LINLI_BINARY=target/debug/linli node e2e/browser.mjs [PART OF A JOURNEY'S NAME]
//
// Pictures of every page go to target/e2e/pictures/.

import { chromium } from "playwright-core";

import { journeys as approvals } from "./journeys/approvals.mjs";
import { journeys as budget } from "./journeys/budget.mjs";
import { journeys as committee } from "./journeys/committee.mjs";
import { journeys as meetings } from "./journeys/meetings.mjs";
import { journeys as office } from "./journeys/office.mjs";
import { journeys as owner } from "./journeys/owner.mjs";
import { journeys as pages } from "./journeys/pages.mjs";
import { journeys as passkey } from "./journeys/passkey.mjs";
import { journeys as points } from "./journeys/points.mjs";
import { journeys as processes } from "./journeys/process.mjs";
import { journeys as program } from "./journeys/program.mjs";
import { journeys as poll } from "./journeys/poll.mjs";
import { journeys as refusals } from "./journeys/refusals.mjs";
import { journeys as result } from "./journeys/result.mjs";
import { journeys as circle } from "./journeys/circle.mjs";
import { journeys as consultation } from "./journeys/consultation.mjs";
import { journeys as fund } from "./journeys/fund.mjs";
import { journeys as timebank } from "./journeys/timebank.mjs";
import { prepare, serve } from "./server.mjs";
import { World, picture } from "./world.mjs";

const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const wanted = process.argv[2] ?? "";
const server = await serve(prepare());
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ARGUMENTS,
});
const counts = { passed: 0, failed: 0 };

/** Counts a check and says how it went. */
function note(name, error) {
  counts[error ? "failed" : "passed"] += 1;
  console.log(error ? `FAILED ${name}\n  ${String(error.stack ?? error).replaceAll("\n", "\n  ")}` : `ok     ${name}`);
}

try {
  for (const [name, journey] of [...owner, ...committee, ...meetings, ...office, ...points, ...timebank, ...fund, ...poll, ...budget, ...consultation, ...circle, ...approvals, ...result, ...refusals, ...passkey, ...processes, ...program, ...pages]) {
    if (!name.includes(wanted)) continue;
    const world = new World(browser, server.base);
    try {
      // A journey that is many checks counts them itself.
      if (await journey(world, note) !== "counted") note(name);
    } catch (error) {
      note(name, error);
      for (const page of browser.contexts().flatMap((context) => context.pages())) {
        await picture(page, `failed-${name.replaceAll(/[^a-z]+/gi, "-")}`).catch(() => {});
      }
    }
    await world.rest();
  }
} finally {
  await browser.close();
  await server.stop();
}
if (server.log().trim()) console.log(`the server's log:\n${server.log()}`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
