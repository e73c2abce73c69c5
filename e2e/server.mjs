// The built binary with a made-up city in a folder of its own, started for a test and gone after it.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Every demo login's password; `linli demo` prints it. */
export const PASSWORD = "jianhu-2026-demo";

/** The binary under test. */
export const BINARY = process.env.LINLI_BINARY ?? "target/debug/linli";

/** Where pictures and logs go. */
export const OUTPUT = process.env.LINLI_E2E_OUTPUT ?? "target/e2e";

const STARTS_WITHIN_MS = 60_000;

/** A port that nobody listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
    probe.on("error", reject);
  });
}

/** Makes the city, once; answers its folder. */
export function prepare() {
  const folder = mkdtempSync(join(tmpdir(), "linli-e2e-"));
  const made = spawnSync(BINARY, ["demo", "--prepare-only", "--data", folder], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`linli demo --prepare-only: ${made.stderr || made.error}`);
  return folder;
}

/**
 * Serves the city of a folder under http://localhost, where browsers allow passkeys.
 *
 * @returns {Promise<{base: string, port: number, log: () => string, stop: () => Promise<void>}>}
 */
export async function serve(folder) {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const server = spawn(BINARY, [
    "serve", "--database", `sqlite:${join(folder, "linli.db")}`, "--keys", join(folder, "linli.keys"),
    "--listen", `127.0.0.1:${port}`, "--public-url", base, "--log", "warn",
  ], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr.on("data", (part) => (log += part));
  const ended = new Promise((resolve) => server.on("exit", resolve));
  try {
    await answers(`http://127.0.0.1:${port}/readyz`, server, () => log);
  } catch (error) {
    server.kill("SIGKILL");
    throw error;
  }
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { base, port, log: () => log, stop };
}

/** Waits until an address answers 200. */
export async function answers(url, process, log) {
  const until = Date.now() + STARTS_WITHIN_MS;
  while (Date.now() < until) {
    if (process.exitCode !== null) throw new Error(`linli ended with ${process.exitCode}: ${log()}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} does not answer: ${log()}`);
}

/** Signs in over the API; answers the token. */
export async function token(base, login) {
  const answer = await fetch(`${base}/api/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login, password: PASSWORD }),
  });
  if (answer.status !== 201) throw new Error(`${login} can't sign in: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).token;
}
