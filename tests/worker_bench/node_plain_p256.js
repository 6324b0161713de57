// The signature alone, by the crate p256 as it comes, in WebAssembly.

import { readFileSync } from "node:fs";

export async function open({ keySet, plainModule }) {
  const { instance } = await WebAssembly.instantiate(readFileSync(plainModule));
  const { memory, input, load_key, verify } = instance.exports;
  const write = (bytes) => {
    const place = input(bytes.length); // First: the memory may move.
    new Uint8Array(memory.buffer, place, bytes.length).set(bytes);
  };

  const { x, y } = keySet.keys.find((key) => key.alg === "ES256");
  write(Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]));
  if (load_key() !== 1) {
    throw new Error("p256 does not take the key");
  }
  const check = (token) => {
    const end = token.lastIndexOf(".");
    write(Buffer.concat([Buffer.from(token.slice(0, end)), Buffer.from(token.slice(end + 1), "base64url")]));
    if (verify(end) !== 1) {
      throw new Error("the signature is not valid");
    }
  };
  return { plain_p256: { algorithm: "ES256", check } };
}
