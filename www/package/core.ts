// The core as the rest of the package sees it: each step gives back all there is to know about it.
//
// The core tells about its last step only, and a step of another request may come whenever something is awaited. So
// whatever is to be asked is asked here, in the same function that made the step, and nothing here is async.

import { Gate } from "./instance.js";
import type { Facts } from "./request.js";
import { Standing } from "./standing.js";
import { Kind, kindOf, placeOf, type Told } from "./verdict.js";
import type { Reason } from "./types.js";
import { Desk, type Peer } from "./wire.js";

/** A decision. `code` says what it is; equal codes about one token are equal decisions. */
export interface Decided {
  readonly kind: "decided";
  readonly code: number;
  readonly told: Told;
  /** The core's number for the token, if it remembers it. */
  readonly token: number | undefined;
}

export type Step =
  | Decided
  /** A signature has to be checked. */
  | { readonly kind: "verify"; readonly pending: number }
  /** The answer of a feed may help; otherwise this is the refusal. */
  | { readonly kind: "refresh"; readonly feed: number; readonly otherwise: Decided }
  /** It has to begin again. */
  | { readonly kind: "again" };

/** One gate and its memory. */
export class Core {
  readonly gate: Gate;
  readonly standing: Standing;
  readonly #desk: Desk;
  /** What was told before, by the core's numbers for it. */
  readonly #tolds = new Map<number, Told>();

  constructor(policy: string, remembers: boolean) {
    this.gate = new Gate(policy, randomSeed(), remembers);
    this.standing = new Standing(this.gate);
    this.#desk = new Desk(this.gate);
  }

  begin(facts: Facts, peer: Peer, now: number): Step {
    this.standing.notice(now);
    const { length, method, host, path, source, flags } = this.#desk.write(facts, peer);
    return this.#after(this.gate.begin(length, method, host, path, source, flags, now));
  }

  /** Goes on with the answer about a signature; without one the core checks it. */
  finish(pending: number, outcome: number | undefined, now: number): Step {
    const { gate } = this;
    this.standing.notice(now);
    return this.#after(outcome === undefined ? gate.finish_here(pending, now) : gate.finish(pending, outcome, now));
  }

  /** The number of the decision about a known token; `told` has to be asked for before anything else. */
  beginRemembered(token: number, facts: Facts, peer: Peer, now: number): number {
    this.standing.notice(now);
    const { length, method, host, path, source, flags } = this.#desk.writeBare(facts, peer);
    return this.gate.begin_remembered(token, length, method, host, path, source, flags, now);
  }

  /** What there is to say about the decision that was made last, once. */
  told(): Told {
    const text = this.gate.decision();
    if (text === undefined) {
      throw new WebAssembly.RuntimeError("there is no decision to tell about");
    }
    return text.split("\0") as unknown as Told;
  }

  /** A refusal for a reason that was found out here. */
  refuse(reason: Reason): Decided {
    return this.#decided(this.gate.refuse(placeOf(reason)));
  }

  #after(code: number): Step {
    const { gate } = this;
    switch (kindOf(code)) {
      case Kind.allow:
      case Kind.deny:
        return this.#decided(code);
      case Kind.verify:
        return { kind: "verify", pending: gate.pending() };
      case Kind.refresh: {
        const feed = gate.awaited();
        const otherwise = this.#decided(gate.give_up());
        return feed === undefined ? otherwise : { kind: "refresh", feed, otherwise };
      }
      default:
        return { kind: "again" };
    }
  }

  #decided(code: number): Decided {
    const isAllowed = kindOf(code) === Kind.allow;
    const token = isAllowed ? this.gate.remember() : undefined;
    return { kind: "decided", code, told: isAllowed ? this.#toldBefore() : this.told(), token };
  }

  /** The same, of an allowed request: most are told about in the same words as others before. */
  #toldBefore(): Told {
    const number = this.gate.decision_number();
    const known = number === undefined ? undefined : this.#tolds.get(number);
    if (known || number === undefined) {
      return known ?? this.told();
    }
    if (this.#tolds.size >= MAXIMUM_TOLDS) {
      this.#tolds.clear();
    }
    const told = this.told();
    this.#tolds.set(number, told);
    return told;
  }
}

/** Callers must not know it: it decides which tokens fall together in a table. */
function randomSeed(): bigint {
  const [seed = 0n] = crypto.getRandomValues(new BigUint64Array(1));
  return seed;
}

const MAXIMUM_TOLDS = 1_024;
