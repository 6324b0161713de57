// Tokens that were verified before and came again, by their `Authorization` line, with the number by which the core
// knows them and the verdicts so far. Times, revocation, network and policy are the core's to ask about, each time that
// they may be others than the last (standing.ts), and it forgets a token as soon as its key is no longer in force. A
// token that comes once is not kept: what lives on costs the collector more than the whole check.

import type { Gate } from "./instance.js";
import type { Place } from "./standing.js";
import type { Admitted } from "./types.js";

/** One token. */
export interface KnownToken {
  /** The whole value of the line. */
  readonly authorization: string;
  /** The core's number for it. */
  readonly number: number;
  /** The verdicts so far, by the core's number for them: they are the same each time. Most tokens have one. */
  readonly verdicts: Verdicts;
  wasUsed: boolean;
  /** Where it was let in last, if that may be said again, and how. */
  place: Place | undefined;
  verdict: Admitted;
  /** Until when (milliseconds), as long as `Standing` has this epoch. */
  until: number;
  epoch: number;
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
  /**
   * By the end of the line, which is the end of a signature: the whole line would have to be hashed for each request.
   * Of two tokens with one end, the one that came first is known.
   */
  readonly #tokens = new Map<string, KnownToken>();
  #characters = 0;

  constructor(gate: Gate, maximum: number) {
    this.#gate = gate;
    this.#maximum = maximum;
  }

  find(authorization: string): KnownToken | undefined {
    const token = this.#tokens.get(endOf(authorization));
    if (token?.authorization !== authorization) {
      return undefined;
    }
    token.wasUsed = true;
    return token;
  }

  /** Keeps a token under the number that the core has given it, with a first verdict. */
  admit(authorization: string, number: number, code: number, verdict: Admitted): void {
    const end = endOf(authorization);
    const known = this.#tokens.get(end);
    if (known) {
      // Known from another route, or by a request at the same time; or another token.
      this.giveBack(number);
      if (known.authorization === authorization) {
        known.verdicts.set(code, verdict);
      }
      return;
    }
    const verdicts = new Verdicts();
    const standing = { place: undefined, verdict, until: -Infinity, epoch: 0 };
    const token: KnownToken = { authorization, number, verdicts, wasUsed: false, ...standing };
    token.verdicts.set(code, verdict);
    this.#makeRoom(authorization.length);
    this.#tokens.set(end, token);
    this.#characters += authorization.length;
  }

  /** A number that nobody needs. */
  giveBack(number: number | undefined): void {
    if (number !== undefined) {
      this.#gate.forget(number);
    }
  }

  forget(authorization: string): void {
    const end = endOf(authorization);
    const token = this.#tokens.get(end);
    if (token?.authorization === authorization) {
      this.#drop(end, token);
    }
  }

  #drop(end: string, token: KnownToken): void {
    this.#tokens.delete(end);
    this.#characters -= token.authorization.length;
    this.#gate.forget(token.number);
  }

  #makeRoom(characters: number): void {
    for (const [end, token] of this.#tokens) {
      const isFull = this.#tokens.size >= this.#maximum || this.#characters + characters > MAXIMUM_CHARACTERS;
      if (!isFull) {
        return;
      }
      if (token.wasUsed) {
        // A second chance: behind all others.
        token.wasUsed = false;
        this.#tokens.delete(end);
        this.#tokens.set(end, token);
      } else {
        this.#drop(end, token);
      }
    }
  }
}

function endOf(authorization: string): string {
  return authorization.slice(-END);
}

/** Characters: 24 bytes of a signature, which nobody but the issuer can choose. */
const END = 32;
const MAXIMUM_VERDICTS = 32;
const MAXIMUM_CHARACTERS = 16_777_216;
