// Many tokens, decided by the package in three ways and by jose: what the package accepts jose has to accept as well,
// and the three ways have to agree. Prints what came of it as JSON.

import { pathToFileURL } from "node:url";
import { Dice } from "./dice.mjs";
import { signers } from "./signers.mjs";
import { AUDIENCE, ISSUER, NOW, token } from "./tokens.mjs";

const { createGuard, verifySync } = await import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY));
const jose = await import(pathToFileURL(`${process.env.NODE_MODULES}/jose/dist/webapi/index.js`));
const [count, seed] = process.argv.slice(2).map(Number);

const issuer = signers("issuer");
const stranger = signers("stranger");
const jwks = { keys: issuer.map(({ jwk }) => jwk) };
const policy = {
  issuers: [{ issuer: ISSUER, audiences: [AUDIENCE], jwks }],
  routes: [{ name: "all", methods: ["GET"], path: "/", clients: ["*"] }],
  token_cache: { maximum_entries: 0 },
};
const options = { now: () => NOW * 1000 };
const byWebCrypto = createGuard(policy, { ...options, crypto: "webcrypto" });
const byWasm = createGuard(policy, { ...options, crypto: "wasm" });
const once = { issuer: ISSUER, audience: AUDIENCE, jwks };

const keys = jose.createLocalJWKSet(jwks);
const joseOptions = {
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ["ES256", "EdDSA", "Ed25519", "RS256", "PS256"],
  typ: "at+jwt",
  clockTolerance: 10,
  currentDate: new Date(NOW * 1000),
  requiredClaims: ["exp", "iat", "sub", "client_id", "jti"],
};

const result = { histogram: {}, accepted: 0, joseToo: 0, different: [], onlyOurs: [], nameless: 0 };
const dice = new Dice(seed);
for (let index = 0; index < count; index += 1) {
  await decide(token(dice, issuer, stranger), index);
}
console.log(JSON.stringify(result));

async function decide(text, index) {
  const request = { method: "GET", host: "api.test", path: "/", headers: [["authorization", `Bearer ${text}`]] };
  const verdict = await byWebCrypto.check(request);
  const other = await byWasm.check(request);
  const code = verdict.ok ? "accepted" : verdict.code;
  if (code !== (other.ok ? "accepted" : other.code)) {
    result.different.push([index, code, other.ok ? "accepted" : other.code, text]);
  }
  result.histogram[code] = (result.histogram[code] ?? 0) + 1;
  result.nameless += code ? 0 : 1;
  if (verdict.ok) {
    result.accepted += 1;
    if (await accepts(() => jose.jwtVerify(text, keys, joseOptions))) {
      result.joseToo += 1;
    } else {
      result.onlyOurs.push([index, text]);
    }
  }
  // Its own clock cannot be set without giving up all it has prepared, so it is asked now and then.
  if (index % 100 === 0 && verdict.ok !== (await accepts(() => verifySync(text, { ...once, currentDate: joseOptions.currentDate })))) {
    result.different.push([index, code, "verifySync", text]);
  }
}

async function accepts(act) {
  try {
    await act();
    return true;
  } catch {
    return false;
  }
}
