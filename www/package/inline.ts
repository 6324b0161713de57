// The entry for everything else: the module comes along as text, so that nothing has to be read or fetched.

import { initialize } from "./instance.js";
import { base64 } from "./wasm/inline-bytes.js";

initialize(decode(base64));

export * from "./index.js";

function decode(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = characters.charCodeAt(at);
  }
  return bytes;
}
