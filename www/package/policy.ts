// What the package itself reads of a policy. The core has checked it by then.

import { EdgelatchError } from "./error.js";
import { check_policy, coreMemory } from "./instance.js";
import type { PolicyDocument } from "./types.js";

interface Document {
  readonly issuers?: readonly { readonly issuer: string }[];
  readonly routes?: readonly { readonly name: string; readonly mode?: string; readonly scopes?: Scopes }[];
  readonly default_mode?: string;
  readonly client_certificate?: { readonly from: string };
  readonly dpop?: { readonly proof_lifetime_seconds?: number };
  readonly forward?: { readonly token?: string };
}

interface Scopes {
  readonly all?: readonly string[];
  readonly any?: readonly string[];
}

/** A policy that the core accepts. */
export class PolicyFacts {
  /** The document as JSON. */
  readonly text: string;
  /** The header lines that can change a decision. */
  readonly relevantHeaders: readonly string[];
  /** Whether a decision about a known token depends on any of them. */
  readonly needsHeaders: boolean;
  /** Whether the upstream sees tokens. */
  readonly hidesTokens: boolean;
  /** Seconds for which a proof is good. */
  readonly proofLifetime: number;
  readonly #document: Document;

  /** Throws an `EdgelatchError` that says what is wrong, and where. */
  constructor(policy: PolicyDocument) {
    this.text = textOf(policy);
    coreMemory();
    const complaint = check_policy(this.text);
    if (complaint !== undefined) {
      throw new EdgelatchError("ERR_POLICY", complaint, /^([\w.[\]]+): /.exec(complaint)?.[1]);
    }
    const document = JSON.parse(this.text) as Document;
    this.#document = document;
    this.needsHeaders = document.client_certificate?.from === "xfcc";
    this.relevantHeaders = [
      "authorization",
      ...(document.dpop ? ["dpop"] : []),
      ...(this.needsHeaders ? ["x-forwarded-client-cert"] : []),
    ];
    this.hidesTokens = document.forward?.token === "strip";
    this.proofLifetime = document.dpop?.proof_lifetime_seconds ?? 60;
  }

  /** Whether a route refuses, rather than only says what it would refuse. */
  isEnforced(name: string): boolean {
    const route = this.#document.routes?.find((one) => one.name === name);
    return (route?.mode ?? this.#document.default_mode) !== "observe";
  }

  get issuers(): string[] {
    return (this.#document.issuers ?? []).map(({ issuer }) => issuer);
  }

  /** Every scope that a route asks for. */
  get scopes(): string[] {
    const routes = this.#document.routes ?? [];
    return [...new Set(routes.flatMap(({ scopes }) => [...(scopes?.all ?? []), ...(scopes?.any ?? [])]))].sort();
  }
}

/** The document as JSON. */
export function textOf(policy: PolicyDocument): string {
  if (typeof policy === "string") {
    return policy;
  }
  if (typeof policy !== "object" || policy === null) {
    throw new EdgelatchError("ERR_POLICY", "a policy is JSON text or an object");
  }
  try {
    return JSON.stringify(policy);
  } catch {
    throw new EdgelatchError("ERR_POLICY", "the policy holds what JSON cannot say, such as a reference to itself");
  }
}
