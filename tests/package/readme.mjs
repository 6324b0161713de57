// The npm page is true: each snippet of it runs with the packed package, real servers, and tokens of the real issuer.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { patient } from "./patience.mjs";
import { folder, freePort, guards, install, node, onPort, require, until, write } from "./readme_ground.mjs";
import { snippets } from "./readme_page.mjs";
import { workers } from "./readme_workerd.mjs";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, EDGELATCH_BIN, ISSUER_DATA, NODE_MODULES } = process.env;
const all = snippets();

/** What is known here, in the order of the page: heading, language, what has to be true of it. */
const KNOWN = [
  ["edgelatch", "sh", ({ text }) => install(text)],
  ["A policy", "json", policy],
  ["Workers", "js", worker],
  ["Hono", "ts", hono],
  ["Express", "js", server],
  ["Fastify", "js", server],
  ["Any other server", "js", server],
  ["The verdict", "ts", verdict],
  ["Keys and lists of revoked tokens", "js", store],
  ["`verify` and `verifySync`", "js", verify],
  ["`verify` and `verifySync`", "ts", verifySync],
  ["`tokenSource`", "js", tokenSource],
  ["Runtimes and cryptography", "js", slim],
  // The last one: it takes the client's access away.
  ["Keys and lists of revoked tokens", "js", watch],
];

test("every snippet is known here", () => {
  const name = ([heading, language]) => `${heading}: ${language}`;
  const shown = all.map(({ heading, language }) => name([heading, language])).sort();
  assert.deepEqual(shown, KNOWN.map(name).sort());
  console.log(`shown: ${shown.length}`);
});

const met = new Map();
for (const [heading, language, check] of KNOWN) {
  const key = `${heading} ${language}`;
  const alike = all.filter((one) => one.heading === heading && one.language === language);
  const snippet = alike[met.get(key) ?? 0];
  met.set(key, (met.get(key) ?? 0) + 1);
  test(`${heading} (${language} ${met.get(key)})`, (t) => check(snippet, t));
}

test("the snippets in TypeScript are well typed", () => {
  const options = {
    module: "nodenext", target: "es2022", lib: ["es2022", "webworker", "webworker.iterable"], types: [], strict: true,
    exactOptionalPropertyTypes: true, resolveJsonModule: true, skipLibCheck: true, noEmit: true, rootDir: ".",
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
  execFileSync(process.execPath, [join(NODE_MODULES, "typescript/bin/tsc"), "--project", folder], { stdio: ["ignore", "inherit", "inherit"] });
});

async function policy({ text }) {
  const { createGuard } = await edgelatch();
  createGuard(text);
  write("policy.json", text);
}

async function worker({ text }, t) {
  const { origins, said } = await workers(t, write("worker.js", text));
  const body = JSON.parse(await guards(origins[0], await token(), said));
  assert.deepEqual(body, { caller: CLIENT_ID, scopes: ["orders:read"] });
  const open = await fetch(`${origins[0]}/healthz`);
  assert.deepEqual(await open.json(), { caller: "anybody", scopes: [] });
}

async function hono({ text }, t) {
  const { origins, said } = await workers(t, write("hono.ts", text));
  const body = JSON.parse(await guards(origins[0], await token(), said));
  assert.deepEqual(body, { order: "17", caller: CLIENT_ID });
}

async function server({ text, heading }, t) {
  const port = freePort();
  const { said } = node(t, write(`${heading.split(" ")[0]}.js`, onPort(text, port)));
  const body = await guards(`http://127.0.0.1:${port}`, await token(), said);
  assert.ok(body.includes(CLIENT_ID), body);
}

async function verdict({ text }, t) {
  const { passOn } = await typescript("verdict.ts", text);
  const { createGuard } = await edgelatch();
  const guard = createGuard(readFileSync(join(folder, "policy.json"), "utf8"));
  const origin = await echo(t);
  const headers = { authorization: `Bearer ${await token()}`, "x-auth-client-id": "administrator", "x-other": "kept" };
  const passed = await patient(() => passOn(guard, new Request(`${origin}/orders/17`, { headers }), {}));
  const seen = await passed.json();
  assert.deepEqual([seen["x-auth-client-id"], seen["x-other"]], [CLIENT_ID, "kept"]);
  assert.equal((await passOn(guard, new Request(`${origin}/orders/17`), {})).status, 401);
}

async function store({ text }, t) {
  // As the page says: in the Worker that stands further up.
  const worker = all.find(({ heading }) => heading === "Workers").text;
  const lazy = worker.replace(/const guard = .*/, "let guard;").replace("const verdict", `${text}const verdict`);
  const file = write("store.js", lazy);
  const found = [];
  // A store that does not answer within a moment is passed over, as on a busy machine: one of three pairs has to find it.
  while (found.length < 3 && found.at(-1) !== "origin store") {
    found.push(await sourcesOfKeys(t, file));
  }
  assert.equal(found.at(-1), "origin store", `${found}`);
}

/** Where two new isolates, one after the other, have the keys from. */
async function sourcesOfKeys(t, file) {
  const { origins, said } = await workers(t, file, 2);
  const headers = { authorization: `Bearer ${await token()}` };
  for (const origin of origins) {
    assert.equal((await patient(() => fetch(`${origin}/orders/17`, { headers }))).status, 200, said.text);
    assert.equal((await fetch(`${origin}/orders/17`)).status, 401);
  }
  const sources = () => [...said.text.matchAll(/kind: 'key set',[^}]*from: '(\w+)'/g)].map(([, from]) => from);
  await until(async () => sources().length > 1, said);
  return sources().join(" ");
}

