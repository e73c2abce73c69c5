// Who may not, may not: residents, strangers, neighbours of another community, other sites.

import assert from "node:assert/strict";

import { picture } from "../world.mjs";

export const journeys = [
  ["a resident is refused what is the committee's", resident],
  ["a stranger is led to the sign-in page and back", stranger],
  ["another community's ids lead nowhere", elsewhere],
  ["a form sent from another site is refused", forged],
];

async function resident(world) {
  const page = await world.person("zhuhu");
  const [community] = await world.communities(page);
  const voting = (await world.resolution(page, community, "表决中")).split("/").pop();
  for (const path of ["decisions/new", `decisions/${voting}/units`, `decisions/${voting}/votes`, "people", "invitations"]) {
    const answer = await page.goto(`/c/${community}/${path}`);
    assert.equal(answer.status(), 403, `${path} answers ${answer.status()}`);
  }
  await picture(page, "refused");
  const rules = await page.request.post(`/c/${community}/decisions/rules`, {
    form: { source: "a", silence: "not_counted", objection_days: "7" }, headers: { origin: world.base, "sec-fetch-site": "same-origin" },
  });
  assert.equal(rules.status(), 403, "a resident adopts no rules");
  const posted = await page.request.post(`/api/v1/communities/${community}/resolutions`, {
    data: { title: "a", body: "b", matter: "rebuild", meeting: "regular", opens_us: 1, closes_us: 2 },
  });
  assert.equal(posted.status(), 403);
}

async function stranger(world) {
  const page = await world.stranger();
  const member = await world.person("yezhu");
  const [community] = await world.communities(member);
  await page.goto(`/c/${community}/decisions`);
  const url = new URL(page.url());
  assert.equal(url.pathname, "/sign-in");
  assert.equal(url.searchParams.get("next"), `/c/${community}/decisions`);
  const api = await page.request.get(`/api/v1/communities/${community}/resolutions`);
  assert.ok([401, 403].includes(api.status()), `the API answers a stranger ${api.status()}`);
  const away = await page.goto("/sign-in?next=https://example.org/");
  assert.equal(away.status(), 200);
}

async function elsewhere(world) {
  const page = await world.person("yezhu");
  const [first, second] = await world.communities(page);
  const resolution = (await world.resolution(page, first, "表决中")).split("/").pop();
  for (const path of [`/c/${second}/decisions/${resolution}`, `/c/${second}/decisions/${resolution}/units`]) {
    const answer = await page.goto(path);
    assert.ok([403, 404].includes(answer.status()), `${path} answers ${answer.status()}`);
  }
  const nowhere = await page.goto("/c/00000000-0000-7000-8000-000000000001/decisions");
  assert.ok([403, 404].includes(nowhere.status()), `an unknown community answers ${nowhere.status()}`);
  const nonsense = await page.goto("/c/nonsense/decisions");
  assert.ok([400, 404].includes(nonsense.status()), `a malformed id answers ${nonsense.status()}`);
  await picture(page, "nowhere");
}

async function forged(world) {
  const page = await world.person("yezhu");
  const answer = await page.request.post("/preferences", {
    form: { language: "en", next: "/" }, headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, maxRedirects: 0,
  });
  assert.equal(answer.status(), 403);
}
