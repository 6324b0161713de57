// One token in store, and never two fetches at once.
//
// Requests share settled values only. On Workers a request that awaits the promise of another one is cancelled with it,
// or fails at once: so whoever waits looks again and again, and whoever fetches holds a lease that ends by itself.

import type { TokenContext } from "../token-source.js";
import { tokenEndpoint } from "./discovery.js";
import { TIMEOUT } from "./exchange.js";
import { Failed, pause, problem, type Failure } from "./failure.js";
import { requestToken, type Token } from "./grant.js";
import type { Settings } from "./options.js";

export class Supply {
  #token: Token | undefined;
  #endpoint: { url: string; until: number } | undefined;
  #leaseUntil = 0;
  #failure: { cause: Failure; until: number; count: number } | undefined;

  constructor(private readonly settings: Settings) {}

  /** A token that is good for a while yet. */
  async take(context?: TokenContext): Promise<Token> {
    for (let wait = SHORTEST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      const now = this.settings.now();
      if (this.#token && now < this.#token.end) {
        this.#renewEarly(this.#token, now, context);
        return this.#token;
      }
      if (this.#failure && now < this.#failure.until) {
        throw problem(this.#failure.cause, this.#failure.until - now);
      }
      if (now >= this.#leaseUntil) {
        await this.#fetch(now);
      } else {
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  /** Lets go of a token that an API refused. One that is new stays: an API that refuses every token must not make us ask for ever more. */
  discard(token: Token): void {
    const isYoung = this.settings.now() - token.issued < YOUNG;
    if (this.#token === token && !isYoung) {
      this.#token = undefined;
    }
  }

  #renewEarly(token: Token, now: number, context?: TokenContext): void {
    const isQuiet = now < token.renew || now < this.#leaseUntil || now < (this.#failure?.until ?? 0);
    if (!isQuiet) {
      const work = this.#fetch(now);
      context?.waitUntil?.(work);
    }
  }

  /** Fetches a token; what came of it is then in the fields. Does not reject because of the issuer. */
  async #fetch(now: number): Promise<void> {
    const lease = now + LEASE;
    this.#leaseUntil = lease;
    try {
      this.#token = await requestToken(this.settings, await this.#place());
      this.#failure = undefined;
    } catch (error) {
      if (!(error instanceof Failed)) {
        throw error;
      }
      this.#remember(error.failure);
    } finally {
      // Not the lease of somebody who took over.
      if (this.#leaseUntil === lease) {
        this.#leaseUntil = 0;
      }
    }
  }

  async #place(): Promise<string> {
    const now = this.settings.now();
    if (!this.#endpoint || now >= this.#endpoint.until) {
      this.#endpoint = { url: await tokenEndpoint(this.settings), until: now + ENDPOINT_LIFETIME };
    }
    return this.#endpoint.url;
  }

  #remember(cause: Failure): void {
    const count = (this.#failure?.count ?? 0) + 1;
    this.#failure = { cause, count, until: this.settings.now() + pause(cause, count) };
    // It may have moved.
    this.#endpoint = undefined;
  }
}

/** Two exchanges, and then some. A lease that ends by itself is that of a request which was cancelled on the way. */
const LEASE = 2 * TIMEOUT + 1_000;
const ENDPOINT_LIFETIME = 3_600_000;
const YOUNG = 10_000;
const SHORTEST_WAIT = 2;
const LONGEST_WAIT = 100;
