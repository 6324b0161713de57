// The token source and the real issuer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const { tokenSource } = await import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY).href);
const { ISSUER: issuer, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret } = process.env;

test("one token for many requests", async () => {
  const tokens = tokenSource({ issuer, clientId, clientSecret, scope: "orders:read" });
  const all = await Promise.all(Array.from({ length: 20 }, () => tokens.token()));
  assert.equal(new Set(all).size, 1);
  const [header, claims] = all[0].split(".").slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
  assert.deepEqual([header.typ, claims.iss, claims.client_id, claims.scope], ["at+jwt", issuer, clientId, "orders:read"]);
});

test("a wrong secret is told as such", async () => {
  const tokens = tokenSource({ issuer, clientId, clientSecret: `${clientSecret.slice(0, -1)}?` });
  const error = await tokens.token().then(() => undefined, (error) => error);
  assert.equal(error?.code, "ERR_TOKEN_CLIENT");
  assert.match(error.message, /invalid_client/);
  assert.ok(!error.message.includes(clientSecret.slice(0, 12)));
});
