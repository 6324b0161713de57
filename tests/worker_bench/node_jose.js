// The same with jose. It remembers no tokens.

import { createLocalJWKSet, jwtVerify } from "jose";

export function open({ issuer, audience, keySet }) {
  const keys = createLocalJWKSet(keySet);
  const options = { issuer, audience, algorithms: ["ES256", "EdDSA"], typ: "at+jwt" };
  const check = (token) => jwtVerify(token, keys, options);
  return {
    jose_es256: { algorithm: "ES256", check },
    jose_ed25519: { algorithm: "Ed25519", check },
  };
}
