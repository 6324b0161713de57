// The verdicts as programs see them.

import { REASONS, type Reason } from "./reasons.js";
import { readClaims } from "./claims.js";
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

/** What the core says of a decision: the pieces that `www/tell.rs` writes. An empty one is one that there is not. */
export type Told = readonly [route: string, client: string, third: string, fourth: string, ...headers: string[]];

/** Whether it is known who calls. */
export function isKnown(told: Told): boolean {
  return told[1] !== "";
}

/** `credential` is the header line of the token that the core has just allowed. */
export function admitted(code: number, told: Told, credential: string | undefined): Admitted {
  return new Admission(code, told, credential);
}

/** Whether the request came with a token of ours, which an upstream need not see. */
export function hasOurToken(verdict: Admitted): boolean {
  return verdict instanceof Admission && verdict.hasOurToken();
}

/** Whatever the code is, nobody passes. */
export function refused(code: number, told: Told, resourceMetadata: string | undefined): Refused {
  return new Refusal(code, told, resourceMetadata);
}

/** What few programs look at is made when it is asked for. */
class Admission implements Admitted {
  readonly ok = true;
  readonly client: string | undefined;
  readonly subject: string | undefined;
  readonly route: string | undefined;
  readonly wouldDeny: Reason | undefined;
  readonly #told: Told;
  readonly #credential: string | undefined;
  #scopes: readonly string[] | undefined;
  #headers: Readonly<Record<string, string>> | undefined;
  #claims: Claims | undefined;

  constructor(code: number, told: Told, credential: string | undefined) {
    const [route, client, subject] = told;
    this.wouldDeny = reasonOf(code);
    // An observed request that would have been refused has no identity, whatever its token says.
    const has = this.wouldDeny === undefined && client !== "";
    this.client = has ? client : undefined;
    this.subject = has ? subject : undefined;
    this.route = route === "" ? undefined : route;
    this.#told = told;
    this.#credential = has ? credential : undefined;
    // Many requests get the same one.
    Object.freeze(this);
  }

  get scopes(): readonly string[] {
    const scope = this.client === undefined ? "" : this.#told[3];
    this.#scopes ??= Object.freeze(scope === "" ? [] : scope.split(" "));
    return this.#scopes;
  }

  get claims(): Claims | undefined {
    if (this.#credential !== undefined) {
      this.#claims ??= readClaims(this.#credential);
    }
    return this.#claims;
  }

  get headers(): Readonly<Record<string, string>> {
    this.#headers ??= Object.freeze(record(this.#told));
    return this.#headers;
  }

  hasOurToken(): boolean {
    return isKnown(this.#told);
  }

  toJSON(): object {
    const { ok, client, subject, scopes, claims, route, headers, wouldDeny } = this;
    return { ok, client, subject, scopes, claims, route, headers, wouldDeny };
  }
}

class Refusal implements Refused {
  readonly ok = false;
  readonly code: Reason;
  readonly status: Refused["status"];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly route: string | undefined;
  readonly client: string | undefined;

  constructor(code: number, told: Told, resourceMetadata: string | undefined) {
    const [route, client, status, body] = told;
    this.code = reasonOf(code) ?? "host.failed";
    this.status = (Number(status) || 503) as Refused["status"];
    this.headers = Object.freeze(withMetadata(record(told), resourceMetadata));
    this.body = body;
    this.route = route === "" ? undefined : route;
    this.client = client === "" ? undefined : client;
    // Many requests get the same one.
    Object.freeze(this);
  }

  get response(): Response {
    return new Response(this.body, { status: this.status, headers: this.headers });
  }
}

function record([, , , , ...lines]: Told): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < lines.length; at += 2) {
    headers[lines[at] as string] = lines[at + 1] as string;
  }
  return headers;
}

/** RFC 9728 s5.1. The first parameter follows the scheme after a space, the others after a comma. */
function withMetadata(headers: Record<string, string>, url: string | undefined): Record<string, string> {
  const challenge = headers["www-authenticate"];
  if (challenge !== undefined && url !== undefined) {
    const separator = challenge.includes(" ") ? ", " : " ";
    headers["www-authenticate"] = `${challenge}${separator}resource_metadata="${url}"`;
  }
  return headers;
}
