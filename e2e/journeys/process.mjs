// Every process leaves Linli as BPMN 2.0 and opens in bpmn-js, as drawn: nothing is missing, nothing is warned of.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { BINARY } from "../server.mjs";
import { DESK, picture } from "../world.mjs";

export const journeys = [["every process opens in bpmn-js", opens]];

const VIEWER = join(dirname(createRequire(import.meta.url).resolve("bpmn-js/package.json")), "dist/bpmn-viewer.development.js");
const PROCESSES = join(dirname(fileURLToPath(import.meta.url)), "../../policy/processes");

async function opens(world) {
  const files = readdirSync(PROCESSES).filter((name) => name.endsWith(".toml"));
  assert.ok(files.length > 0, "there are processes");
  for (const [name, lang] of files.flatMap((name) => [[name, "zh"], [name, "en"]])) {
    const exported = spawnSync(BINARY, ["flow", "export", join(PROCESSES, name), "--lang", lang], { encoding: "utf8" });
    assert.equal(exported.status, 0, exported.stderr);
    const page = await world.stranger({ viewport: DESK });
    await page.setContent('<!doctype html><title>BPMN</title><main id="canvas" style="height: 95vh"></main>');
    await page.addScriptTag({ path: VIEWER });
    const found = await page.evaluate(draw, exported.stdout);
    assert.deepEqual(found.warnings, [], `bpmn-js warns of nothing in ${name}`);
    assert.equal(found.tasks, exported.stdout.match(/<userTask /g).length, "every step is drawn");
    assert.equal(found.flows, exported.stdout.match(/<sequenceFlow /g).length, "every way is drawn");
    assert.deepEqual(found.overlapping, [], "no two things are drawn on the same place");
    assert.deepEqual(found.crossing, [], "no way crosses a step");
    await picture(page, `bpmn-${name.replace(".toml", "")}-${lang}`);
  }
}

/** In the browser: opens the process and says what bpmn-js made of it. */
async function draw(xml) {
  const viewer = new window.BpmnJS({ container: "#canvas" });
  const { warnings } = await viewer.importXML(xml);
  viewer.get("canvas").zoom("fit-viewport");
  const all = viewer.get("elementRegistry").getAll();
  const shapes = all.filter((element) => element.width && !element.labelTarget && !element.waypoints && element.parent);
  const overlapping = [];
  for (const [place, one] of shapes.entries()) {
    for (const other of shapes.slice(place + 1)) {
      const apart = one.x + one.width <= other.x || other.x + other.width <= one.x
        || one.y + one.height <= other.y || other.y + other.height <= one.y;
      if (!apart) overlapping.push(`${one.id} ${other.id}`);
    }
  }
  const crossing = [];
  for (const flow of all.filter((element) => element.type === "bpmn:SequenceFlow" && element.waypoints)) {
    for (const [place, to] of flow.waypoints.slice(1).entries()) {
      const from = flow.waypoints[place];
      for (const box of shapes.filter((shape) => shape.type === "bpmn:UserTask")) {
        const apart = Math.max(from.x, to.x) <= box.x || Math.min(from.x, to.x) >= box.x + box.width
          || Math.max(from.y, to.y) <= box.y || Math.min(from.y, to.y) >= box.y + box.height;
        if (!apart) crossing.push(`${flow.id} ${box.id}`);
      }
    }
  }
  return {
    warnings: warnings.map((warning) => String(warning.message ?? warning)),
    tasks: all.filter((element) => element.type === "bpmn:UserTask").length,
    flows: all.filter((element) => element.type === "bpmn:SequenceFlow" && element.waypoints).length,
    overlapping,
    crossing,
  };
}