async function verify({ text }, t) {
  const file = write("verify.js", `const token = process.env.TOKEN;\n${text}`);
  const run = async (TOKEN) => {
    const { ended, said } = node(t, file, { TOKEN });
    const code = await ended;
    // As a guard would answer without keys.
    return { code, said, status: said.text.includes("jwks.none") ? 503 : 200 };
  };
  const given = await token();
  const good = await patient(() => run(given));
  assert.equal(good.code, 0, good.said.text);
  assert.match(good.said.text, new RegExp(`${CLIENT_ID} (ES256|Ed25519|EdDSA)`));
  const bad = await patient(() => run(`${given}x`));
  assert.notEqual(bad.code, 0);
  assert.match(bad.said.text, /code: '(jws|sig)\.\w+'/);
}

async function verifySync({ text }) {
  const { caller } = await typescript("verify_sync.ts", text);
  const jwks = await (await fetch(`${ISSUER}/.well-known/jwks.json`)).json();
  const options = { issuer: ISSUER, audience: "https://api.example.com", jwks };
  assert.equal(caller(await token(), options), CLIENT_ID);
  assert.equal(caller(await token(), { ...options, audience: "https://other.example.com" }), undefined);
}

async function tokenSource({ text }, t) {
  const moved = text.replace("https://api.example.com/orders", `${await echo(t)}/orders`).replace('"billing"', JSON.stringify(CLIENT_ID));
  const file = write("token_source.js", `${moved}\nconsole.log((await response.json()).authorization);`);
  const { ended, said } = node(t, file, { CLIENT_SECRET });
  assert.equal(await ended, 0, said.text);
  const [, payload] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+\s*$/.exec(said.text) ?? assert.fail(said.text);
  assert.equal(JSON.parse(Buffer.from(payload, "base64url")).client_id, CLIENT_ID);
}

async function slim({ text }, t) {
  const ask = `const { patient } = await import("${new URL("./patience.mjs", import.meta.url)}");
const request = () => new Request("https://api.example.com/orders/17", {
  headers: process.env.TOKEN ? { authorization: "Bearer " + process.env.TOKEN } : {},
});
console.log((await patient(() => guard.check(request()))).ok);`;
  const file = write("slim.js", `${text}\n${ask}`);
  for (const [TOKEN, expected] of [[await token(), "true"], ["", "false"]]) {
    const { ended, said } = node(t, file, { TOKEN });
    assert.equal(await ended, 0, said.text);
    assert.equal(said.text.trim(), expected);
  }
}

/** Watches, hears of a revocation without being asked, and stops when told. On a busy machine the quickest of three counts. */
async function watch({ text }, t) {
  const ask = `const request = () => new Request("https://api.example.com/orders/17", { headers: { authorization: "Bearer " + process.env.TOKEN } });
for (let last; last !== "rev.hit"; await new Promise((wake) => setTimeout(wake, 20))) {
  const { ok, code } = await guard.check(request());
  if ((ok ? "admitted" : code) !== last) console.log((last = ok ? "admitted" : code));
}`;
  const file = write("watch.js", `${text}\n${ask}`);
  const delays = [];
  const isInTime = (milliseconds) => milliseconds < 2_500;
  while (delays.length < 3 && !delays.some(isInTime)) {
    delays.push(await delayOfRevocation(t, file));
  }
  assert.ok(delays.some(isInTime), `${delays} ms`);
}

/** Milliseconds from the loss of access until a program that watches knows. Access comes back with new tokens. */
async function delayOfRevocation(t, file) {
  const change = (how) => execFileSync(EDGELATCH_BIN, ["client", how, CLIENT_ID, "--data", ISSUER_DATA]);
  const TOKEN = await until(async () => (await newSource()).token(), { text: "no token" });
  const { child, ended, said } = node(t, file, { TOKEN });
  await until(async () => said.text.includes("admitted"), said);
  change("disable");
  const disabled = performance.now();
  await until(async () => said.text.includes("rev.hit"), said);
  const milliseconds = performance.now() - disabled;
  assert.match(said.text, /kind: 'status list'/);
  child.kill("SIGTERM");
  assert.equal(await ended, 0, said.text);
  change("enable");
  return milliseconds;
}

function edgelatch() {
  return import(pathToFileURL(join(folder, "node_modules/edgelatch/dist/inline.js")).href);
}

let source;
/** A token for reading orders, from the issuer. */
async function token() {
  source ??= await newSource();
  return source.token();
}

async function newSource() {
  const { tokenSource } = await edgelatch();
  return tokenSource({ issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, scope: "orders:read" });
}

/** The exports of a snippet in TypeScript. */
async function typescript(name, text) {
  const { code } = await require("esbuild").transform(readFileSync(write(name, text), "utf8"), { loader: "ts" });
  return import(pathToFileURL(write(name.replace(/ts$/, "js"), code)).href);
}

/** A server that answers with the header lines it got. */
async function echo(t) {
  const server = createServer((request, response) => response.end(JSON.stringify(request.headers))).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}
