// W08: whatever a program hands over, it gets a verdict or an error of the package; nothing fails inside the core, and
// no request leaves anything behind for the next.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { signature, signers } from "./signers.mjs";

const entry = pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY);
const { createGuard, verify, verifySync, EdgelatchError } = await import(entry);

const NOW = 1_900_000_000;
const [signer] = signers("issuer");
const policy = {
  issuers: [{ issuer: "https://issuer.test", audiences: ["api"], jwks: { keys: [signer.jwk] } }],
  routes: [
    { name: "read", methods: ["GET"], path: "/orders/{id}", scopes: { all: ["orders:read"] } },
    { name: "near", methods: ["GET"], path: "/near", clients: ["*"], networks: ["10.0.0.0/8"] },
  ],
};
const options = { now: () => NOW * 1000 };

function mint(patch = {}) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: "https://issuer.test", sub: "c", client_id: "c", aud: "api", iat: NOW, exp: NOW + 300, jti: "t" };
  const header = { alg: "ES256", typ: "at+jwt", kid: signer.kid };
  const message = `${encode(header)}.${encode({ ...claims, scope: "orders:read", ...patch })}`;
  return `${message}.${signature(signer, message).toString("base64url")}`;
}

function facts(authorization, more = {}) {
  return { method: "GET", host: "api.test", path: "/orders/1", headers: [["authorization", authorization]], ...more };
}

/** A verdict, or an error of the package. */
async function settle(act) {
  try {
    const value = await act();
    return value.ok ? "admitted" : value.code;
  } catch (error) {
    assert.ok(error instanceof EdgelatchError, `${error.stack}`);
    return error.code;
  }
}

const ODD = [undefined, null, 0, 7, true, NaN, {}, [], () => 0, Symbol("x"), 10n, new Uint8Array(4)];
const TEXTS = ["", " ", "\0", "\ud800", "\udfff\ud800", "\u{1f600}", "a".repeat(10_000_000), "Bearer ", "Bearer \ud800.a.b"];

test("values of any type are refused by name", async () => {
  const guard = createGuard(policy, options);
  for (const value of ODD) {
    for (const name of ["method", "host", "path", "headers"]) {
      const code = await settle(() => guard.check({ ...facts(`Bearer ${mint()}`), [name]: value }));
      const isEmptyList = name === "headers" && (Array.isArray(value) || value instanceof Uint8Array);
      assert.ok(code === "ERR_REQUEST" || (isEmptyList && code !== "admitted"), `${name} ${String(value)}: ${code}`);
    }
    for (const line of [value, [value, "x"], ["authorization", value]]) {
      const code = await settle(() => guard.check(facts("", { headers: [line] })));
      assert.notEqual(code, "admitted", String(value));
    }
    assert.notEqual(await settle(() => guard.check(value)), "admitted");
  }
});

test("texts of any kind get a verdict", async () => {
  const guard = createGuard(policy, options);
  const good = `Bearer ${mint()}`;
  for (const text of TEXTS) {
    for (const name of ["method", "host", "path"]) {
      const code = await settle(() => guard.check(facts(good, { [name]: text })));
      // A host is not named by the route.
      assert.ok(code === "admitted" ? name === "host" : !code.startsWith("ERR_"), `${name}: ${code}`);
    }
    assert.notEqual(await settle(() => guard.check(facts(text))), "admitted");
    assert.notEqual(await settle(() => guard.check(facts(good + text, { headers: [[text, good + text]] }))), "admitted");
    const source = await settle(() => guard.check(facts(good, { path: "/near" }), { source: text }));
    assert.equal(source, "pol.network");
  }
  assert.equal(await settle(() => guard.check(facts(good))), "admitted", "it is as before");
});

test("ten megabytes of token are too long, and are forgotten", async () => {
  const guard = createGuard(policy, options);
  assert.equal(await settle(() => guard.check(facts(`Bearer ${"a".repeat(10_000_000)}`))), "tok.size");
  const before = process.memoryUsage().arrayBuffers;
  for (let round = 0; round < 20; round += 1) {
    await settle(() => guard.check(facts(`Bearer ${"a".repeat(10_000_000)}`)));
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 1_000_000);
});

test("a certificate that is no digest is the program's mistake", async () => {
  const bound = { ...policy, client_certificate: { from: "connection" } };
  const guard = createGuard(bound, options);
  const detached = new Uint8Array(32);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  for (const certificate of ["", "zz", "a".repeat(63), new Uint8Array(31), detached, 7, {}, null]) {
    assert.equal(await settle(() => guard.check(facts(`Bearer ${mint()}`), { certificate })), "ERR_OPTIONS");
  }
  const thumbprint = Buffer.alloc(32, 7);
  const token = `Bearer ${mint({ cnf: { "x5t#S256": thumbprint.toString("base64url") } })}`;
  for (const certificate of [thumbprint, thumbprint.toString("hex"), thumbprint.toString("hex").toUpperCase()]) {
    assert.equal(await settle(() => guard.check(facts(token), { certificate })), "admitted");
  }
  assert.equal(await settle(() => guard.check(facts(token))), "clm.bound", "known by now, and bound all the same");
});

