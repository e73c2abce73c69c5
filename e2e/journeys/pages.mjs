// Every page that a person can reach, in both modes in Chinese and in elder mode in English, on a small phone: WCAG 2.2 AA by axe, the sizes
// of elder mode, nothing wider than the screen, nothing wrong in the console.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

import { elderFindings } from "../elder.mjs";
import { PHONE, picture } from "../world.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const OUTSIDE = ["/", "/about", "/sign-in", "/join", "/reset", "/components", "/api/v1"];

/** Pages of one pattern that are worth more than one visit: they look different by stage. */
const SEVERAL = { "/c/{id}/decisions/{id}": 4, "/c/{id}/polls/{id}": 3, "/c/{id}/budgets/{id}": 2, "/c/{id}/consultations/{id}": 2, "/c/{id}": 2 };
/** Links that are no pages. */
const NO_PAGE = /\.(xes|bpmn|svg)$|\/(file|export|report|record|board|pabulib|picture|attachments\/[^/]+|openapi\.json)$|^\/assets\/|^\/sign-out/;

export const journeys = [
  ["every page outside", (world, note) => outside(world, note)],
  ["every page of an owner", (world, note) => inside(world, note, "yezhu")],
  ["every page of a committee member", (world, note) => inside(world, note, "weiyuan")],
  ["every page of a resident", (world, note) => inside(world, note, "zhuhu")],
  ["every page of a provider", (world, note) => inside(world, note, "shangjia")],
  ["every page of an applicant", (world, note) => inside(world, note, "shenqing")],
  ["every page of a supervisor", (world, note) => inside(world, note, "jiandu")],
  ["every page of the city's staff", (world, note) => inside(world, note, "jiedao")],
];

// Large English text is the hardest to fit; what it fits into also fits the standard mode.
const LOOKS = [
  { language: "zh-CN", mode: "standard" },
  { language: "zh-CN", mode: "elder" },
  { language: "en", mode: "elder" },
];

async function outside(world, note) {
  const [community] = await world.communities(await world.person("zhuhu"));
  const consultations = `/c/${community}/consultations`;
  for (const look of LOOKS) {
    const page = await world.stranger(look);
    await page.goto(consultations);
    const open = await page.locator("main a[href*='/consultations/']").first().getAttribute("href");
    await visitAll(page, [...OUTSIDE, consultations, open], look, "outside", note);
  }
  return "counted";
}

/** Patterns that someone before has been through and that look the same to the next. */
const done = new Set();
const DIFFERENT = ["/", "/c/{id}", "/c/{id}/decisions", "/c/{id}/decisions/{id}"];

async function inside(world, note, login) {
  const all = await reachable(await world.person(login));
  const paths = all.filter((path) => DIFFERENT.includes(patternOf(path)) || !done.has(patternOf(path)));
  all.forEach((path) => done.add(patternOf(path)));
  for (const look of LOOKS) {
    const page = await world.person(login, look);
    await visitAll(page, paths, look, login, note);
  }
  return "counted";
}

/** The paths that links lead to, a few of each pattern. */
async function reachable(page) {
  const waiting = ["/", "/me"];
  const seen = new Map();
  const paths = [];
  while (waiting.length > 0) {
    const path = waiting.shift();
    const pattern = patternOf(path);
    const times = seen.get(pattern) ?? 0;
    if (paths.includes(path) || times >= (SEVERAL[pattern] ?? 1)) continue;
    const answer = await page.goto(path);
    if (answer.status() >= 400) throw new Error(`a link leads to ${path}, which answers ${answer.status()}`);
    seen.set(pattern, times + 1);
    paths.push(path);
    const links = await page.locator("a[href]").evaluateAll((all) => all
      .filter((link) => link.origin === location.origin && !link.hasAttribute("download"))
      .map((link) => link.pathname + link.search));
    waiting.push(...links.filter((link) => !NO_PAGE.test(link.split("?")[0])));
  }
  return paths;
}

function patternOf(path) {
  const [plain, query] = path.split("?");
  const names = [...new URLSearchParams(query ?? "").keys()].sort().join("&");
  return plain.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}").replace(/\/responsibility\/[a-z_]+$/, "/responsibility/{unit}").replace(/\/buildings\/\d+$/, "/buildings/{number}") + (names && `?${names}`);
}

async function visitAll(page, paths, look, who, note) {
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  for (const path of paths) {
    const name = `${who} ${look.language} ${look.mode} ${patternOf(path)}`;
    errors.length = 0;
    try {
      await page.goto(path);
      const findings = [...await audit(page), ...await sizes(page, look), ...errors.map((error) => `console: ${error}`)];
      note(name, findings.length > 0 ? `${path}\n${findings.join("\n")}` : undefined);
      await picture(page, `${who}-${look.language}-${look.mode}-${patternOf(path).replaceAll(/[^a-z0-9]+/gi, "-")}`);
    } catch (error) {
      note(name, error);
    }
  }
}

/** What axe finds. Evaluated from outside, so that the page's content security policy stays as it is. */
async function audit(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: "tag", values } }), RULES);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map((node) => `axe ${id}: ${help}: ${node.target.join(" ")}`));
}

/** What is too small in elder mode, or wider than the phone in either. */
async function sizes(page, look) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  const wide = width > PHONE.width ? [`the page is ${width} px wide on a screen of ${PHONE.width}`] : [];
  if (look.mode !== "elder") return wide;
  const small = await elderFindings(page);
  return [...wide, ...small.map((one) => `elder ${one.rule}: ${one.measured}: ${one.element}`)];
}
