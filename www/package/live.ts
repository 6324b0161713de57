// One policy at work: the way of a request through the core and back.

import { Feeds } from "./feeds.js";
import { Gate } from "./instance.js";
import { peerOf, type Needs } from "./peer.js";
import { PolicyFacts } from "./policy.js";
import { replayed } from "./replay.js";
import {
  cutFacts,
  cutUrl,
  factsOf,
  factsOfRequest,
  isRequest,
  onlyCredential,
  type Facts,
} from "./request.js";
import { Signatures } from "./signatures.js";
import { KnownTokens, readClaims, type KnownToken } from "./tokens.js";
import type { CheckContext, GuardOptions, Refused, RequestFacts, Verdict } from "./types.js";
import { Kind, admitted, kindOf, placeOf, refused, tell, type Told } from "./verdict.js";
import { Desk, type Peer } from "./wire.js";

/** A gate with all that belongs to it. When the core fails, it is thrown away as a whole. */
export class Live {
  readonly gate: Gate;
  readonly feeds: Feeds;
  readonly #desk: Desk;
  readonly #tokens: KnownTokens;
  readonly #signatures: Signatures;
  readonly #policy: PolicyFacts;
  readonly #options: GuardOptions;
  readonly #now: () => number;
  readonly #needs: Needs;
  /** The refusals of callers who are not known, by the core's number: they are the same each time. */
  readonly #refusals = new Map<number, Refused>();

  constructor(policy: PolicyFacts, options: GuardOptions, now: () => number) {
    this.gate = new Gate(policy.text, randomSeed());
    this.feeds = new Feeds(this.gate, options, now);
    this.#desk = new Desk(this.gate);
    this.#tokens = new KnownTokens(this.gate, options.maximumTokens ?? MAXIMUM_TOKENS);
    this.#signatures = new Signatures(this.gate, options.crypto ?? "webcrypto");
    this.#policy = policy;
    this.#options = options;
    this.#now = now;
    this.#needs = { source: this.gate.uses_source(), certificate: this.gate.uses_certificate() };
  }

  /** The verdict, if nothing has to be waited for. */
  decideNow(request: Request | RequestFacts, context: CheckContext): Verdict | undefined {
    const now = this.#now();
    if (!this.feeds.isReady(now, context) || this.#policy.needsHeaders) {
      return undefined;
    }
    const authorization = isRequest(request) ? request.headers.get("authorization") : onlyCredential(request);
    const token = authorization ? this.#tokens.find(authorization) : undefined;
    const parts = isRequest(request) ? cutUrl(request.url) : cutFacts(request);
    if (!authorization || !token || !parts) {
      return undefined;
    }
    const [scheme, host, path] = parts;
    const peer = peerOf(request, context, this.#needs, this.#options.platform);
    const at = this.#desk.writeBare(request.method, host, path, scheme, peer);
    const { length, method, source, flags } = at;
    const code = this.gate.begin_remembered(token.number, length, method, at.host, at.path, source, flags, now);
    return this.#recall(code, token, authorization);
  }

  /** The verdict, after whatever has to be waited for. */
  async decide(request: Request | RequestFacts, context: CheckContext): Promise<Verdict> {
    const facts = isRequest(request) ? factsOfRequest(request, this.#policy.relevantHeaders) : factsOf(request);
    const peer = peerOf(request, context, this.#needs, this.#options.platform);
    const deadline = this.#now() + (this.#options.patience ?? PATIENCE);
    if (!this.feeds.isReady(this.#now(), context)) {
      await this.feeds.refreshLists(deadline);
    }
    let mayWait = true;
    for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt += 1) {
      const code = await this.#judge(facts, peer, mayWait);
      const kind = kindOf(code);
      if (kind === Kind.allow || kind === Kind.deny) {
        return this.#conclude(code, facts);
      }
      if (kind === Kind.refresh) {
        // Asked for before waiting: other requests go through the gate in between.
        const awaited = this.gate.awaited();
        const otherwise = this.#refuse(this.gate.give_up());
        if (awaited === undefined || !(await this.feeds.obtain(awaited, deadline, context))) {
          return otherwise;
        }
      } else {
        // So many wait for a signature that this one was forgotten: it is checked here, where nothing comes between.
        mayWait = false;
      }
    }
    return this.failed();
  }

  /** The verdict when nothing can be found out. */
  failed(): Verdict {
    return this.#refuse(this.gate.refuse(placeOf("host.failed")));
  }

  async #judge(facts: Facts, peer: Peer, mayWait: boolean): Promise<number> {
    const at = this.#desk.write(facts, peer);
    const { length, method, host, path, source, flags } = at;
    let code = this.gate.begin(length, method, host, path, source, flags, this.#now());
    while (kindOf(code) === Kind.verify) {
      const pending = this.gate.pending();
      code = mayWait
        ? await this.#signatures.finish(pending, this.#now)
        : this.#signatures.finishHere(pending, this.#now);
    }
    return code;
  }

  /** Turns the last decision into a verdict; nothing comes between the two. */
  #conclude(code: number, facts: Facts): Verdict | Promise<Verdict> {
    if (kindOf(code) === Kind.deny) {
      return this.#refuse(code);
    }
    const { authorization } = facts;
    const told = tell(this.gate);
    if (authorization === undefined || told.client === null) {
      return admitted(code, told, undefined);
    }
    const token = this.#tokens.admit(authorization);
    if (!token) {
      return this.#admitOnce(code, told, facts);
    }
    const verdict = admitted(code, told, token.claims);
    token.verdicts.set(code, verdict);
    return verdict;
  }

  /** A token that is not remembered: one that came with a proof, or there is no room for any. */
  async #admitOnce(code: number, told: Told, facts: Facts): Promise<Verdict> {
    const outcome = await replayed(facts, this.#policy, this.#options.replays);
    if (outcome !== undefined && this.#policy.isEnforced(told.route)) {
      return this.#refuse(this.gate.refuse(placeOf(outcome)));
    }
    return admitted(code, told, readClaims(facts.authorization ?? ""));
  }

  /** The verdict about a token that was met before, if there is nothing to wait for. */
  #recall(code: number, token: KnownToken, authorization: string): Verdict | undefined {
    const known = token.verdicts.get(code);
    if (known) {
      return known;
    }
    switch (kindOf(code)) {
      case Kind.allow: {
        const verdict = admitted(code, tell(this.gate), token.claims);
        token.verdicts.set(code, verdict);
        return verdict;
      }
      case Kind.deny:
        return this.#refuse(code);
      default:
        // Its key is gone, or a list is missing.
        this.#tokens.forget(authorization);
        return undefined;
    }
  }

  #refuse(code: number): Verdict {
    const known = this.#refusals.get(code);
    if (known) {
      return known;
    }
    const told = tell(this.gate);
    if (kindOf(code) === Kind.allow) {
      return admitted(code, told, undefined);
    }
    const verdict = refused(code, told, this.#options.resourceMetadata);
    if (verdict.client === undefined && this.#refusals.size < MAXIMUM_REFUSALS) {
      this.#refusals.set(code, verdict);
    }
    return verdict;
  }
}

/** Callers must not know it: it decides which tokens fall together in a table. */
function randomSeed(): bigint {
  const [seed = 0n] = crypto.getRandomValues(new BigUint64Array(1));
  return seed;
}

const MAXIMUM_TOKENS = 10_000;
const MAXIMUM_REFUSALS = 4_096;
const MAXIMUM_ATTEMPTS = 4;
const PATIENCE = 2_000;
