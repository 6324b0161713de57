// The token source against an issuer that does whatever a test wants, on a clock that stands still.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Script, answer, granted, ISSUER } from "./scripted_issuer.mjs";

const { tokenSource } = await import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY).href);

const CLIENT = { issuer: ISSUER, clientId: "billing", clientSecret: "hush-hush" };

function source(script, options = {}) {
  return tokenSource({ ...CLIENT, fetch: script.fetch, now: script.now, ...options });
}

async function code(promise) {
  const error = await promise.then(() => assert.fail("a token all the same"), (error) => error);
  assert.equal(error.constructor.name, "EdgelatchError");
  assert.doesNotMatch(`${error.message} ${error.stack}`, /hush|Basic/);
  return error.code;
}

test("asks as RFC 6749 says", async () => {
  const script = new Script(granted("t1"));
  const tokens = source(script, {
    clientId: "a:b c", clientSecret: "p%+é", scope: ["orders:read", "orders:write"], resource: "https://api.example.com",
  });
  assert.deepEqual(await tokens.headers(), { authorization: "Bearer t1" });
  const [asked] = script.asked;
  assert.equal(asked.headers.get("authorization"), `Basic ${btoa("a%3Ab+c:p%25%2B%C3%A9")}`);
  assert.equal(asked.headers.get("content-type"), "application/x-www-form-urlencoded");
  assert.equal(asked.redirect, "manual");
  assert.equal(asked.body, "grant_type=client_credentials&scope=orders%3Aread+orders%3Awrite&resource=https%3A%2F%2Fapi.example.com");
});

test("one fetch for all who ask at once", async () => {
  const script = new Script(granted("t1"), granted("t2"));
  const tokens = source(script);
  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.token()));
  assert.deepEqual(new Set(all), new Set(["t1"]));
  assert.equal(script.asked.length, 1);
});

test("renews at four fifths of the lifetime, in the background", async () => {
  const script = new Script(granted("t1", 300), granted("t2", 300));
  const tokens = source(script);
  await tokens.token();
  script.advance(224);
  assert.equal(await tokens.token(), "t1");
  assert.equal(script.asked.length, 1);
  script.advance(32);
  const background = [];
  assert.equal(await tokens.token({ waitUntil: (work) => background.push(work) }), "t1");
  assert.equal(background.length, 1);
  await Promise.all(background);
  assert.equal(await tokens.token(), "t2");
  assert.equal(script.asked.length, 2);
});

test("no token is handed out in its last half minute, nor after a failed renewal before it", async () => {
  const script = new Script(granted("t1", 300), answer(503), granted("t2", 300));
  const tokens = source(script);
  await tokens.token();
  script.advance(260);
  const background = [];
  assert.equal(await tokens.token({ waitUntil: (work) => background.push(work) }), "t1");
  await Promise.all(background);
  assert.equal(await tokens.token(), "t1");
  script.advance(11);
  assert.equal(await tokens.token(), "t2");
});

test("a lifetime counts from the question", async () => {
  const script = new Script(() => (script.advance(100), granted("t1", 100)()), granted("t2", 100));
  const tokens = source(script);
  assert.equal(await code(tokens.token()), "ERR_TOKEN_ANSWER");
  script.advance(2);
  assert.equal(await tokens.token(), "t2");
});

test("a client that is not accepted is not asked for again within a minute", async () => {
  const script = new Script(answer(401, { error: "invalid_client" }), granted("t1"));
  const tokens = source(script);
  assert.equal(await code(tokens.token()), "ERR_TOKEN_CLIENT");
  script.advance(59);
  assert.equal(await code(tokens.token()), "ERR_TOKEN_CLIENT");
  assert.equal(script.asked.length, 1);
  script.advance(32);
  assert.equal(await tokens.token(), "t1");
});

test("Retry-After is honoured, as seconds and as a date, within bounds", async () => {
  for (const [value, silent, again] of [["7", 6, 5], [new Date(7_000).toUTCString(), 6, 5], ["99999", 299, 152]]) {
    const script = new Script(answer(429, {}, { "retry-after": value }), granted("t1"));
    const tokens = source(script);
    assert.equal(await code(tokens.token()), "ERR_TOKEN_BUSY");
    script.advance(silent);
    assert.equal(await code(tokens.token()), "ERR_TOKEN_BUSY");
    script.advance(again);
    assert.equal(await tokens.token(), "t1");
  }
});

