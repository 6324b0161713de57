// Every example of the page, picked one after the other: the verdict, each stage, and what goes over the wire.

import assert from "node:assert/strict";
import { pick, read, run } from "./browser.mjs";

const ORDER = ["route", "header", "clock", "form", "key", "signature", "claims", "status", "binding", "grant"];

/** Where each ends, why, and what must be read there. `status` is passed over, since the policy names no list. */
const EXPECTED = {
  good: { fate: "Admitted", seal: "Verified", wire: "x-auth-client-id: billing" },
  ed25519: { fate: "Admitted", seal: "Verified", wire: "x-auth-scope: orders:read" },
  dpop: { fate: "Admitted", seal: "Verified", wire: "x-auth-client-id: billing" },
  observe: { fate: "Let through", reason: "pol.scope", ends: "grant", word: "would be refused", seal: "Verified", wire: "GET /reports/2026", says: "reports:read" },
  public: { fate: "Admitted", isAnonymous: true, seal: "", wire: "GET /healthz" },
  missing: { fate: "401", reason: "hdr.missing", ends: "header", seal: "", wire: "www-authenticate: Bearer\n" },
  expired: { fate: "401", reason: "clm.exp", ends: "claims", seal: "Verified", wire: 'error="invalid_token"', says: "6 minutes ago" },
  audience: { fate: "401", reason: "clm.aud", ends: "claims", seal: "Verified", wire: 'error="invalid_token"', says: "https://payroll.example.com" },
  none: { fate: "401", reason: "jws.alg", ends: "form", seal: "Not verified", wire: 'error="invalid_token"', says: "none" },
  tampered: { fate: "401", reason: "sig.bad", ends: "signature", seal: "Not verified", wire: 'error="invalid_token"' },
  kid: { fate: "401", reason: "key.unknown", ends: "key", seal: "Not verified", wire: 'error="invalid_token"', says: "retired-2025" },
  typ: { fate: "401", reason: "jws.typ", ends: "form", seal: "Not verified", wire: 'error="invalid_token"', says: "JWT" },
  bearer: { fate: "401", reason: "clm.bound", ends: "binding", seal: "Verified", wire: "www-authenticate: DPoP ", says: "jkt" },
  scope: { fate: "403", reason: "pol.scope", ends: "grant", seal: "Verified", wire: 'scope="orders:write"', says: "orders:write" },
  network: { fate: "403", reason: "pol.network", ends: "grant", seal: "Verified", wire: "access_denied", says: "198.51.100.7" },
  path: { fate: "403", reason: "pol.path", ends: "route", seal: "Not verified", wire: "access_denied", says: "%2F" },
};

run(async (open) => {
  const { page, faults } = await open();
  const offered = await page.locator("#example option").evaluateAll((all) => all.map((option) => option.value));
  assert.deepEqual(offered.filter((id) => id !== "").sort(), Object.keys(EXPECTED).sort());
  let stages = 0;
  for (const [id, expected] of Object.entries(EXPECTED)) {
    // From another one, since the first is there already.
    await pick(page, id === "scope" ? "network" : "scope");
    await pick(page, id);
    const seen = await read(page);
    stages += checkStages(id, seen, expected);
    checkTexts(id, seen, expected);
  }
  assert.deepEqual(faults, []);
  console.log(`playground: ${Object.keys(EXPECTED).length} examples, ${stages} stages`);
});

function checkStages(id, seen, { ends, word = "failed", isAnonymous = false }) {
  assert.deepEqual(seen.names, ORDER, id);
  const end = ends === undefined ? ORDER.length : ORDER.indexOf(ends);
  const words = ORDER.map((name, index) => {
    if (index === end) return word;
    if (index > end) return "not reached";
    return name === "status" || (isAnonymous && name !== "route") ? "not asked" : "passed";
  });
  assert.deepEqual(seen.stages, words, id);
  for (const detail of seen.details) assert.ok(detail.length > 2, `${id}: a stage says nothing`);
  return words.length;
}

function checkTexts(id, seen, { fate, reason = "", seal, wire, says }) {
  assert.ok(seen.fate.includes(fate), `${id}: ${seen.fate}`);
  assert.equal(seen.reason, reason, id);
  assert.ok(seal === "" ? seen.seal === "" : seen.seal.startsWith(seal), `${id}: ${seen.seal}`);
  assert.ok(seen.wire.includes(wire), `${id}: ${seen.wire}`);
  assert.ok(seen.announcement.includes(seen.headline) && seen.announcement.includes(reason), `${id}: ${seen.announcement}`);
  assert.equal(seen.facts.length, reason === "" ? 0 : 4, `${id}: what to do, why, where to look, which text decides`);
  if (says !== undefined) assert.ok(seen.particulars.includes(says), `${id}: ${seen.particulars}`);
}
