// A guard that says again what still holds and one that asks its core each time go through the same requests, keys,
// lists, outages and clocks, and always say the same.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";
import { countQuestions } from "./questions.mjs";
import { jwt, signers } from "./signers.mjs";

// Both cores fetch in step.
const { getRandomValues } = crypto;
crypto.getRandomValues = (array) => (array instanceof BigUint64Array ? array.fill(7n) : getRandomValues.call(crypto, array));

const entry = pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY);
const { createGuard } = await import(entry);
const questions = countQuestions((await import(new URL("./wasm/core.js", entry))).Gate);
const { Places } = await import(new URL("./standing.js", entry));

const NOW = 1_900_000_000;
const LIST = "https://issuer.test/list";
const [first] = signers("first");
const [second] = signers("second");
/** Who keeps no place asks about each request. */
let keepsPlaces = true;
const { keep } = Places.prototype;
Places.prototype.keep = function (facts) {
  return keepsPlaces ? keep.call(this, facts) : undefined;
};

/** A small generator (mulberry32), so that a failure can be repeated by its number. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/** An issuer that changes its mind. */
class Issuer {
  keys = [first.jwk];
  revoked = 0;
  sequence = 1;
  isDown = false;
  underWay = 0;

  fetch = async (url) => {
    this.underWay += 1;
    try {
      await new Promise((wake) => setTimeout(wake, 1));
      if (this.isDown) throw new TypeError("down");
      return url === LIST ? this.#list() : Response.json({ keys: this.keys });
    } finally {
      this.underWay -= 1;
    }
  };

  #list() {
    const status_list = { bits: 1, lst: deflateSync(Buffer.of(this.revoked)).toString("base64url") };
    const claims = { iss: "https://issuer.test", sub: LIST, iat: NOW, sequence: this.sequence, status_list };
    return new Response(jwt("statuslist+jwt", claims, first), { headers: { "content-type": "application/statuslist+jwt" } });
  }
}

function policyFor({ hasList, isRemote, skew }) {
  const keys = isRemote
    ? { jwks_uri: "https://issuer.test/keys", refresh_seconds: 30, maximum_stale_seconds: 90 }
    : { jwks: { keys: [first.jwk, second.jwk] } };
  const list = hasList ? { status_list: { uri: LIST, refresh_seconds: 1, wait_seconds: 0, maximum_stale_seconds: 60 } } : {};
  const issuer = { issuer: "https://issuer.test", audiences: ["api"], clock_skew_seconds: skew, ...keys, ...list };
  const route = (name, more) => ({ name, methods: ["GET", "POST"], path: `/${name}/{id}`, clients: ["*"], ...more });
  const public_route = { name: "open", methods: ["GET"], path: "/open/{id}", mode: "public" };
  return {
    issuers: [issuer],
    routes: [route("read"), route("write", { scopes: { all: ["w"] } }), route("seen", { mode: "observe" }), public_route],
  };
}

function tokensFor({ hasList }) {
  const claims = { iss: "https://issuer.test", sub: "c", client_id: "c", aud: "api", iat: NOW - 100, exp: NOW + 300 };
  return [
    [{ jti: "a", scope: "w" }, first],
    [{ jti: "b", exp: NOW + 100 }, first],
    [{ jti: "c", nbf: NOW, iat: NOW }, first],
    [{ jti: "d" }, second],
  ].map(([more, signer], idx) => {
    const status = hasList ? { status: { status_list: { idx, uri: LIST } } } : {};
    return jwt("at+jwt", { ...claims, ...more, ...status }, signer);
  });
}

/** One history; gives how many answers came without a question. */
async function live(seed, steps) {
  const roll = dice(seed);
  const pick = (among) => among[roll(among.length)];
  const world = { hasList: roll(2) === 0, isRemote: roll(2) === 0, skew: pick([0, 10]) };
  const issuer = new Issuer();
  let now = NOW * 1000;
  const options = { now: () => now, fetch: issuer.fetch, patience: 60_000, cache: false, crypto: "wasm", maximumListAge: pick([500, 20_000]) };
  const [repeats, asks] = [0, 1].map(() => createGuard(policyFor(world), options));
  const tokens = tokensFor(world);
  const recent = [];
  let repeated = 0;
  const happen = [
    () => (issuer.keys = pick([[first.jwk], [first.jwk, second.jwk], [second.jwk]])),
    () => ((issuer.sequence += 1), (issuer.revoked = pick([0, 1, 2, 4, 8]))),
    () => (issuer.isDown = !issuer.isDown),
    () => (now -= pick([1, 500, 5_000, 290_000, 301_000])),
    () => (now += pick([300.25, 20_000, 60_000])),
    () => (now += pick([1, 700, 1_000, 3_000])),
  ];
  for (let step = 0; step < steps; step += 1) {
    happen[roll(24)]?.();
    if (recent.length === 0 || roll(6) === 0) {
      const path = `/${pick(["read", "write", "seen", "open", "none"])}/1`;
      const headers = [["authorization", `Bearer ${pick(tokens)}`]];
      recent[roll(3)] = { method: pick(["GET", "POST"]), host: pick(["api.test", "other.test"]), path, headers };
    }
    const request = recent[roll(recent.length)] ?? recent.find(Boolean);
    const before = questions();
    keepsPlaces = true;
    const one = repeats.check(request);
    repeated += questions() === before ? 1 : 0;
    keepsPlaces = false;
    const other = asks.check(request);
    assert.deepEqual(said(await one), said(await other), `seed ${seed}, step ${step}, ${now - NOW * 1000} ms`);
    // What was fetched has arrived at both.
    do await new Promise((wake) => setTimeout(wake, 3));
    while (issuer.underWay > 0);
  }
  return repeated;
}

function said({ ok, code, status, client, scopes, route, wouldDeny, headers }) {
  return { ok, code, status, client, scopes, route, wouldDeny, headers };
}

test("a guard that says again what still holds says what one says that asks each time", async () => {
  let repeated = 0;
  for (let seed = 1; seed <= 24; seed += 1) {
    repeated += await live(seed, 150);
  }
  assert.ok(repeated > 300, `${repeated} repetitions prove little`);
});
