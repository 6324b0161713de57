// Who checks signatures: the runtime, until the core is faster.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { jwt, signers } from "./signers.mjs";

const { createGuard } = await import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY));
const NOW = 1_900_000_000;
const [es256, ed25519, rs256] = signers("issuer");

/** A guard with one key. */
function guardOf(signer, crypto) {
  const policy = {
    issuers: [{ issuer: "https://issuer.test", audiences: ["api"], algorithms: [signer.alg], jwks: { keys: [signer.jwk] } }],
    routes: [{ name: "all", methods: ["GET"], path: "/", clients: ["*"] }],
  };
  return createGuard(policy, { crypto, now: () => NOW * 1000 });
}

function requestWith(token) {
  return { method: "GET", host: "api.test", path: "/", headers: [["authorization", `Bearer ${token}`]] };
}

let serial = 0;
function mint(signer) {
  serial += 1;
  const claims = { iss: "https://issuer.test", sub: "a", client_id: "a", aud: "api", iat: NOW, exp: NOW + 300 };
  return jwt("at+jwt", { ...claims, jti: `${serial}` }, signer);
}

/** The same with a digit in the middle of the signature changed. */
function forged(token) {
  const place = token.length - 40;
  return `${token.slice(0, place)}${token[place] === "A" ? "B" : "A"}${token.slice(place + 1)}`;
}

async function checksByWebCrypto(act) {
  const { verify } = crypto.subtle;
  let count = 0;
  crypto.subtle.verify = (...input) => {
    count += 1;
    return verify.apply(crypto.subtle, input);
  };
  try {
    await act();
  } finally {
    crypto.subtle.verify = verify;
  }
  return count;
}

/** Sends so many tokens, and a forgery of each. */
async function send(guard, signer, tokens) {
  for (let index = 0; index < tokens; index += 1) {
    const token = mint(signer);
    const refusal = await guard.check(requestWith(forged(token)));
    assert.deepEqual([refusal.ok, refusal.code], [false, "sig.bad"], `${index}`);
    assert.equal((await guard.check(requestWith(token))).ok, true, `${index}`);
  }
}

// The first valid token marks the key, and each after it is a row of the base point or of the key.
for (const { signer, rows } of [
  { signer: es256, rows: 37 + 43 },
  { signer: ed25519, rows: 43 + 52 },
]) {
  test(`the core takes over when its tables for a key of ${signer.alg} are made`, async () => {
    const guard = guardOf(signer, "fastest");
    assert.equal(await checksByWebCrypto(() => send(guard, signer, 120)), 2 * (1 + rows));
    assert.equal(await checksByWebCrypto(() => send(guard, signer, 100)), 0);
  });
}

test("forgeries make no tables", async () => {
  const guard = guardOf(es256, "fastest");
  const count = await checksByWebCrypto(async () => {
    for (let index = 0; index < 200; index += 1) {
      assert.equal((await guard.check(requestWith(forged(mint(es256))))).ok, false);
    }
  });
  assert.equal(count, 200);
});

test("RS256 stays with WebCrypto", async () => {
  const guard = guardOf(rs256, "fastest");
  assert.equal(await checksByWebCrypto(() => send(guard, rs256, 100)), 200);
});

test("who asks for one of both gets it", async () => {
  assert.equal(await checksByWebCrypto(() => send(guardOf(es256, "webcrypto"), es256, 100)), 200);
  assert.equal(await checksByWebCrypto(() => send(guardOf(es256, "wasm"), es256, 100)), 0);
});
