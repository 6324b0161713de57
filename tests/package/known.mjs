// Which tokens the package keeps in mind, and how it finds them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { jwt, signers } from "./signers.mjs";

const entry = pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY);
const { createGuard } = await import(entry);
const { Gate } = await import(new URL("./wasm/core.js", entry));
const { KnownTokens } = await import(new URL("./tokens.js", entry));

const NOW = 1_900_000_000;
const [signer] = signers("issuer");
const policy = {
  issuers: [{ issuer: "https://issuer.test", audiences: ["api"], jwks: { keys: [signer.jwk] } }],
  routes: [
    { name: "read", methods: ["GET"], path: "/read", clients: ["*"] },
    { name: "write", methods: ["GET"], path: "/write", clients: ["*"] },
  ],
};

function mint(id) {
  const claims = { iss: "https://issuer.test", sub: "c", client_id: "c", aud: "api", iat: NOW, exp: NOW + 300, jti: id };
  return jwt("at+jwt", claims, signer);
}

function requestTo(path, token) {
  return { method: "GET", host: "api.test", path, headers: [["authorization", `Bearer ${token}`]] };
}

/** The functions of the core that a request needs, in turn. */
async function calls(act) {
  const watched = ["begin", "finish", "begin_remembered"];
  const originals = Object.fromEntries(watched.map((name) => [name, Gate.prototype[name]]));
  const called = [];
  for (const name of watched) {
    Gate.prototype[name] = function (...given) {
      called.push(name);
      return originals[name].apply(this, given);
    };
  }
  try {
    await act();
  } finally {
    Object.assign(Gate.prototype, originals);
  }
  return called;
}

async function callsOfEach(guard, paths, token) {
  const all = [];
  for (const path of paths) {
    all.push(
      await calls(async () => {
        const verdict = await guard.check(requestTo(path, token));
        assert.deepEqual([verdict.ok, verdict.client, verdict.route], [true, "c", path.slice(1)]);
      }),
    );
  }
  return all;
}

test("a token is verified once, recognised the second time and known from then on", async () => {
  const guard = createGuard(policy, { now: () => NOW * 1000 });
  assert.deepEqual(await callsOfEach(guard, ["/read", "/read", "/read", "/read", "/write", "/write", "/write"], mint("t")), [
    ["begin", "finish"],
    ["begin"],
    ["begin_remembered"],
    // While nothing changes, nobody is asked (standing.mjs).
    [],
    // The first time on another route, what the upstream is told has to be asked for.
    ["begin_remembered", "begin"],
    ["begin_remembered"],
    [],
  ]);
});

test("a known token that the core has forgotten is verified once on another route", async () => {
  const guard = createGuard({ ...policy, token_cache: { maximum_entries: 1 } }, { now: () => NOW * 1000 });
  const token = mint("t");
  await callsOfEach(guard, ["/read", "/read"], token);
  await callsOfEach(guard, ["/read"], mint("other"));
  assert.deepEqual(await callsOfEach(guard, ["/write", "/write"], token), [
    ["begin_remembered", "begin", "finish"],
    ["begin_remembered"],
  ]);
});

test("nothing is kept where nothing may be", async () => {
  for (const [document, options] of [
    [policy, { maximumTokens: 0 }],
    [{ ...policy, token_cache: { maximum_entries: 0 } }, {}],
  ]) {
    const guard = createGuard(document, { ...options, now: () => NOW * 1000 });
    for (const called of await callsOfEach(guard, ["/read", "/read", "/read"], mint("t"))) {
      assert.equal(called[0], "begin");
    }
  }
});

test("of two lines with one end, the first is known", () => {
  const freed = [];
  const tokens = new KnownTokens({ forget: (number) => freed.push(number) }, 10);
  const end = "e".repeat(32);
  const [one, other] = [`Bearer a.${end}`, `Bearer b.${end}`];
  const [first, second] = [{ ok: true }, { ok: true }];
  tokens.admit(one, 1, 0, first);
  assert.equal(tokens.find(other), undefined);
  tokens.admit(other, 2, 0, second);
  tokens.forget(other);
  assert.deepEqual(freed, [2]);
  assert.equal(tokens.find(other), undefined);
  assert.equal(tokens.find(one).verdicts.get(0), first);
  tokens.forget(one);
  assert.deepEqual(freed, [2, 1]);
  tokens.admit(other, 3, 0, second);
  assert.equal(tokens.find(other).verdicts.get(0), second);
});

test("room is made for new tokens, first by those that were not used", () => {
  const freed = [];
  const tokens = new KnownTokens({ forget: (number) => freed.push(number) }, 3);
  for (let number = 0; number < 3; number += 1) {
    tokens.admit(`Bearer ${number}`, number, 0, {});
  }
  tokens.find("Bearer 0");
  tokens.admit("Bearer 3", 3, 0, {});
  assert.deepEqual(freed, [1]);
  assert.deepEqual([0, 1, 2, 3].map((number) => tokens.find(`Bearer ${number}`)?.number), [0, undefined, 2, 3]);
});
