// One policy at work: the way of a request through the core and back.

import { Core, type Decided } from "./core.js";
import { Feeds } from "./feeds.js";
import { peerOf, type Needs } from "./peer.js";
import type { PolicyFacts } from "./policy.js";
import { proofOf, replayed } from "./replay.js";
import { factsOf, factsOfRequest, isRequest, type Facts } from "./request.js";
import { Signatures } from "./signatures.js";
import { Places, type Place } from "./standing.js";
import { KnownTokens, type KnownToken } from "./tokens.js";
import type { Admitted, CheckContext, GuardOptions, Refused, ReplayStore, RequestFacts, Verdict } from "./types.js";
import { Kind, admitted, isKnown, kindOf, refused } from "./verdict.js";
import type { Peer } from "./wire.js";

/** A core with all that belongs to it. When the core fails, it is thrown away as a whole. */
export class Live {
  readonly core: Core;
  readonly feeds: Feeds;
  readonly #remembers: boolean;
  readonly #tokens: KnownTokens;
  readonly #places = new Places();
  readonly #signatures: Signatures;
  readonly #policy: PolicyFacts;
  readonly #options: GuardOptions;
  readonly #now: () => number;
  readonly #needs: Needs;
  /** Whether the sender has no part in any decision, so that what was said to one counts for another. */
  readonly #ignoresSenders: boolean;
  /** The refusals of callers who are not known, by the core's number: they are the same each time. */
  readonly #refusals = new Map<number, Refused>();

  constructor(policy: PolicyFacts, options: GuardOptions, now: () => number) {
    const maximum = options.maximumTokens ?? MAXIMUM_TOKENS;
    // Where a decision depends on other lines, a known token saves nothing.
    this.#remembers = maximum > 0 && !policy.needsHeaders;
    this.core = new Core(policy.text, this.#remembers);
    const { gate } = this.core;
    this.feeds = new Feeds(gate, this.core.standing, options, now);
    this.#tokens = new KnownTokens(gate, maximum);
    this.#signatures = new Signatures(gate, options.crypto ?? "fastest");
    this.#policy = policy;
    this.#options = options;
    this.#now = now;
    this.#needs = { source: gate.uses_source(), certificate: gate.uses_certificate() };
    this.#ignoresSenders = !this.#needs.source && !this.#needs.certificate;
  }

  /** The verdict, at once if nothing has to be waited for. */
  check(request: Request | RequestFacts, context: CheckContext): Verdict | Promise<Verdict> {
    const facts = isRequest(request) ? factsOfRequest(request, this.#policy.relevantHeaders) : factsOf(request);
    const peer = peerOf(request, context, this.#needs, this.#options.platform);
    const now = this.#now();
    this.core.standing.notice(now);
    const isReady = this.feeds.isReady(now, context);
    const known = isReady && this.#remembers ? this.#decideKnown(facts, peer, now) : undefined;
    return known ?? this.#decide(facts, peer, context, isReady, now);
  }

  /** The verdict when nothing can be found out. */
  failed(): Verdict {
    return this.#refuse(this.core.refuse("host.failed"));
  }

  /** The verdict, if the token is known. */
  #decideKnown(facts: Facts, peer: Peer, now: number): Verdict | undefined {
    const { authorization } = facts;
    const token = authorization === undefined ? undefined : this.#tokens.find(authorization);
    if (authorization === undefined || token === undefined) {
      return undefined;
    }
    const { standing } = this.core;
    const place = this.#ignoresSenders ? this.#places.find(facts) : undefined;
    if (place !== undefined && place === token.place && token.epoch === standing.epoch && now < token.until) {
      standing.repeat(now);
      return token.verdict;
    }
    const code = this.core.beginRemembered(token.number, facts, peer, now);
    const verdict = token.verdicts.get(code);
    if (verdict === undefined) {
      return this.#meetAgain(code, authorization);
    }
    // A reason to refuse, where that is only noted, may end sooner than the token.
    if (this.#ignoresSenders && verdict.wouldDeny === undefined) {
      this.#letStand(token, place ?? this.#places.keep(facts), verdict, now);
    }
    return verdict;
  }

  /** Notes that a known token was let in at a place, right after the core has said so. */
  #letStand(token: KnownToken, place: Place | undefined, verdict: Admitted, now: number): void {
    if (place === undefined) {
      return;
    }
    const { epoch } = this.core.standing;
    token.place = place;
    token.verdict = verdict;
    if (token.epoch !== epoch || !(now < token.until)) {
      token.epoch = epoch;
      token.until = this.core.gate.holds_until(token.number);
    }
  }

  /** The verdict, after whatever has to be waited for. */
  async #decide(facts: Facts, peer: Peer, context: CheckContext, isReady: boolean, began: number): Promise<Verdict> {
    const deadline = began + (this.#options.patience ?? PATIENCE);
    let now = began;
    if (!isReady) {
      await this.feeds.refreshLists(deadline, context);
      now = this.#now();
    }
    let mayWait = true;
    for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt += 1) {
      let step = this.core.begin(facts, peer, now);
      while (step.kind === "verify") {
        const { pending } = step;
        const outcome = mayWait ? await this.#signatures.check(pending) : undefined;
        step = this.core.finish(pending, outcome, this.#now());
      }
      switch (step.kind) {
        case "decided":
          return this.#conclude(step, facts);
        case "refresh":
          if (!(await this.feeds.obtain(step.feed, deadline, context))) {
            return this.#refuse(step.otherwise);
          }
          break;
        default:
          // So many wait for a signature that this one was forgotten: it is checked where nothing comes between.
          mayWait = false;
      }
      now = this.#now();
    }
    return this.failed();
  }

  #conclude(step: Decided, facts: Facts): Verdict | Promise<Verdict> {
    const { code, told } = step;
    if (kindOf(code) !== Kind.allow) {
      return this.#refuse(step);
    }
    const { authorization } = facts;
    if (authorization === undefined || !isKnown(told)) {
      this.#tokens.giveBack(step.token);
      return admitted(code, told, undefined);
    }
    const { replays } = this.#options;
    const proof = replays && proofOf(facts);
    if (replays && proof !== undefined) {
      return this.#admitOnce(step, authorization, proof, replays);
    }
    const verdict = admitted(code, told, authorization);
    if (step.token === undefined) {
      // The core may have forgotten a token that is known here, and which comes to another route now.
      this.#tokens.find(authorization)?.verdicts.set(code, verdict);
    } else {
      this.#tokens.admit(authorization, step.token, code, verdict);
    }
    return verdict;
  }

