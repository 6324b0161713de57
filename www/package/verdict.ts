// The verdicts as programs see them.

import { REASONS, type Reason } from "./reasons.js";
import type { Admitted, Claims, Refused } from "./types.js";

/** The lowest three bits of the number that the core answers with; in step with `www/verdict.rs`. */
export const Kind = { allow: 0, deny: 1, verify: 2, refresh: 3, forgotten: 4, misused: 5 } as const;

export function kindOf(code: number): number {
  return code & 7;
}

export function reasonOf(code: number): Reason | undefined {
  return REASONS[((code >>> 3) & 127) - 1];
}

/** The place of a reason in the core's table. */
export function placeOf(reason: Reason): number {
  return REASONS.indexOf(reason);
}

/** What the core says of its last decision. */
export interface Told {
  route: string | null;
  client: string | null;
  subject?: string | null;
  /** Scope tokens with one space between them. */
  scope?: string | null;
  headers: [string, string][];
  status?: Refused["status"];
  body?: string;
}

/** `claims` are those of the token that the core has just allowed. */
export function admitted(code: number, told: Told, claims: Claims | undefined): Admitted {
  // An observed request that would have been refused has no identity, whatever its token says.
  const wouldDeny = reasonOf(code);
  const isKnown = told.client !== null && wouldDeny === undefined;
  const verdict = {
    ok: true as const,
    client: isKnown ? (told.client ?? undefined) : undefined,
    subject: isKnown ? (told.subject ?? undefined) : undefined,
    scopes: isKnown && told.scope ? Object.freeze(told.scope.split(" ")) : NO_SCOPES,
    claims: isKnown ? claims : undefined,
    route: told.route ?? undefined,
    headers: Object.freeze(Object.fromEntries(told.headers)),
    wouldDeny,
  };
  if (told.client !== null) {
    ours.add(verdict);
  }
  return Object.freeze(verdict);
}

/** Whether the request came with a token of ours, which an upstream need not see. */
export function hasOurToken(verdict: Admitted): boolean {
  return ours.has(verdict);
}

const ours = new WeakSet<Admitted>();

/** Whatever the code is, nobody passes. */
export function refused(code: number, told: Told, resourceMetadata: string | undefined): Refused {
  const headers = Object.fromEntries(told.headers);
  const challenge = headers["www-authenticate"];
  if (challenge !== undefined && resourceMetadata !== undefined) {
    headers["www-authenticate"] = withMetadata(challenge, resourceMetadata);
  }
  return new Refusal(reasonOf(code) ?? "host.failed", told, headers);
}

/** RFC 9728 s5.1. The first parameter follows the scheme after a space, the others after a comma. */
function withMetadata(challenge: string, url: string): string {
  const separator = challenge.includes(" ") ? ", " : " ";
  return `${challenge}${separator}resource_metadata="${url}"`;
}

class Refusal implements Refused {
  readonly ok = false;
  readonly code: Reason;
  readonly status: Refused["status"];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly route: string | undefined;
  readonly client: string | undefined;

  constructor(code: Reason, told: Told, headers: Record<string, string>) {
    this.code = code;
    this.status = told.status ?? 503;
    this.headers = Object.freeze(headers);
    this.body = told.body ?? "";
    this.route = told.route ?? undefined;
    this.client = told.client ?? undefined;
    // Many requests get the same one.
    Object.freeze(this);
  }

  get response(): Response {
    return new Response(this.body, { status: this.status, headers: this.headers });
  }
}

const NO_SCOPES: readonly string[] = Object.freeze([]);