test("pauses grow, and end", async () => {
  const script = new Script(...Array.from({ length: 20 }, () => answer(500)), granted("t1"));
  const tokens = source(script);
  const pauses = [];
  for (let last = 0, second = 0; script.asked.length <= 20; second += 0.5, script.advance(0.5)) {
    await tokens.token().catch(() => undefined);
    if (script.asked.length > last) {
      pauses.push(second);
      last = script.asked.length;
    }
  }
  const gaps = pauses.slice(1).map((at, index) => at - pauses[index]);
  gaps.forEach((gap, index) => {
    const least = Math.min(2 ** index, 30);
    assert.ok(gap >= least && gap <= least * 1.5 + 0.5, `pause ${index} of ${gap} s`);
  });
});

test("an answer without a usable token is none", async () => {
  const wrong = [
    [{ token_type: "DPoP" }, "ERR_TOKEN_ANSWER"],
    [{ token_type: undefined }, "ERR_TOKEN_ANSWER"],
    [{ access_token: "a\r\nx-admin: 1" }, "ERR_TOKEN_ANSWER"],
    [{ access_token: "" }, "ERR_TOKEN_ANSWER"],
    [{ access_token: "x".repeat(17_000) }, "ERR_TOKEN_ANSWER"],
    [{ expires_in: -1 }, "ERR_TOKEN_ANSWER"],
    [{ padding: "x".repeat(70_000) }, "ERR_TOKEN_ANSWER"],
  ];
  for (const [members, expected] of wrong) {
    const script = new Script(granted("t1", 300, members));
    assert.equal(await code(source(script).token()), expected, JSON.stringify(members).slice(0, 60));
  }
  const script = new Script(granted("t1", 300, { token_type: "bearer", expires_in: "300" }));
  assert.equal(await source(script).token(), "t1");
});

test("what an issuer says is not repeated", async () => {
  const script = new Script(answer(400, { error: "evil\nhush", error_description: "hush" }));
  assert.equal(await code(source(script).token()), "ERR_TOKEN_REFUSED");
});

test("metadata must be of the issuer, and secrets go to https only", async () => {
  for (const members of [
    { issuer: `${ISSUER}/` },
    { token_endpoint: "http://issuer.example.com/token" },
    { token_endpoint: "https://user:word@issuer.example.com/token" },
    { token_endpoint: undefined },
    { token_endpoint_auth_methods_supported: ["private_key_jwt"] },
  ]) {
    const script = new Script(granted("t1"));
    script.metadata = { ...script.metadata, ...members };
    assert.equal(await code(source(script).token()), "ERR_TOKEN_METADATA", JSON.stringify(members));
    assert.equal(script.asked.length, 0);
  }
});

test("a redirect is an error, wherever it points", async () => {
  const script = new Script(answer(307, {}, { location: "https://elsewhere.example/token" }));
  assert.equal(await code(source(script).token()), "ERR_TOKEN_ANSWER");
  assert.equal(script.asked.length, 1);
});

test("options that cannot work are told at once", () => {
  for (const [options, path] of [
    [{ issuer: "http://issuer.example.com" }, "issuer"],
    [{ issuer: "https://issuer.example.com?x" }, "issuer"],
    [{ clientSecret: "" }, "clientSecret"],
    [{ resource: "orders" }, "resource"],
  ]) {
    assert.throws(() => tokenSource({ ...CLIENT, ...options }), { code: "ERR_TOKEN_OPTIONS", path });
  }
});

test("whoever fetched and was cancelled is replaced when its lease ends", async () => {
  const script = new Script(() => new Promise(() => undefined), granted("t2"));
  const tokens = source(script);
  void tokens.token();
  const waiting = tokens.token();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(script.asked.length, 1);
  script.advance(12);
  assert.equal(await waiting, "t2");
});