  /** A token that came with a proof, if no other isolate has seen the proof. */
  async #admitOnce({ code, told }: Decided, authorization: string, proof: string, replays: ReplayStore): Promise<Verdict> {
    const outcome = await replayed(proof, this.#policy, replays);
    if (outcome !== undefined && this.#policy.isEnforced(told[0])) {
      return this.#refuse(this.core.refuse(outcome));
    }
    return admitted(code, told, authorization);
  }

  /** The first verdict of its kind about a token that is known; nothing if the whole request has to be looked at. */
  #meetAgain(code: number, authorization: string): Verdict | undefined {
    switch (kindOf(code)) {
      case Kind.allow:
        // The core has left out what the upstream is told: it is the same for each request of this kind.
        return undefined;
      case Kind.deny:
        return this.#refuse({ kind: "decided", code, told: this.core.told(), token: undefined });
      default:
        // Its key is gone, or a list is missing.
        this.#tokens.forget(authorization);
        return undefined;
    }
  }

  #refuse({ code, told }: Decided): Verdict {
    const known = this.#refusals.get(code);
    if (known && !isKnown(told)) {
      return known;
    }
    const verdict = refused(code, told, this.#options.resourceMetadata);
    if (!isKnown(told) && this.#refusals.size < MAXIMUM_REFUSALS) {
      this.#refusals.set(code, verdict);
    }
    return verdict;
  }
}

const MAXIMUM_TOKENS = 10_000;
const MAXIMUM_REFUSALS = 4_096;
const MAXIMUM_ATTEMPTS = 4;
const PATIENCE = 2_000;
