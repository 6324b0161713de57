// The other tables of the npm page: answers, options, errors. Each is compared with the package itself.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { section, tableRows, words } from "./readme_page.mjs";
import { signature, signers } from "./signers.mjs";

const { createGuard } = await import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY).href);
const sources = fileURLToPath(new URL("../../www/package", import.meta.url));
const types = readFileSync(join(sources, "types.ts"), "utf8");
const [signer] = signers("issuer");
const ISSUER = "https://issuer.test";
const AUDIENCE = "https://api.test";

/** The members of an interface, each with the comment before it. */
function members(name) {
  const [, body] = new RegExp(`export interface ${name} {\n([^]*?)\n}`).exec(types);
  const found = body.matchAll(/((?: {2}\/\*\*[^]*?\*\/\n)?) {2}(\w+)\??:/g);
  return new Map([...found].map(([, comment, member]) => [member, comment]));
}

test("options: the table has each, with its default", () => {
  const rows = new Map(tableRows("Options of `createGuard`").map(([name, , unit]) => [words(name)[0], unit]));
  const options = members("GuardOptions");
  assert.deepEqual([...rows.keys()].sort(), [...options.keys()].sort());
  let defaults = 0;
  for (const [name, comment] of options) {
    for (const [, value] of comment.matchAll(/Default ([\d,]+)/g)) {
      assert.ok(rows.get(name).endsWith(value), `${name}: ${rows.get(name)}, not ${value}`);
      defaults += 1;
    }
  }
  assert.equal(defaults, 3);
});

test("options: what is said of a connection and of `verify` is all there is", () => {
  const named = words(section("Options of `createGuard`"));
  for (const name of members("CheckContext").keys()) {
    assert.ok(named.includes(name), name);
  }
  const text = section("`verify` and `verifySync`");
  for (const name of members("VerifyOptions").keys()) {
    assert.ok(words(text).includes(name), name);
  }
  const [, list] = /export type Algorithm = ([^;]*);/.exec(types);
  for (const [, name] of list.matchAll(/"(\w+)"/g)) {
    assert.match(text, new RegExp(`\\b${name}\\b`));
  }
});

test("errors: the table has every code", () => {
  const files = readdirSync(sources, { recursive: true }).filter((name) => name.endsWith(".ts"));
  const texts = files.map((name) => readFileSync(join(sources, name), "utf8"));
  const used = new Set(texts.flatMap((text) => text.match(/\bERR_[A-Z]+(_[A-Z]+)?\b/g) ?? []));
  const listed = tableRows("Errors").flatMap(([code]) => words(code)).filter((word) => word.startsWith("ERR_"));
  assert.deepEqual(listed.sort(), [...used].sort());
});

test("answers: each row is what a refused caller gets, and no answer is without a row", async () => {
  const rows = tableRows("What refused callers get").map(([status, , challenge, error]) => [status, words(challenge)[0] ?? "", words(error)[0]]);
  const got = [];
  for (const request of requests()) {
    const { status, headers, response } = await request;
    // What depends on nothing is not in the table.
    const challenge = headers["www-authenticate"]?.replace(/, (error_description|algs)="[^"]*"/g, "") ?? "";
    assert.equal("retry-after" in headers, status === 503);
    got.push([String(status), challenge, (await response.json()).error]);
  }
  assert.deepEqual(got, rows);
});

/** One refusal of each kind, in the order of the table. */
function* requests() {
  const bearer = (token) => ["authorization", `Bearer ${token}`];
  const good = minted({});
  const guard = guardWith({ jwks: { keys: [signer.jwk] } });
  const ask = (headers, path = "/orders/17", asked = guard) => asked.check({ method: "GET", host: "api.test", path, headers });
  yield ask([bearer(good), bearer(good)]);
  yield ask([]);
  yield ask([bearer(`${good}x`)]);
  yield ask([["authorization", `DPoP ${minted({ cnf: { jkt: "A".repeat(43) } })}`]]);
  yield ask([bearer(minted({ scope: "orders:write" }))]);
  yield ask([bearer(good)], "/elsewhere");
  const fetch = async () => new Response("", { status: 500 });
  yield ask([bearer(good)], "/orders/17", guardWith({ jwks_uri: `${ISSUER}/keys` }, { fetch, cache: false, patience: 500 }));
}

function guardWith(keys, options) {
  const routes = [{ name: "read", methods: ["GET"], path: "/orders/{id}", scopes: { all: ["orders:read"] } }];
  return createGuard({ issuers: [{ issuer: ISSUER, audiences: [AUDIENCE], ...keys }], routes, dpop: {} }, options);
}

function minted(claims) {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: ISSUER, aud: AUDIENCE, sub: "s", client_id: "c", jti: "j", iat: now, exp: now + 60, scope: "orders:read", ...claims };
  const text = [{ alg: "ES256", kid: signer.kid, typ: "at+jwt" }, all].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${signature(signer, text).toString("base64url")}`;
}
