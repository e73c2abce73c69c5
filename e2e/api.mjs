// The running API against its own description, by schemathesis: no server error, answers as described.
//
//   LINLI_BINARY=target/debug/linli SCHEMATHESIS=schemathesis node e2e/api.mjs

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { OUTPUT, prepare, serve, token } from "./server.mjs";

const SCHEMATHESIS = process.env.SCHEMATHESIS ?? "schemathesis";
const EXAMPLES = process.env.LINLI_API_EXAMPLES ?? "12";
const CHECKS = "not_a_server_error,response_schema_conformance,content_type_conformance,status_code_conformance";

const counts = { passed: 0, failed: 0 };
mkdirSync(OUTPUT, { recursive: true });
// Those of a community try everything there; those of the city its approvals, which stand nowhere else.
for (const [login, place] of Object.entries({
  weiyuan: ofCommunity, yezhu: ofCommunity, banjian: ofCity, shenqing: ofCity, jiandu: ofCity, jiedao: ofCity,
})) {
  // Each in a city of its own: whoever goes first may withdraw the vote that the next would cast.
  const server = await serve(prepare());
  try {
    say(await tried(server.base, login, place), `the API keeps its description for ${login}`);
    const log = server.log();
    say(!/\bERROR\b/.test(log), `the server logged no error for ${login}`, log.slice(0, 8000));
  } finally {
    await server.stop();
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** Counts and tells what held, with the evidence where it did not. */
function say(held, what, evidence = "") {
  counts[held ? "passed" : "failed"] += 1;
  console.log(held ? `ok     ${what}` : `FAILED ${what}\n${evidence}`);
}

/** Tries every operation of a place as this person. */
async function tried(base, login, place) {
  const bearer = await token(base, login);
  const ask = async (path) => (await fetch(base + path, { headers: { authorization: `Bearer ${bearer}` } })).json();
  const actFor = (organisation) => fetch(`${base}/me/acting-for`, {
    method: "POST", redirect: "manual", body: new URLSearchParams({ organisation }), headers: { authorization: `Bearer ${bearer}` },
  });
  const { ids, only } = await place(ask, login, actFor);
  const config = join(OUTPUT, `schemathesis-${login}.toml`);
  writeFileSync(config, ["[parameters]", ...Object.entries(ids).map(([name, id]) => `"path.${name}" = "${id}"`), ""].join("\n"));
  return run([
    "--config-file", config, "run", `${base}/api/v1/openapi.json`,
    "--header", `Authorization: Bearer ${bearer}`, "--checks", CHECKS, "--max-examples", EXAMPLES,
    "--seed", "7", "--continue-on-failure",
    // These would end the session that the others need, or lock the sign-in out.
    "--exclude-path-regex", "^/api/v1/(sessions|me/password)", ...only,
  ]);
}

/** Ids that exist in a community, so that requests reach further than "not found". */
async function ofCommunity(ask) {
  const { roles } = await ask("/api/v1/me");
  const community = roles[0].community;
  const resolutions = await ask(`/api/v1/communities/${community}/resolutions`);
  const voting = resolutions.find((resolution) => resolution.stage === "voting");
  const { own_units } = await ask(`/api/v1/communities/${community}/resolutions/${voting.id}`);
  return { ids: { community, resolution: voting.id, unit: own_units[0]?.unit ?? community }, only: [] };
}

/** Those of the city: a file that the person can open, its paper, a process. */
async function ofCity(ask, login, actFor) {
  const community = "00000000-0000-0000-0000-000000000000";
  const base = `/api/v1/communities/${community}`;
  const { organisations } = await ask("/api/v1/me");
  if (login === "banjian") await actFor(organisations[0].id);
  const lists = { shenqing: "approvals", banjian: "approvals/queue", jiandu: "approval-cards", jiedao: "approval-cards" };
  const list = await ask(`${base}/${lists[login]}`);
  const file = list.find((one) => one.number !== null) ?? list[0];
  const id = file.id ?? file.case;
  const { papers } = await ask(`${base}/approvals/${id}`);
  const [newest] = await ask(`${base}/approval-processes`);
  const ids = {
    community, case: id, paper: papers?.[0]?.id ?? id, process: newest.process, version: newest.version, unit: "natural_resources",
  };
  return { ids, only: ["--include-path-regex", "/communities/[^/]+/approval"] };
}

function run(arguments_) {
  return new Promise((resolve, reject) => {
    const child = spawn(SCHEMATHESIS, arguments_, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code === 0));
  });
}
