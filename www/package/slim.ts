// The entry for who brings the module: `initialize(module)` before anything else.

export { initialize } from "./instance.js";
export * from "./index.js";
