// The entry for runtimes that want to be told that an import is a module.

import { initialize } from "./instance.js";
import module from "./wasm/core_bg.wasm?module";

initialize(module);

export * from "./index.js";
