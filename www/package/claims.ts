// The claims of a token that the core has verified: it has found the payload to be strict JSON.

import type { Claims } from "./types.js";

/** Claims that many requests may share. `credential` is the token, with or without the scheme before it. */
export function readClaims(credential: string): Claims {
  return freeze(ownClaims(credential));
}

/** Claims for one caller alone. */
export function ownClaims(credential: string): Claims {
  const from = credential.indexOf(".") + 1;
  const payload = credential.slice(from, credential.indexOf(".", from));
  const bytes = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
  // Most payloads are ASCII, and need no decoder.
  const text = ASCII.test(bytes) ? bytes : new TextDecoder().decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0)));
  return JSON.parse(text) as Claims;
}

/** None may change them for the others. */
function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

const ASCII = /^[\0-\x7f]*$/;
