// A program does by the API what committee and owners do on pages: documents, rules, progress, the record, the announcement.

import assert from "node:assert/strict";

import { token } from "../server.mjs";

export const journeys = [
  ["a program drafts, attaches and reads back", drafts],
  ["a program reads everything of a decision that is over", readsTheEnd],
];

/** The API as one person: `ask(method, path, body)` gives status, media type and content. */
async function program(world, login) {
  const bearer = await token(world.base, login);
  const ask = async (method, path, body) => {
    const isForm = body instanceof FormData;
    const answer = await fetch(`${world.base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, ...(body && !isForm && { "content-type": "application/json" }) },
      body: body && !isForm ? JSON.stringify(body) : body,
    });
    const type = answer.headers.get("content-type") ?? "";
    const content = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, type, content, json: type.includes("json") ? JSON.parse(content) : undefined };
  };
  const { roles } = (await ask("GET", "/me")).json;
  return { ask, community: `/communities/${roles[0].community}` };
}

async function drafts(world) {
  const { ask, community } = await program(world, "weiyuan");
  const asked = await ask("GET", `${community}/decision-requirements?matter=use_repair_fund&meeting=regular`);
  assert.equal(asked.status, 200);
  assert.deepEqual([asked.json.participation_heads.numerator, asked.json.participation_heads.denominator], [2, 3]);
  assert.ok(asked.json.grounds.some((ground) => ground.citation.includes("第二百七十八条")));
  const clauses = asked.json.grounds.map((ground) => JSON.stringify(ground));
  assert.equal(new Set(clauses).size, clauses.length, "a clause is told once");
  const nonsense = await ask("GET", `${community}/decision-requirements?matter=dinner&meeting=regular`);
  assert.equal(nonsense.status, 422);

  const opens_us = Date.now() * 1000 + 40 * 86_400e6;
  const drafted = await ask("POST", `${community}/resolutions`, {
    title: "维修单元门", body: "更换七号楼单元门。", matter: "use_repair_fund", meeting: "regular",
    opens_us, closes_us: opens_us + 20 * 86_400e6,
  });
  assert.equal(drafted.status, 201, drafted.content.toString());
  const resolution = `${community}/resolutions/${drafted.json.id}`;
  const file = new Blob(["报价：三家。"], { type: "text/plain" });
  const form = new FormData();
  form.set("file", file, "报价.txt");
  const attached = await ask("POST", `${resolution}/attachments`, form);
  assert.equal(attached.status, 201, attached.content.toString());
  const listed = (await ask("GET", `${resolution}/attachments`)).json;
  assert.deepEqual(listed.map(({ name, purpose, size }) => ({ name, purpose, size })),
    [{ name: "报价.txt", purpose: "document", size: file.size }]);
  const fetched = await ask("GET", `${resolution}/attachments/${attached.json.id}`);
  assert.equal(fetched.content.toString(), "报价：三家。");
  const fake = new FormData();
  fake.set("file", new Blob(["<script>"], { type: "application/pdf" }), "a.pdf");
  assert.equal((await ask("POST", `${resolution}/attachments`, fake)).status, 422);
  assert.equal((await ask("DELETE", `${resolution}/attachments/${attached.json.id}`)).status, 204);
  assert.deepEqual((await ask("GET", `${resolution}/attachments`)).json, []);
  const history = (await ask("GET", `${resolution}/history`)).json.map((act) => act.kind);
  assert.equal(history.at(-1), "decisions.resolution.drafted");
  assert.equal(history.length, 3, `${history}`);

  const rules = await ask("GET", `${community}/decision-rules`);
  const adopted = await ask("POST", `${community}/decision-rules`, { ...rules.json, source: "业主大会议事规则 第十二条" });
  assert.equal(adopted.status, 201, adopted.content.toString());
  assert.equal(adopted.json.version, rules.json.version + 1);
  const owner = await program(world, "yezhu");
  const refused = await owner.ask("POST", `${owner.community}/decision-rules`, rules.json);
  assert.equal(refused.status, 403);
  assert.equal((await owner.ask("GET", `${owner.community}/resolutions/${drafted.json.id}/attachments`)).status, 404);
}

async function readsTheEnd(world) {
  const { ask, community } = await program(world, "weiyuan");
  const all = (await ask("GET", `${community}/resolutions`)).json;
  const over = `${community}/resolutions/${all.find((one) => one.stage === "announced").id}`;
  const announcement = (await ask("GET", `${over}/announcement`)).json;
  assert.ok(announcement.is_final && announcement.lines.some((line) => line.includes("民法典")));
  const pdf = await ask("GET", `${over}/announcement/file`);
  assert.equal(pdf.content.subarray(0, 5).toString(), "%PDF-");
  const { ballots } = (await ask("GET", `${over}/record`)).json;
  const { code, choice } = ballots[3];
  const found = await ask("GET", `${over}/record/ballot?code=${code.toLowerCase()}`);
  assert.deepEqual([found.json.code, found.json.choice], [code, choice]);
  assert.equal((await ask("GET", `${over}/record/ballot?code=0000-0000-0000`)).status, 404);
  const units = (await ask("GET", `${over}/units`)).json;
  assert.equal(units.filter((unit) => unit.voted_at !== null).length, ballots.length);
  assert.ok(Array.isArray((await ask("GET", `${over}/objections`)).json));
  // After the close the server's time decides, and the answer says when that was.
  const owner = await program(world, "yezhu");
  const own = (await owner.ask("GET", over)).json.own_units[0];
  const late = await owner.ask("POST", `${over}/votes`, { unit: own.unit, choice: "for" });
  assert.equal(late.status, 409);
  assert.match(late.json.detail, /\d{4}-\d\d-\d\d \d\d:\d\d/);
  assert.equal((await owner.ask("GET", `${over}/units`)).status, 403);
}
