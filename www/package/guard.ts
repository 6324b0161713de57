// What decides about requests, as programs hold it.

import { EdgelatchError, wrongOption } from "./error.js";
import { Live } from "./live.js";
import { PolicyFacts } from "./policy.js";
import type {
  Admitted,
  CheckContext,
  FeedState,
  Guard,
  GuardOptions,
  PolicyDocument,
  RequestFacts,
  Verdict,
} from "./types.js";
import { hasOurToken } from "./verdict.js";

/**
 * Puts a policy to work.
 *
 * ```ts
 * const guard = createGuard(policy);
 * const verdict = await guard.check(request);
 * if (!verdict.ok) return verdict.response;
 * ```
 *
 * Throws an `EdgelatchError` about a policy or an option that is wrong; what callers send never makes it throw.
 */
export function createGuard(policy: PolicyDocument, options: GuardOptions = {}): Guard {
  checkOptions(options);
  return new PolicyGuard(new PolicyFacts(policy), options);
}

class PolicyGuard implements Guard {
  readonly #policy: PolicyFacts;
  readonly #options: GuardOptions;
  readonly #now: () => number;
  /** Made at the first request: before it, a Worker has neither a clock nor random numbers. */
  #live: Live | undefined;
  readonly #reserved = new Map<string, boolean>();

  constructor(policy: PolicyFacts, options: GuardOptions) {
    this.#policy = policy;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  // Not async: most verdicts are there at once, and each turn of waiting would cost as much as a lookup.
  check(request: Request | RequestFacts, context: CheckContext = NO_CONTEXT): Promise<Verdict> {
    try {
      const live = this.#open();
      const verdict = live.check(request, context);
      return verdict instanceof Promise
        ? verdict.catch((error: unknown) => this.#fail(live, error))
        : Promise.resolve(verdict);
    } catch (error) {
      return this.#failNow(error);
    }
  }

  isReserved(name: string): boolean {
    const known = this.#reserved.get(name);
    if (known !== undefined) {
      return known;
    }
    const isReserved = this.#open().core.gate.is_reserved(name);
    if (this.#reserved.size < MAXIMUM_NAMES) {
      this.#reserved.set(name, isReserved);
    }
    return isReserved;
  }

  forward(request: Request, verdict: Admitted): Request {
    // Not by `new Request(request, { headers })`: where none are left, Bun takes the old ones.
    const forwarded = new Request(request, { redirect: "manual" });
    const listed = connectionNames(forwarded.headers.get("connection") ?? "");
    for (const name of [...forwarded.headers.keys()]) {
      if (listed.has(name) || this.#mustNotPass(name, verdict)) {
        forwarded.headers.delete(name);
      }
    }
    for (const [name, value] of Object.entries(verdict.headers)) {
      forwarded.headers.set(name, value);
    }
    return forwarded;
  }

  forwardHeaders(headers: RequestFacts["headers"], verdict: Admitted): [name: string, value: string][] {
    const ours = Object.entries(verdict.headers);
    const names = new Set(ours.map(([name]) => name));
    const lines = [...headers].map(([name, value]) => [name, value] as [string, string]);
    const connection = lines.filter(([name]) => name.toLowerCase() === "connection").map(([, value]) => value);
    const listed = connectionNames(connection.join(","));
    const passes = (name: string): boolean => !names.has(name) && !listed.has(name) && !this.#mustNotPass(name, verdict);
    return [...lines.filter(([name]) => passes(name.toLowerCase())), ...ours];
  }

  /** What a program does wrong is its own; otherwise the core has failed, which it must not. */
  #fail(live: Live | undefined, error: unknown): Verdict {
    if (error instanceof EdgelatchError) {
      throw error;
    }
    // What it knew is given up, and the request is not let through.
    if (this.#live === live) {
      this.#live = undefined;
    }
    return this.#open().failed();
  }

  async #failNow(error: unknown): Promise<Verdict> {
    return this.#fail(this.#live, error);
  }

  #mustNotPass(name: string, verdict: Admitted): boolean {
    return this.isReserved(name) || (name === "authorization" && this.#policy.hidesTokens && hasOurToken(verdict));
  }

  watch(): { stop(): void } {
    const abort = new AbortController();
    // Of whatever core there is: one that failed is replaced.
    const follow = (): void => this.#open().feeds.follow(abort.signal);
    const timer: unknown = setInterval(follow, WATCH_INTERVAL);
    follow();
    return {
      stop: () => {
        clearInterval(timer as number);
        abort.abort();
        this.#open().feeds.watched = false;
      },
    };
  }

  feeds(): readonly FeedState[] {
    return this.#open().feeds.states(this.#now());
  }

  metadata(resource: string): ReturnType<Guard["metadata"]> {
    return {
      resource,
      authorization_servers: this.#policy.issuers,
      scopes_supported: this.#policy.scopes,
      bearer_methods_supported: ["header"],
    };
  }

  #open(): Live {
    this.#live ??= new Live(this.#policy, this.#options, this.#now);
    return this.#live;
  }
}

/**
 * What is meant for this hop alone (RFC 9110 s7.6.1). A client that lists one of our names there would have the next
 * hop remove it.
 */
function connectionNames(connection: string): Set<string> {
  const listed = connection.toLowerCase().split(",");
  return new Set(["connection", "keep-alive", "proxy-connection", ...listed.map((name) => name.trim())]);
}

function checkOptions({ resourceMetadata, maximumTokens, patience, maximumListAge }: GuardOptions): void {
  // It is written into a header line between quotes.
  if (resourceMetadata !== undefined && !/^https?:\/\/[!#-[\]-~]+$/.test(resourceMetadata)) {
    throw wrongOption("resourceMetadata", "not an absolute URL; give that of the RFC 9728 document");
  }
  for (const [name, value] of Object.entries({ maximumTokens, patience, maximumListAge })) {
    if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
      throw wrongOption(name, "not a number from 0 on");
    }
  }
}

const NO_CONTEXT: CheckContext = {};
/** Names of header lines: those of honest clients are few. */
const MAXIMUM_NAMES = 512;
/** Milliseconds between two looks at what is due. */
const WATCH_INTERVAL = 250;
