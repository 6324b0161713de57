// What the package exports, in every runtime. The entries differ only in how they find the module of the core.

export { EdgelatchError } from "./error.js";
export { createGuard } from "./guard.js";
export { tokenSource } from "./token-source.js";
export { verify, verifySync } from "./verify.js";
export type { TokenContext, TokenSource, TokenSourceOptions } from "./token-source.js";
export type * from "./types.js";
