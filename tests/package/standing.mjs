// What was allowed is allowed again without a question to the core, and only while nothing changes that it rests on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";
import { countQuestions } from "./questions.mjs";
import { jwt, signers } from "./signers.mjs";

const entry = pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY);
const { createGuard } = await import(entry);
const { Gate } = await import(new URL("./wasm/core.js", entry));
const questions = countQuestions(Gate);

const NOW = 1_900_000_000;
const [signer] = signers("issuer");
const [next] = signers("next");
const ISSUER = { issuer: "https://issuer.test", audiences: ["api"], jwks: { keys: [signer.jwk] }, clock_skew_seconds: 0 };
const route = (name, more) => ({ name, methods: ["GET", "POST"], path: `/${name}/{id}`, clients: ["*"], ...more });
const POLICY = { issuers: [ISSUER], routes: [route("orders"), route("near", { networks: ["10.0.0.0/8"] })] };
const ONE_ROUTE = { issuers: [ISSUER], routes: [route("orders")] };

function mint(more) {
  const claims = { iss: "https://issuer.test", sub: "c", client_id: "c", aud: "api", iat: NOW - 100, exp: NOW + 300, jti: "t" };
  return jwt("at+jwt", { ...claims, ...more }, signer);
}

/** A guard at work, and how often its core was asked for a decision. `reads` is what its clock shows first. */
function world(policy, options = {}) {
  const it = { now: NOW * 1000, reads: [], questions: 0 };
  const guard = createGuard(policy, { now: () => it.reads.shift() ?? it.now, ...options });
  it.ask = async (token, { path = "/orders/1", context, ...more } = {}) => {
    const request = { method: "GET", host: "api.test", path, headers: [["authorization", `Bearer ${token}`]], ...more };
    const before = questions();
    const verdict = await guard.check(request, context);
    it.questions = questions() - before;
    return verdict.ok ? (verdict.wouldDeny ?? "admitted") : verdict.code;
  };
  /** Until the core need not be asked any more. */
  it.settle = async (token, more) => {
    for (let count = 0; count < 3; count += 1) {
      assert.equal(await it.ask(token, more), "admitted");
    }
    assert.equal(await it.ask(token, more), "admitted");
    assert.equal(it.questions, 0, "asked once more about the same");
  };
  return it;
}

const pause = () => new Promise((wake) => setTimeout(wake, 20));

async function until(condition) {
  for (const end = Date.now() + 60_000; !(await condition()); await pause()) {
    assert.ok(Date.now() < end, "it never came");
  }
}

test("a token ends in the same millisecond, asked or not", async () => {
  const it = world(ONE_ROUTE);
  const token = mint({ exp: NOW + 100 });
  await it.settle(token);
  it.now = (NOW + 100) * 1000 - 1;
  assert.equal(await it.ask(token), "admitted");
  assert.equal(it.questions, 0);
  it.now += 1;
  assert.equal(await it.ask(token), "clm.exp");
});

test("another method, host, scheme or path is another question", async () => {
  const it = world(ONE_ROUTE);
  const token = mint();
  await it.settle(token);
  for (const [more, expected] of [
    [{ method: "POST" }, "admitted"],
    [{ method: "PUT" }, "pol.norule"],
    [{ host: "other.test" }, "admitted"],
    [{ scheme: "https" }, "admitted"],
    [{ path: "/orders/1?access_token=x" }, "hdr.multiple"],
    [{ path: "/orders/2" }, "admitted"],
    [{ path: "/else/1" }, "pol.norule"],
  ]) {
    assert.equal(await it.ask(token, more), expected, JSON.stringify(more));
    assert.notEqual(it.questions, 0, JSON.stringify(more));
  }
});

test("another token is another question", async () => {
  const it = world(ONE_ROUTE);
  await it.settle(mint());
  assert.equal(await it.ask(mint({ jti: "u" })), "admitted");
  assert.notEqual(it.questions, 0);
});

test("where the sender matters, the core is asked each time", async () => {
  const it = world(POLICY);
  const token = mint();
  const near = { path: "/near/1", context: { source: "10.0.0.1" } };
  for (let count = 0; count < 5; count += 1) {
    assert.equal(await it.ask(token, near), "admitted");
    assert.notEqual(it.questions, 0);
  }
  assert.equal(await it.ask(token, { ...near, context: { source: "192.0.2.1" } }), "pol.network");
});

test("what is only observed is looked at each time", async () => {
  const it = world({ issuers: [ISSUER], routes: [route("orders", { mode: "observe" })] });
  const token = mint({ nbf: NOW, iat: NOW });
  await it.settle(token);
  it.now -= 5_000;
  for (let count = 0; count < 4; count += 1) {
    assert.equal(await it.ask(token), "clm.nbf");
    assert.notEqual(it.questions, 0);
  }
  it.now += 6_000;
  assert.equal(await it.ask(token), "admitted");
});

test("a key that is withdrawn takes along what stood on it", async () => {
  let keys = [signer.jwk];
  const { jwks, ...issuer } = ISSUER;
  const policy = { ...ONE_ROUTE, issuers: [{ ...issuer, jwks_uri: "https://issuer.test/keys", refresh_seconds: 60 }] };
  const it = world(policy, { fetch: async () => Response.json({ keys }) });
  const token = mint();
  await it.settle(token);
  keys = [next.jwk];
  it.now += 120_000;
  await until(async () => (await it.ask(token)) === "key.unknown");
});

