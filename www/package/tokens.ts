// Tokens that were verified before, by the whole value of their `Authorization` line. Only the number is kept
// by which the core knows them: times, revocation, network and policy are asked anew for every
// request, and the core forgets a token as soon as its key is no longer in force.

import type { Gate } from "./instance.js";
import type { Admitted } from "./types.js";

/** One token. */
export interface KnownToken {
  /** The core's number for it. */
  readonly number: number;
  /** The verdicts so far, by the core's number for them: they are the same each time. Most tokens have one. */
  readonly verdicts: Verdicts;
  wasUsed: boolean;
}

/** A few verdicts: a token meets few routes, and one that goes through all of them must not fill the memory. */
export class Verdicts {
  #code = -1;
  #verdict: Admitted | undefined;
  #others: Map<number, Admitted> | undefined;

  get(code: number): Admitted | undefined {
    return code === this.#code ? this.#verdict : this.#others?.get(code);
  }

  set(code: number, verdict: Admitted): void {
    if (this.#verdict === undefined) {
      this.#code = code;
      this.#verdict = verdict;
      return;
    }
    this.#others ??= new Map();
    if (this.#others.size >= MAXIMUM_VERDICTS) {
      this.#others.clear();
    }
    this.#others.set(code, verdict);
  }
}

/** Verified tokens within limits; a clock hand goes round to make room. */
export class KnownTokens {
  readonly #gate: Gate;
  readonly #maximum: number;
  readonly #tokens = new Map<string, KnownToken>();
  #characters = 0;

  constructor(gate: Gate, maximum: number) {
    this.#gate = gate;
    this.#maximum = maximum;
  }

  find(authorization: string): KnownToken | undefined {
    const token = this.#tokens.get(authorization);
    if (token) {
      token.wasUsed = true;
    }
    return token;
  }

  /** Keeps a token under the number that the core has given it. */
  admit(authorization: string, number: number): KnownToken {
    const known = this.#tokens.get(authorization);
    if (known) {
      // Two requests with it came at once.
      this.giveBack(number);
      return known;
    }
    const token = { number, verdicts: new Verdicts(), wasUsed: false };
    this.#makeRoom(authorization.length);
    this.#tokens.set(authorization, token);
    this.#characters += authorization.length;
    return token;
  }

  /** A number that nobody needs. */
  giveBack(number: number | undefined): void {
    if (number !== undefined) {
      this.#gate.forget(number);
    }
  }

  forget(authorization: string): void {
    const token = this.#tokens.get(authorization);
    if (token) {
      this.#tokens.delete(authorization);
      this.#characters -= authorization.length;
      this.#gate.forget(token.number);
    }
  }

  #makeRoom(characters: number): void {
    for (const [authorization, token] of this.#tokens) {
      const isFull = this.#tokens.size >= this.#maximum || this.#characters + characters > MAXIMUM_CHARACTERS;
      if (!isFull) {
        return;
      }
      if (token.wasUsed) {
        // A second chance: behind all others.
        token.wasUsed = false;
        this.#tokens.delete(authorization);
        this.#tokens.set(authorization, token);
      } else {
        this.forget(authorization);
      }
    }
  }
}

const MAXIMUM_VERDICTS = 32;
const MAXIMUM_CHARACTERS = 16_777_216;
