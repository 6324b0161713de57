// The token source's `fetch`: what an API gets to see, and what becomes of its refusals.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Script, granted, ISSUER } from "./scripted_issuer.mjs";

const { tokenSource } = await import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY).href);

const API = "https://api.example.com/orders";

/** An API that takes one token only. */
function setUp(accepted, challenge = 'Bearer error="invalid_token"') {
  const script = new Script(granted("t1"), granted("t2"), granted("t3"));
  const seen = [];
  const api = async (input, init) => {
    const request = new Request(input, init);
    const token = request.headers.get("authorization");
    seen.push({ token, body: await request.text(), redirect: request.redirect, other: request.headers.get("x-other") });
    const isGood = token === `Bearer ${accepted}`;
    return isGood ? new Response("yes") : new Response("no", { status: 401, headers: { "www-authenticate": challenge } });
  };
  const tokens = tokenSource({
    issuer: ISSUER, clientId: "billing", clientSecret: "hush-hush", now: script.now,
    fetch: (input, init) => (String(input.url ?? input).startsWith(API) ? api(input, init) : script.fetch(input, init)),
  });
  return { script, seen, tokens };
}

test("asks once more with a new token if the old one is not valid any more", async () => {
  const { script, seen, tokens } = setUp("t2");
  await tokens.token();
  script.advance(20);
  const response = await tokens.fetch(API, { method: "POST", body: "one order", headers: { "x-other": "kept" } });
  assert.equal(await response.text(), "yes");
  assert.deepEqual(seen.map(({ token }) => token), ["Bearer t1", "Bearer t2"]);
  assert.ok(seen.every(({ body, other, redirect }) => body === "one order" && other === "kept" && redirect === "manual"));
});

test("asks once more, not for ever", async () => {
  const { script, seen, tokens } = setUp("none");
  await tokens.token();
  script.advance(20);
  assert.equal((await tokens.fetch(API)).status, 401);
  assert.equal((await tokens.fetch(API)).status, 401);
  assert.equal(seen.length, 3);
  assert.equal(script.asked.length, 2, "a token that is new and refused must not bring another one at once");
});

test("keeps the token if the 401 is about something else", async () => {
  const { script, seen, tokens } = setUp("none", 'DPoP error="use_dpop_nonce"');
  await tokens.token();
  script.advance(20);
  assert.equal((await tokens.fetch(API)).status, 401);
  assert.equal(seen.length, 1);
  assert.equal(await tokens.token(), "t1");
});

test("does not send a stream twice, but the next request has a new token", async () => {
  const { script, seen, tokens } = setUp("t2");
  await tokens.token();
  script.advance(20);
  const request = new Request(API, { method: "POST", body: new Blob(["part"]).stream(), duplex: "half" });
  assert.equal((await tokens.fetch(request)).status, 401);
  assert.equal((await tokens.fetch(API)).status, 200);
  assert.deepEqual(seen.map(({ token }) => token), ["Bearer t1", "Bearer t2"]);
});

test("replaces an Authorization line, keeps the others of a Request", async () => {
  const { seen, tokens } = setUp("t1");
  const request = new Request(API, { headers: { authorization: "Basic eDp5", "x-other": "kept" } });
  assert.equal((await tokens.fetch(request)).status, 200);
  assert.deepEqual(seen[0], { token: "Bearer t1", body: "", redirect: "manual", other: "kept" });
});