test("keys that grow too old end it", async () => {
  let answer = async () => Response.json({ keys: [signer.jwk] });
  const { jwks, ...issuer } = ISSUER;
  const policy = {
    ...ONE_ROUTE,
    issuers: [{ ...issuer, jwks_uri: "https://issuer.test/keys", refresh_seconds: 30, maximum_stale_seconds: 90 }],
  };
  const it = world(policy, { fetch: () => answer(), patience: 50 });
  const token = mint();
  await it.settle(token);
  answer = () => Promise.reject(new TypeError("down"));
  it.now = (NOW + 91) * 1000 - 1;
  assert.equal(await it.ask(token), "admitted");
  it.now += 1;
  assert.equal(await it.ask(token), "jwks.none");
});

test("a list that names the token ends it", async () => {
  let sequence = 0;
  let bits = 0;
  const uri = "https://issuer.test/list";
  const list = () => {
    sequence += 1;
    const status_list = { bits: 1, lst: deflateSync(Buffer.of(bits)).toString("base64url") };
    return jwt("statuslist+jwt", { iss: ISSUER.issuer, sub: uri, iat: NOW, exp: NOW + 600, sequence, status_list }, signer);
  };
  const policy = { ...ONE_ROUTE, issuers: [{ ...ISSUER, status_list: { uri, refresh_seconds: 1 } }] };
  const headers = { "content-type": "application/statuslist+jwt" };
  const it = world(policy, { fetch: async () => new Response(list(), { headers }) });
  const token = mint({ status: { status_list: { idx: 3, uri } } });
  await it.settle(token);
  bits = 0b1000;
  // Late enough for a look at the list, which no request waits for.
  it.now += 600;
  await until(async () => (await it.ask(token)) === "rev.hit");
});

test("a clock that is set back is told to the core, and ends what was said behind it", async () => {
  const it = world(ONE_ROUTE);
  const token = mint();
  await it.settle(token);
  it.now += 250_000;
  assert.equal(await it.ask(token), "admitted");
  assert.equal(it.questions, 0);
  it.now -= 10_000;
  assert.equal(await it.ask(token), "admitted");
  assert.notEqual(it.questions, 0);
  // Three hundred seconds are forgiven, from the latest time that a request was let in at, by whomever.
  it.now = (NOW - 51) * 1000;
  assert.equal(await it.ask(token), "clock.bad");
  it.now += 1_000;
  assert.equal(await it.ask(token), "admitted");
});

test("a clock that is set back within a check counts as well", async () => {
  const it = world(ONE_ROUTE);
  const token = mint({ nbf: NOW - 5, iat: NOW - 5 });
  await it.settle(token);
  it.reads = [NOW * 1000 + 600, NOW * 1000 - 100_000];
  it.now -= 100_000;
  await it.ask(token);
  assert.equal(await it.ask(token), "clm.nbf");
});

test("a clock that ticks within a check takes nothing away", async () => {
  const it = world(ONE_ROUTE);
  const [token, other] = [mint(), mint({ jti: "u" })];
  await it.settle(token);
  // Long enough for a look at what is due.
  it.now += 600;
  it.reads = [it.now, it.now + 1, it.now + 2];
  it.now += 2;
  assert.equal(await it.ask(other), "admitted");
  assert.equal(await it.ask(token), "admitted");
  assert.equal(it.questions, 0);
});

test("a core that fails is asked, whatever was said before", async () => {
  const uri = "https://issuer.test/list";
  const status_list = { bits: 1, lst: deflateSync(Buffer.of(0)).toString("base64url") };
  const list = jwt("statuslist+jwt", { iss: ISSUER.issuer, sub: uri, iat: NOW, exp: NOW + 600, sequence: 1, status_list }, signer);
  const headers = { "content-type": "application/statuslist+jwt" };
  const policy = { ...ONE_ROUTE, issuers: [{ ...ISSUER, status_list: { uri, refresh_seconds: 1 } }] };
  const it = world(policy, { fetch: async () => new Response(list, { headers }) });
  const token = mint({ status: { status_list: { idx: 3, uri } } });
  await it.settle(token);
  const { accept } = Gate.prototype;
  let failures = 0;
  Gate.prototype.accept = () => {
    failures += 1;
    throw new WebAssembly.RuntimeError("unreachable");
  };
  try {
    it.now += 600;
    await until(async () => {
      await it.ask(token);
      return failures > 0;
    });
  } finally {
    Gate.prototype.accept = accept;
  }
  const before = it.questions;
  await it.ask(token);
  assert.notEqual(before + it.questions, 0);
});

test("methods and hosts of one path stand side by side, some of them", async () => {
  const it = world(ONE_ROUTE);
  const token = mint();
  for (const more of [{ method: "GET" }, { method: "POST" }, { host: "a.test" }, { host: "b.test" }, { method: "GET" }]) {
    await it.settle(token, more);
  }
  for (let count = 0; count < 5; count += 1) {
    assert.equal(await it.ask(token, { host: "c.test" }), "admitted");
    assert.notEqual(it.questions, 0);
  }
});

test("the first places are remembered, and the others are asked about", async () => {
  const it = world(ONE_ROUTE);
  const token = mint();
  await it.settle(token, { path: "/orders/first" });
  for (let place = 0; place < 600; place += 1) {
    await it.ask(token, { path: `/orders/${place}` });
  }
  await it.settle(token, { path: "/orders/first" });
  for (let count = 0; count < 4; count += 1) {
    assert.equal(await it.ask(token, { path: "/orders/another" }), "admitted");
    assert.notEqual(it.questions, 0);
  }
});
