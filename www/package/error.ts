// The one error of the package. A refused request is not an error but a value; see `Refused`.

import type { Reason } from "./reasons.js";

/** What the program, not the caller, has done wrong, or what `verify` found wrong with a token. */
export class EdgelatchError extends Error {
  override readonly name = "EdgelatchError";
  /** Stable: `ERR_POLICY`, `ERR_OPTIONS`, `ERR_REQUEST`, `ERR_TOKEN_...`, or the reason for which a token is refused. */
  readonly code: Code;
  /** Where in a policy, such as `routes[2].scopes.all`. */
  readonly path: string | undefined;

  constructor(code: Code, message: string, path?: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

export type Code = Reason | "ERR_POLICY" | "ERR_OPTIONS" | "ERR_REQUEST" | `ERR_TOKEN_${string}`;

/** An error about an option: what, where, what to do. */
export function wrongOption(name: string, advice: string): EdgelatchError {
  return new EdgelatchError("ERR_OPTIONS", `${name}: ${advice}`, name);
}
