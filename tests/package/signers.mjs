// Keys of an issuer, of a stranger, and signatures by both.

import { createHmac, generateKeyPairSync, sign } from "node:crypto";

const KINDS = {
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: () => generateKeyPairSync("ed25519"),
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
};

/** One key of each kind. */
export function signers(prefix) {
  return Object.entries(KINDS).map(([alg, make]) => {
    const { publicKey, privateKey } = make();
    const kid = `${prefix}-${alg}`;
    // Ed25519 has two names, and jose wants key and header to agree on one of them.
    const name = alg === "EdDSA" ? {} : { alg };
    return { alg, kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, ...name, use: "sig" } };
  });
}

export function signature({ alg, privateKey }, message) {
  const bytes = Buffer.from(message, "latin1");
  switch (alg) {
    case "ES256":
      return sign("sha256", bytes, { key: privateKey, dsaEncoding: "ieee-p1363" });
    case "EdDSA":
      return sign(null, bytes, privateKey);
    case "RS256":
      return sign("sha256", bytes, privateKey);
    default:
      return sign("sha256", bytes, { key: privateKey, padding: 6, saltLength: 32 });
  }
}

/** What a forger makes of a public key. */
export function hmacWith({ jwk }, message) {
  return createHmac("sha256", JSON.stringify(jwk)).update(message).digest();
}

/** The same ECDSA signature as DER, which JWS does not allow. */
export function derSignature({ privateKey }, message) {
  return sign("sha256", Buffer.from(message, "latin1"), privateKey);
}
