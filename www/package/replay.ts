// Proofs that were used before, beyond this isolate (RFC 9449 s11.1). The core remembers those of its own.

import type { PolicyFacts } from "./policy.js";
import type { Facts } from "./request.js";
import type { ReplayStore } from "./types.js";

/** Why a request must not pass whose proof the core has found good; nothing if it may. */
export async function replayed(
  proof: string,
  policy: PolicyFacts,
  store: ReplayStore,
): Promise<"dpop.replay" | "dpop.full" | undefined> {
  try {
    // As long as the core would take the proof for a new one, with clocks that differ as far as any policy allows.
    const isNew = await store.record(await idOf(proof), policy.proofLifetime + 2 * MAXIMUM_SKEW);
    return isNew ? undefined : "dpop.replay";
  } catch {
    // Nobody can tell whether it was used.
    return "dpop.full";
  }
}

/** The proof that came with a request, if one did. */
export function proofOf({ authorization, lines }: Facts): string | undefined {
  if (!authorization || !/^dpop /i.test(authorization)) {
    return undefined;
  }
  const at = lines.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "dpop");
  return at < 0 ? undefined : lines[at + 1];
}

/** Of what is signed, since an ECDSA signature has a second form that is as good. */
async function idOf(proof: string): Promise<string> {
  const signed = new TextEncoder().encode(proof.slice(0, proof.lastIndexOf(".")));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", signed));
  return btoa(String.fromCharCode(...digest)).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
}

/** Seconds. */
const MAXIMUM_SKEW = 300;
