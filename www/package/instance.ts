// The one WebAssembly instance of the program. How its module is found differs between runtimes: see the entries
// `workerd.ts`, `edge-light.ts`, `inline.ts` and `slim.ts`.

import { EdgelatchError } from "./error.js";
import { Gate, check_policy, initSync } from "./wasm/core.js";

export { Gate, check_policy };

let memory: WebAssembly.Memory | undefined;

/** Brings up the core. Only the first call counts. */
export function initialize(module: WebAssembly.Module | BufferSource): void {
  memory ??= initSync({ module }).memory;
}

/** The memory that the core works in. */
export function coreMemory(): WebAssembly.Memory {
  if (!memory) {
    throw new EdgelatchError(
      "ERR_OPTIONS",
      'the core is not loaded; call initialize(module) first, with the module from "edgelatch/core_bg.wasm"',
    );
  }
  return memory;
}
