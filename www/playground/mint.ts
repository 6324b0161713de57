// Keys and tokens for the examples, made when the page opens: an example never expires, and no key of it exists
// anywhere else.

import { encodeBase64url, type JsonObject } from "./text.js";

/** A key pair whose private half cannot leave the browser's own store. */
export interface SigningKey {
  /** As the header of a token says it. */
  algorithm: "ES256" | "Ed25519";
  keyId: string;
  /** As it stands in a key set. */
  jwk: JsonObject;
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

export async function makeKey(algorithm: "ES256" | "Ed25519", keyId: string): Promise<SigningKey> {
  const { generate, sign } = ALGORITHMS[algorithm];
  const pair = (await crypto.subtle.generateKey(generate, false, ["sign", "verify"])) as CryptoKeyPair;
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const numbers = y === undefined ? { kty, crv, x } : { kty, crv, x, y };
  return {
    algorithm,
    keyId,
    jwk: { kid: keyId, alg: algorithm, ...numbers },
    sign: (bytes) => crypto.subtle.sign(sign, pair.privateKey, bytes),
  };
}

/** The same where the browser has the algorithm; nothing where it has not. */
export async function makeKeyIfPossible(algorithm: "Ed25519", keyId: string): Promise<SigningKey | undefined> {
  try {
    return await makeKey(algorithm, keyId);
  } catch {
    return undefined;
  }
}

/** A compact JWS. */
export async function mint(header: JsonObject, payload: JsonObject, key: SigningKey): Promise<string> {
  const text = `${encode(header)}.${encode(payload)}`;
  const signature = await key.sign(new TextEncoder().encode(text));
  return `${text}.${encodeBase64url(new Uint8Array(signature))}`;
}

/** A proof that the sender of a token holds its key (RFC 9449 s4.2). */
export async function mintProof(token: string, method: string, address: string, now: number, key: SigningKey): Promise<string> {
  const { kty, crv, x, y } = key.jwk;
  const header = { alg: key.algorithm, typ: "dpop+jwt", jwk: { kty, crv, x, y } };
  const payload = { jti: crypto.randomUUID(), htm: method, htu: address, iat: now, ath: await digest(token) };
  return mint(header, payload, key);
}

/** RFC 7638: what a token is bound to. */
export function thumbprint(key: SigningKey): Promise<string> {
  const { crv, kty, x, y } = key.jwk;
  return digest(JSON.stringify({ crv, kty, x, y }));
}

export function encode(value: JsonObject): string {
  return encodeBase64url(new TextEncoder().encode(JSON.stringify(value)));
}

async function digest(text: string): Promise<string> {
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

const ALGORITHMS = {
  ES256: { generate: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" } },
  Ed25519: { generate: { name: "Ed25519" }, sign: { name: "Ed25519" } },
} as const;
