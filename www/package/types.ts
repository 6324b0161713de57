// The public types of the package.

import type { Reason } from "./reasons.js";

export type { Reason };

/** A policy document: the same that configures the Envoy filter. JSON text, or the object. */
export type PolicyDocument = string | { readonly [member: string]: unknown };

/** A request as plain facts, where there is no `Request`: servers on Node, tests. */
export interface RequestFacts {
  /** Such as `GET`; case-sensitive (RFC 9110 s9.1). */
  method: string;
  /** Host with optional port. */
  host: string;
  /** Path with optional query, as it will be forwarded. */
  path: string;
  /** `https` or `http`, as the client used it. */
  scheme?: "https" | "http";
  /**
   * Every header line, as pairs of name and value. Characters stand for bytes (Latin-1), as in Node and `Headers`.
   * Leave none out: a second `Authorization` line is an attack.
   */
  headers: Iterable<readonly [name: string, value: string]>;
}

/** What the host knows of a connection, and no header line may claim. */
export interface CheckContext {
  /** Address of the peer. Routes with `networks` refuse without it. */
  source?: string | undefined;
  /** SHA-256 of the client's certificate (DER), if TLS proved that the peer holds its key: 32 bytes, or 64 hex digits. */
  certificate?: Uint8Array | string | undefined;
  /** Keeps background work alive after the response; the `ctx` of a Worker fits as it is. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** The claims of an admitted token. */
export interface Claims {
  iss: string;
  sub?: string;
  aud?: string | string[];
  exp: number;
  iat?: number;
  nbf?: number;
  jti?: string;
  client_id?: string;
  scope?: string;
  [claim: string]: unknown;
}

/** The request may pass. */
export interface Admitted {
  readonly ok: true;
  /** Who calls (`client_id`); undefined on public routes and where the route only observes. */
  readonly client: string | undefined;
  /** `sub`. */
  readonly subject: string | undefined;
  /** The scopes of the token. */
  readonly scopes: readonly string[];
  /** All claims of the token; undefined where `client` is. Shared between requests: do not change it. */
  readonly claims: Claims | undefined;
  /** Name of the route in the policy. */
  readonly route: string | undefined;
  /** Header lines for the upstream, such as `x-auth-client-id`; set them after the lines that `guard.isReserved` names were removed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Why the request would have been refused, were the route not observed only. */
  readonly wouldDeny: Reason | undefined;
}

/** The request ends here. */
export interface Refused {
  readonly ok: false;
  /** The stable code, for logs and metrics; not for the caller. */
  readonly code: Reason;
  readonly status: 400 | 401 | 403 | 503;
  /** Header lines of the answer, such as `www-authenticate`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body of the answer, JSON. */
  readonly body: string;
  /** The finished answer; each access makes a new one. */
  readonly response: Response;
  readonly route: string | undefined;
  /** Who called, where the token is authentic. */
  readonly client: string | undefined;
}

export type Verdict = Admitted | Refused;

/** Where documents that were fetched outlive an isolate. */
export interface DocumentStore {
  /** What stands under the key, or nothing. */
  get(key: string): Promise<string | null | undefined>;
  /** Keeps a text for a number of seconds. */
  put(key: string, value: string, options: { expirationTtl: number }): Promise<unknown>;
}

/** Remembers DPoP proofs beyond one isolate, so that none is taken twice (RFC 9449 s11.1). */
export interface ReplayStore {
  /** Notes a proof for a number of seconds. False if it was noted before. */
  record(id: string, seconds: number): Promise<boolean>;
}

export interface GuardOptions {
  /** Fetches keys and lists instead of the global `fetch`. */
  fetch?: typeof fetch;
  /** The clock, in milliseconds since 1970; for tests. */
  now?: () => number;
  /** Shares what was fetched with the other isolates of a data centre: a `Cache`, such as `caches.default`. None if false. */
  cache?: Cache | false;
  /** Shares what was fetched with all: a KV namespace fits as it is. */
  store?: DocumentStore;
  /** Remembers DPoP proofs beyond this isolate. */
  replays?: ReplayStore;
  /** Tokens that are remembered when they come again; 0 to remember none. Default 10,000. */
  maximumTokens?: number;
  /** Milliseconds that a request waits for keys it needs. Default 2,000. */
  patience?: number;
  /**
   * Milliseconds for which a list of revoked tokens is used before the issuer is asked again: how late a revocation may
   * be known here. Default 1,000. Asking costs one small conditional request, shared by the isolates of a data centre.
   */
  maximumListAge?: number;
  /**
   * Whose word about the peer counts. `cloudflare`: the source is `cf-connecting-ip`, the certificate is that of
   * `request.cf.tlsClientAuth`. Default: only what `check` is told as its context.
   */
  platform?: "cloudflare";
  /** Absolute URL of the RFC 9728 metadata, named in every challenge. */
  resourceMetadata?: string;
  /** Who checks signatures; `fastest` if it does not say. */
  crypto?: CryptoChoice;
  /** Told of each fetch and how it ended. */
  onFetch?: (event: FetchEvent) => void;
}

/**
 * `webcrypto` wherever the runtime has the algorithm, `wasm` always, or the `fastest` of both: for ES256 and Ed25519 that
 * is WebAssembly, once it has made tables for a key, over at most 96 valid tokens; for RSA it is WebCrypto.
 */
export type CryptoChoice = "fastest" | "webcrypto" | "wasm";

/** One fetch of a document. */
export interface FetchEvent {
  readonly kind: "key set" | "status list";
  readonly issuer: string;
  /** Where it came from. */
  readonly from: "origin" | "cache" | "store";
  readonly outcome: "accepted" | "unchanged" | "kept";
  /** Why it was not used. */
  readonly problem?: string;
}

/** Decides about requests. */
export interface Guard {
  /** Decides about a request. Never rejects because of what a caller sends. */
  check(request: Request | RequestFacts, context?: CheckContext): Promise<Verdict>;
  /** Whether a client's header line of this name must not reach an upstream. */
  isReserved(name: string): boolean;
  /** The request for the upstream: reserved header lines removed, those of the verdict set. */
  forward(request: Request, verdict: Admitted): Request;
  /** The header lines for the upstream, where there is no `Request`. */
  forwardHeaders(headers: RequestFacts["headers"], verdict: Admitted): [name: string, value: string][];
  /** Keeps keys and status lists up to date in the background until `stop` is called; for long-lived programs. */
  watch(): { stop(): void };
  /** How up to date what was fetched is. */
  feeds(): readonly FeedState[];
  /** The RFC 9728 document of this API. */
  metadata(resource: string): { resource: string; authorization_servers: string[]; scopes_supported: string[]; bearer_methods_supported: ["header"] };
}

export interface FeedState {
  readonly kind: "key set" | "status list";
  readonly issuer: string;
  readonly freshness: "empty" | "fresh" | "stale" | "expired";
  readonly ageSeconds: number | undefined;
}

/** jose's names, with secure defaults. */
export interface VerifyOptions {
  /** `iss`, byte for byte. */
  issuer: string;
  /** `aud` must name one of these. */
  audience: string | string[];
  /** The public keys, or where to fetch them. */
  jwks: { keys: readonly object[] } | URL | string;
  algorithms?: readonly Algorithm[];
  /** Which claims other issuers use, and what is relaxed for them. Default `rfc9068`. */
  profile?: Profile;
  /** Seconds, or a text such as "10 seconds". Default 10. */
  clockTolerance?: number | string;
  /** Seconds since `iat`, or a text such as "5 minutes". */
  maxTokenAge?: number | string;
  subject?: string;
  requiredClaims?: readonly string[];
  /** Instead of the clock. */
  currentDate?: Date;
}

export type Algorithm = "ES256" | "Ed25519" | "EdDSA" | "RS256" | "PS256" | "RS384" | "PS384" | "RS512" | "PS512";

export type Profile = "rfc9068" | "keycloak" | "auth0" | "entra" | "cognito" | "okta";

export interface Verified {
  payload: Claims;
  protectedHeader: { alg: string; kid?: string; typ?: string };
}