test("policies and options that are wrong are named", () => {
  for (const value of [...ODD, "", "{", "[]", "null", '{"routes":7}', "\ud800", { routes: [{}] }]) {
    try {
      createGuard(value);
      assert.ok(typeof value === "object" || typeof value === "function", `accepted ${String(value)}`);
    } catch (error) {
      assert.ok(error instanceof EdgelatchError && error.code === "ERR_POLICY", `${error.stack}`);
    }
  }
  const loop = {};
  loop.loop = loop;
  assert.throws(() => createGuard(loop), { code: "ERR_POLICY" });
  for (const wrong of [{ resourceMetadata: 'https://x.test/"a' }, { patience: -1 }, { maximumTokens: NaN }]) {
    assert.throws(() => createGuard(policy, wrong), { code: "ERR_OPTIONS" });
  }
});

test("verify and verifySync take nothing but texts and whole options", async () => {
  const right = { issuer: "https://issuer.test", audience: "api", jwks: { keys: [signer.jwk] }, currentDate: new Date(NOW * 1000) };
  assert.equal(verifySync(mint(), right).payload.client_id, "c");
  assert.equal((await verify(mint(), right)).protectedHeader.alg, "ES256");
  for (const value of ODD) {
    assert.throws(() => verifySync(value, right), (error) => error instanceof EdgelatchError);
    await assert.rejects(verify(value, right), (error) => error instanceof EdgelatchError);
    for (const name of ["issuer", "audience", "jwks"]) {
      assert.throws(() => verifySync(mint(), { ...right, [name]: value }), (error) => error instanceof EdgelatchError, name);
    }
    assert.throws(() => verifySync(mint(), value), (error) => error instanceof EdgelatchError);
  }
  for (const [name, value, code] of [
    ["subject", "d", "clm.required"],
    ["requiredClaims", ["x"], "clm.required"],
    ["maxTokenAge", "soon", "ERR_OPTIONS"],
    ["clockTolerance", -1, "ERR_OPTIONS"],
  ]) {
    assert.throws(() => verifySync(mint(), { ...right, [name]: value }), { code });
  }
  const later = { ...right, currentDate: new Date((NOW + 200) * 1000) };
  assert.throws(() => verifySync(mint(), { ...later, maxTokenAge: "3 minutes" }), { code: "clm.life" });
  assert.equal(verifySync(mint(), { ...later, maxTokenAge: "4 minutes" }).payload.jti, "t");
});

test("many requests at once do not mix", async () => {
  const guard = createGuard(policy, options);
  const wanted = Array.from({ length: 3_000 }, (_, index) => index);
  const verdicts = await Promise.all(
    wanted.map((index) => {
      const patch = { client_id: `c${index}`, sub: `c${index}`, ...(index % 3 === 0 ? { scope: "other" } : {}) };
      return guard.check(facts(`Bearer ${mint(patch)}`, { path: `/orders/${index}` }));
    }),
  );
  for (const [index, verdict] of verdicts.entries()) {
    assert.equal(verdict.ok, index % 3 !== 0, `${index}: ${verdict.code}`);
    assert.equal(verdict.client, `c${index}`);
  }
});

test("two guards know nothing of each other", async () => {
  const [one, other] = [policy, { ...policy, routes: [] }].map((document) => createGuard(document, options));
  const request = facts(`Bearer ${mint()}`);
  for (let round = 0; round < 3; round += 1) {
    assert.equal(await settle(() => one.check(request)), "admitted");
    assert.equal(await settle(() => other.check(request)), "pol.norule");
  }
});

test("a core that fails lets nobody through and is replaced", async () => {
  const guard = createGuard(policy, options);
  const request = facts(`Bearer ${mint()}`);
  const { Gate } = await import(new URL("./wasm/core.js", entry));
  const { begin, begin_remembered: remembered } = Gate.prototype;
  const fail = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  // A new token, and one that is known.
  for (const [checks, broken] of [[0, { begin: fail }], [2, { begin_remembered: fail }]]) {
    for (let check = 0; check < checks; check += 1) {
      assert.equal(await settle(() => guard.check(request)), "admitted");
    }
    Object.assign(Gate.prototype, broken);
    const verdict = await guard.check(request);
    assert.deepEqual([verdict.ok, verdict.code, verdict.status], [false, "host.failed", 503]);
    Object.assign(Gate.prototype, { begin, begin_remembered: remembered });
    assert.equal(await settle(() => guard.check(request)), "admitted");
  }
});
