// Reasons that have two places: before the signature and after it. What was not verified must never be called so.

import assert from "node:assert/strict";
import { afterChange, read, run } from "./browser.mjs";

const ISSUER = "https://issuer.example";
const encode = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);

async function sign(header, payload) {
  const text = `${encode(header)}.${encode(payload)}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, Buffer.from(text));
  return `${text}.${Buffer.from(signature).toString("base64url")}`;
}

const HEADER = { alg: "ES256", typ: "at+jwt", kid: "k" };
const NOW = Math.floor(Date.now() / 1000);
const CLAIMS = { iss: ISSUER, sub: "s", client_id: "c", aud: "a", jti: "j", iat: NOW - 10, exp: NOW + 600, scope: "r" };
const BOUND = { ...CLAIMS, cnf: { jkt: "A".repeat(43) } };

const one = { issuer: ISSUER, audiences: ["a"], jwks: { keys: [{ kty, crv, x, y, kid: "k", alg: "ES256" }] } };
const other = { ...one, issuer: "https://other.example" };
const route = { name: "r", methods: ["GET"], path: "/r", scopes: { all: ["r"] } };
const shut = { name: "p", methods: ["GET"], path: "/p", mode: "public", networks: ["10.0.0.0/8"] };
const POLICY = { issuers: [one], routes: [route, shut], dpop: {} };

/** What is asked, and where it has to end. */
const CASES = [
  { what: "an unknown issuer and an unknown key", token: await sign({ ...HEADER, kid: "z" }, { ...CLAIMS, iss: "https://x.example" }), reason: "clm.iss", ends: "key", verified: false },
  { what: "another issuer's name under the right key", token: await sign(HEADER, { ...CLAIMS, iss: "https://x.example" }), reason: "clm.iss", ends: "claims", verified: true },
  { what: "no issuer among two", token: await sign(HEADER, { ...CLAIMS, iss: undefined }), policy: { ...POLICY, issuers: [one, other] }, reason: "clm.iss", ends: "key", verified: false },
  { what: "a header that is no JSON", token: await sign("{alg", CLAIMS), reason: "jws.json", ends: "form", verified: false },
  { what: "a payload that is no JSON", token: await sign(HEADER, "{iss"), reason: "jws.json", ends: "claims", verified: true },
  { what: "a payload that is no JSON, forged", token: (await sign(HEADER, "{iss")).slice(0, -8) + "AAAAAAAA", reason: "sig.bad", ends: "signature", verified: false },
  { what: "a proof that is too long to be read", token: `DPoP ${await sign(HEADER, BOUND)}`, proof: "p".repeat(8193), reason: "dpop.proof", ends: "header", verified: false },
  { what: "a proof that is nonsense", token: `DPoP ${await sign(HEADER, BOUND)}`, proof: "a.b.c", reason: "dpop.proof", ends: "binding", verified: true },
  { what: "no proof", token: `DPoP ${await sign(HEADER, BOUND)}`, reason: "dpop.missing", ends: "header", verified: false },
  { what: "a clock before all edges", token: await sign(HEADER, CLAIMS), time: "2001-01-01 00:00", reason: "clock.bad", ends: "clock", verified: false },
  { what: "an observed route and a forgery", token: (await sign(HEADER, CLAIMS)).slice(0, -8) + "AAAAAAAA", policy: { ...POLICY, routes: [{ ...route, mode: "observe" }] }, reason: "sig.bad", ends: "signature", verified: false, word: "would be refused" },
  { what: "a public route from elsewhere, without a token", token: "", path: "/p", reason: "pol.network", ends: "grant", verified: undefined, before: "not asked" },
  { what: "a policy with a status list", token: await sign(HEADER, CLAIMS), policy: { ...POLICY, issuers: [{ ...one, status_list: { uri: `${ISSUER}/list` } }] }, reason: "", verified: true },
  { what: "no route, and no token", token: "", path: "/nowhere", reason: "pol.norule", ends: "route", verified: undefined },
];

run(async (open) => {
  const { page, faults } = await open();
  await page.locator("#more").evaluate((more) => (more.open = true));
  for (const asked of CASES) {
    await ask(page, asked);
    check(asked, await read(page));
  }
  assert.deepEqual(faults, []);
  await saysWhatToMend(page);
  await worksWithoutKeys(open);
  await expiresInSight(open);
  console.log(`playground: ${CASES.length} requests, each ends where it does; one token expired in sight`);
});

async function ask(page, { token, policy = POLICY, proof = "", time = "", path = "/r" }) {
  const fields = { policy: JSON.stringify(policy), token, proof, time };
  for (const [id, value] of Object.entries(fields)) await page.locator(`#${id}`).evaluate((field, text) => (field.value = text), value);
  // One change that the page notices, when all are made.
  await afterChange(page, () => page.fill("#path", path));
}

