// The question to the guard, and what a log needs to know of its answer.

import type { Verdict } from "edgelatch";
import type { Context } from "./environment.js";
import type { Gateway } from "./set_up.js";

/** The part of a log line that says why. */
export interface Outcome {
  /** The client's address, where somebody vouches for it. */
  source?: string | undefined;
  outcome?: "allowed" | "denied" | "would_deny";
  /** The stable code; null where nothing is wrong. */
  reason: string | null;
  route?: string | undefined;
  client_id?: string | undefined;
  issuer?: string | undefined;
  /** Finds the token in the audit of the issuer, and is no token: the head of the SHA-256 of its `jti`. */
  jti_hash?: string | undefined;
  /** For the operator: what to repair. */
  problem?: string;
  /** What happened on the way to the upstream. */
  upstream?: "unreachable" | "timeout";
}

export interface Decision {
  /** None if the guard itself failed. */
  verdict?: Verdict;
  outcome: Outcome;
}

export async function decide(request: Request, gateway: Gateway, context: Context): Promise<Decision> {
  // Anywhere else a client could have written the line.
  const source = gateway.isOnCloudflare ? (request.headers.get("cf-connecting-ip") ?? undefined) : undefined;
  try {
    const verdict = await gateway.guard.check(request, { waitUntil: (work) => context.waitUntil(work) });
    return { verdict, outcome: { source, ...(await outcome(verdict)) } };
  } catch (error) {
    return { outcome: { source, outcome: "denied", reason: "host.failed", problem: String(error) } };
  }
}

async function outcome(verdict: Verdict): Promise<Outcome> {
  const { route, client: client_id } = verdict;
  if (!verdict.ok) {
    return { outcome: "denied", reason: verdict.code, route, client_id };
  }
  const { claims, wouldDeny } = verdict;
  return {
    outcome: wouldDeny ? "would_deny" : "allowed",
    reason: wouldDeny ?? null,
    route,
    client_id,
    issuer: claims?.iss,
    jti_hash: claims?.jti === undefined ? undefined : await hash(claims.jti),
  };
}

/** As in the log of the Envoy filter: `printf %s JTI | sha256sum | cut -c1-32`. */
async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const head = new Uint8Array(digest, 0, 16);
  return Array.from(head, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
