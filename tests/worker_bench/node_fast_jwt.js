// The same with fast-jwt, which is given the one key that is right.

import { createPublicKey } from "node:crypto";
import { createVerifier } from "fast-jwt";

export function open({ issuer, audience, keySet }) {
  const verifier = (algorithm, cache) => {
    const jwk = keySet.keys.find((key) => key.alg === algorithm);
    const key = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
    return createVerifier({
      key,
      cache,
      algorithms: [algorithm],
      allowedIss: issuer,
      allowedAud: audience,
      checkTyp: "at+jwt",
    });
  };
  return {
    fast_jwt_es256: { algorithm: "ES256", check: verifier("ES256", false) },
    fast_jwt_ed25519: { algorithm: "Ed25519", check: verifier("EdDSA", false) },
    // Room for as many tokens as ours remembers.
    fast_jwt_known: { algorithm: "ES256", check: verifier("ES256", 10_000) },
  };
}
