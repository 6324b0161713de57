// Keys and lists from caches, stores and issuers that are slow, wrong, or gone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { jwt, signers } from "./signers.mjs";

const { createGuard } = await import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY));
const NOW = 1_900_000_000;
const [withdrawn] = signers("old");
const [current] = signers("new");
const URL_OF_KEYS = "https://issuer.test/keys";

function mint(by, now) {
  const claims = { iss: "https://issuer.test", sub: "c", client_id: "c", aud: "api", iat: now, exp: now + 300, jti: "t" };
  return jwt("at+jwt", claims, by);
}

const POLICY = {
  issuers: [{ issuer: "https://issuer.test", audiences: ["api"], jwks_uri: URL_OF_KEYS, cooldown_seconds: 1 }],
  routes: [{ name: "all", methods: ["GET"], path: "/", clients: ["*"] }],
};

/** A guard whose world can be changed from outside. */
function world(options = {}) {
  const it = { now: NOW * 1000, keys: [current], fetches: 0, fetch: undefined };
  const fetch = async (...parameters) => {
    it.fetches += 1;
    return it.fetch ? it.fetch(...parameters) : keySet(it.keys);
  };
  it.guard = createGuard(POLICY, { fetch, now: () => it.now, ...options });
  it.ask = async (by) => {
    const authorization = `Bearer ${mint(by, Math.floor(it.now / 1000))}`;
    const verdict = await it.guard.check({ method: "GET", host: "h", path: "/", headers: [["authorization", authorization]] });
    return verdict.ok ? "admitted" : verdict.code;
  };
  return it;
}

function keySet(keys) {
  return Response.json({ keys: keys.map(({ jwk }) => jwk) });
}

/** A store that holds one document. */
function storeWith(keys, received) {
  const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
  return { get: async () => JSON.stringify({ body, entityTag: null, received }), put: async () => undefined };
}

const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

// The first of all: timers of others would come and go meanwhile.
test("a program that has its verdict is not kept from its end", async () => {
  const it = world({ patience: 60_000, store: { get: async () => undefined, put: async () => undefined } });
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const before = timers();
  assert.equal(await it.ask(current), "admitted");
  assert.equal(timers(), before);
});

test("a document from the future is not taken", async () => {
  const it = world({ store: storeWith([withdrawn], (NOW + 86_400) * 1000) });
  for (const hours of [0, 1, 6, 23]) {
    it.now = (NOW + hours * 3_600) * 1000 + 1;
    assert.equal(await it.ask(withdrawn), "key.unknown");
    assert.equal(await it.ask(current), "admitted");
  }
});

test("an old document serves while nobody answers, and not for ever", async () => {
  const it = world({ store: storeWith([withdrawn], NOW * 1000 - 3_600_000) });
  it.fetch = () => Promise.reject(new TypeError("down"));
  assert.equal(await it.ask(withdrawn), "admitted");
  it.now += 86_400_000;
  assert.equal(await it.ask(withdrawn), "jwks.none");
});

test("an old document does not take the place of a newer one", async () => {
  const it = world({ store: storeWith([withdrawn], NOW * 1000 - 10_000) });
  it.keys = [current];
  assert.equal(await it.ask(withdrawn), "admitted", "of a young store, for a start");
  it.now += 400_000;
  assert.equal(await it.ask(current), "admitted");
  it.now += 400_000;
  assert.equal(await it.ask(withdrawn), "key.unknown");
});

test("a slow answer does not bring back a key that was withdrawn meanwhile", async () => {
  const it = world({ patience: 3_000 });
  let release;
  it.fetch = () => new Promise((give) => (release = () => give(keySet([withdrawn]))));
  const first = it.ask(current);
  await sleep(10);
  it.fetch = undefined;
  it.now += 1_500; // Whoever waits does not believe in the first fetch any longer.
  assert.equal(await it.ask(current), "admitted");
  release();
  await first;
  await sleep(10);
  assert.equal(await it.ask(withdrawn), "key.unknown");
  assert.equal(await it.ask(current), "admitted");
});

test("a cache or store that hangs or fails costs a moment, not access", async () => {
  const never = () => new Promise(() => undefined);
  const fails = () => {
    throw new Error("broken");
  };
  for (const store of [
    { get: never, put: never },
    { get: fails, put: fails },
    { get: async () => fails(), put: async () => fails() },
    { get: async () => "{", put: async () => undefined },
    { get: async () => '{"body":7,"received":"x"}', put: async () => undefined },
    { get: async () => 7, put: async () => undefined },
  ]) {
    const it = world({ store });
    assert.equal(await it.ask(current), "admitted");
    assert.equal(await it.ask(current), "admitted");
    assert.equal(it.fetches, 1);
  }
});

test("who listens to fetches does not decide about access", async () => {
  const it = world({
    onFetch: () => {
      throw new Error("broken");
    },
  });
  assert.equal(await it.ask(current), "admitted");
});

test("answers that are redirects, huge, or not JSON leave the keys as they were", async () => {
  const it = world();
  assert.equal(await it.ask(current), "admitted");
  for (const answer of [
    () => Response.redirect("https://evil.test/keys"),
    () => new Response("x".repeat(5_000_000)),
    () => new Response("<html>"),
    () => new Response("", { status: 304 }),
    () => keySet([]),
    () => new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) })),
  ]) {
    it.now += 400_000;
    it.fetch = answer;
    assert.equal(await it.ask(withdrawn), "key.unknown");
    assert.equal(await it.ask(current), "admitted");
  }
});

test("many requests that need the same keys fetch them once", async () => {
  const it = world();
  it.fetch = () => sleep(30).then(() => keySet([current]));
  const codes = await Promise.all(Array.from({ length: 100 }, () => it.ask(current)));
  assert.deepEqual([...new Set(codes)], ["admitted"]);
  assert.equal(it.fetches, 1);
});
