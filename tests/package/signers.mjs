// Keys of an issuer, of a stranger, and signatures by both.

import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";

const KINDS = {
  ES256: ["ec", { namedCurve: "P-256" }],
  EdDSA: ["ed25519", {}],
  RS256: ["rsa", { modulusLength: 2048 }],
  PS256: ["rsa", { modulusLength: 2048 }],
};

/** By way of PEM: on Node.js 20, exporting a key right from its generator hangs about once in seventy times. */
function generate([type, options]) {
  const publicKeyEncoding = { type: "spki", format: "pem" };
  const privateKeyEncoding = { type: "pkcs8", format: "pem" };
  const { publicKey, privateKey } = generateKeyPairSync(type, { ...options, publicKeyEncoding, privateKeyEncoding });
  return { publicKey: createPublicKey(publicKey), privateKey: createPrivateKey(privateKey) };
}

/** One key of each kind. */
export function signers(prefix) {
  return Object.entries(KINDS).map(([alg, kind]) => {
    const { publicKey, privateKey } = generate(kind);
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

/** A JWT by a signer. */
export function jwt(typ, claims, signer) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const message = `${encode({ alg: signer.alg, typ, kid: signer.kid })}.${encode(claims)}`;
  return `${message}.${signature(signer, message).toString("base64url")}`;
}

/** What a forger makes of a public key. */
export function hmacWith({ jwk }, message) {
  return createHmac("sha256", JSON.stringify(jwk)).update(message).digest();
}

/** The same ECDSA signature as DER, which JWS does not allow. */
export function derSignature({ privateKey }, message) {
  return sign("sha256", Buffer.from(message, "latin1"), privateKey);
}
