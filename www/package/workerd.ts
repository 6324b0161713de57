// The entry for Workers: an import of the module is compiled already.

import { initialize } from "./instance.js";
import module from "./wasm/core_bg.wasm";

initialize(module);

export * from "./index.js";
