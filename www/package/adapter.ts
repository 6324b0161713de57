// What the adapters share. They import the package by its name: by its path they would load a second copy of the wasm.

import { createGuard } from "edgelatch";
import type { Guard, GuardOptions, PolicyDocument } from "./types.js";

/** A guard, or one made of a policy. */
export function guardOf(policy: Guard | PolicyDocument, options: GuardOptions): Guard {
  return isGuard(policy) ? policy : createGuard(policy, options);
}

function isGuard(policy: Guard | PolicyDocument): policy is Guard {
  return typeof policy === "object" && typeof policy["check" as keyof typeof policy] === "function";
}