/** A mistake in the policy is named with its place, and the field is marked until it is mended. */
async function saysWhatToMend(page) {
  for (const [policy, expected] of [
    ["", "empty"],
    ["issuers: []", "YAML"],
    [JSON.stringify({ ...POLICY, issuers: [{ ...one, jwkss: {} }] }), "issuers[0].jwkss"],
    [`{"issuers":[],"issuers":[]}`, "twice"],
  ]) {
    await page.fill("#policy", policy);
    await page.waitForFunction((text) => document.querySelector("#policy-problem").textContent.includes(text), expected);
    const strip = await page.locator("#verdict").textContent();
    assert.ok(strip.includes("Not decided") && strip.includes(expected), strip);
    assert.equal(await page.getAttribute("#policy", "aria-invalid"), "true");
    assert.equal(await page.locator("#stages").isVisible(), false, "the stages of another request are still there");
  }
  await page.fill("#policy", JSON.stringify(POLICY));
  await page.locator("#policy[aria-invalid=false]").waitFor();
}

/** A page that is not from a secure place has no WebCrypto: no examples then, but the core checks signatures itself. */
async function worksWithoutKeys(open) {
  const { page, faults } = await open({ lacksCrypto: true });
  assert.match(await page.locator("#example-hint").textContent(), /No examples/);
  for (const asked of CASES.slice(0, 6)) {
    await ask(page, asked);
    check(asked, await read(page));
  }
  assert.deepEqual(faults, []);
}

/** Nobody touches the page while a token ends: it is the clock that goes on, and the page that looks at it. */
async function expiresInSight(open) {
  const { page } = await open({ ticks: true });
  const now = Math.floor(Date.now() / 1000);
  await ask(page, { token: await sign(HEADER, { ...CLAIMS, iat: now - 10, exp: now + 600 }) });
  // The example that was there before was admitted too, for another client.
  await page.waitForFunction(() => document.querySelector("#verdict .headline").textContent === "c may pass");
  await page.evaluate(() => {
    const real = Date.now;
    Date.now = () => real() + 1_200_000;
  });
  await page.waitForFunction(() => document.querySelector("#verdict .reason")?.textContent === "clm.exp");
}

function check({ what, reason, ends, verified, word = "failed", before }, seen) {
  assert.equal(seen.reason, reason, what);
  const end = ends === undefined ? seen.names.length : seen.names.indexOf(ends);
  if (ends !== undefined) assert.equal(seen.stages[end], word, what);
  assert.deepEqual(new Set(seen.stages.slice(end + 1)), new Set(end + 1 < seen.stages.length ? ["not reached"] : []), what);
  for (const [index, name] of seen.names.slice(0, end).entries()) {
    const expected = name === "route" ? "passed" : (before ?? (name === "status" ? "not asked" : "passed"));
    assert.equal(seen.stages[index], expected, `${what}: ${name}`);
  }
  const seal = verified === undefined ? "" : verified ? "Verified" : "Not verified";
  assert.ok(seal === "" ? seen.seal === "" : seen.seal.startsWith(seal), `${what}: ${seen.seal}`);
}
