// Where the snippets of the npm page run: a folder with the package installed from its tarball, and servers on loopback.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { patient } from "./patience.mjs";

const { EDGELATCH_PACKAGE_ENTRY, NODE_MODULES, ISSUER, PORTS } = process.env;
const distribution = join(dirname(EDGELATCH_PACKAGE_ENTRY), "../..");
export const require = createRequire(join(NODE_MODULES, "x.js"));
export const folder = mkdtempSync(join(tmpdir(), "edgelatch-readme-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Runs the command of the page, with the tarball in place of the name that only a registry knows. */
export function install(command) {
  const { version } = JSON.parse(readFileSync(join(distribution, "edgelatch/package.json"), "utf8"));
  const tarball = join(distribution, `edgelatch-${version}.tgz`);
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const quiet = "--offline --silent --no-audit --no-fund";
  execFileSync("bash", ["-euc", `${command.trim().replace(/ edgelatch$/, ` ${quiet} ${tarball}`)}`], { cwd: folder });
  assert.ok(existsSync(join(folder, "node_modules/edgelatch/dist/inline.js")), command);
  // What else the snippets import is installed beside the tools of this repository.
  for (const name of readdirSync(NODE_MODULES)) {
    if (name !== "edgelatch" && !name.startsWith(".")) {
      symlinkSync(join(NODE_MODULES, name), join(folder, "node_modules", name));
    }
  }
}

/** A snippet as a file, with the issuer of this test in place of that of the page. */
export function write(name, text) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text.replaceAll("https://issuer.example.com", ISSUER));
  return path;
}

/** The same text on a port of loopback. */
export function onPort(text, port) {
  const moved = text.replace("listen(8080)", `listen(${port}, "127.0.0.1")`).replace("port: 8080", `port: ${port}, host: "127.0.0.1"`);
  assert.notEqual(moved, text, "the snippet listens on no port that is known here");
  return moved;
}

const ports = PORTS.split(" ").map(Number);

/** One that outgoing connections do not take: the system would give one of those here. */
export function freePort() {
  return ports.pop() ?? assert.fail("the test gives too few PORTS");
}

/** A program that is ended after the test, and all that it has said. */
export function start(t, program, parameters, environment = {}) {
  const child = spawn(program, parameters, { cwd: folder, env: { ...process.env, ...environment } });
  const said = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (said.text += text));
  }
  const ended = new Promise((resolve) => child.once("close", resolve));
  t.after(() => child.exitCode === null && child.kill("SIGKILL"));
  return { child, said, ended };
}

export function node(t, file, environment = {}) {
  return start(t, process.execPath, ["--no-warnings", file], environment);
}

/** Waits until a condition holds; otherwise what the program has said is the complaint. */
export async function until(holds, said) {
  for (const end = Date.now() + 120_000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 50))) {
    const value = await holds().catch(() => undefined);
    if (value) {
      return value;
    }
  }
  throw new Error(`not in time; the program said: ${said.text}`);
}

/** A server guards: what it answers to a good token, and that it answers nothing else as well. */
export async function guards(origin, token, said) {
  const ask = (path, headers) => fetch(origin + path, { headers });
  const good = await until(() => patient(() => ask("/orders/17", { authorization: `Bearer ${token}` })), said);
  const body = await good.text();
  assert.equal(good.status, 200, `${body}\n${said.text}`);
  const missing = await ask("/orders/17", {});
  assert.deepEqual([missing.status, missing.headers.get("www-authenticate")], [401, "Bearer"]);
  assert.equal((await missing.json()).error, "missing_token");
  const forged = token.slice(0, -6) + (token.endsWith("AAAAAA") ? "BBBBBB" : "AAAAAA");
  assert.equal((await ask("/orders/17", { authorization: `Bearer ${forged}` })).status, 401);
  assert.equal((await ask("/orders/17/more", { authorization: `Bearer ${token}` })).status, 403);
  return body;
}
