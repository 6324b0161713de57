// What was allowed is allowed again while nothing changes that it rests on: the same token at the same place, before
// the time at which the core would have to think again. Keys, lists and a clock that is set back end it at once.

import type { Gate } from "./instance.js";
import type { Facts } from "./request.js";

/** Whether what the core said earlier still counts. */
export class Standing {
  /** Grows whenever something was learned or forgotten that decisions rest on. */
  epoch = 0;
  readonly #gate: Gate;
  #latest = -Infinity;
  #repeated = -Infinity;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /** Whatever depends on the time begins with this. */
  notice(now: number): void {
    if (!(now >= this.#latest)) {
      // The core refuses a clock that is set far back, and has to know how far it was.
      this.#gate.saw(this.#repeated);
      this.epoch += 1;
    }
    this.#latest = now;
  }

  /** Something is said again without asking the core. */
  repeat(now: number): void {
    this.#repeated = now;
  }

  /** The keys or a list are others now. */
  change(): void {
    this.epoch += 1;
  }
}

/** Where requests go: what of two requests must be the same for one decision, beside their token. */
export interface Place {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly scheme: string;
}

/** The places that callers were let in to. Those that came first stay: to keep each new one costs more than it saves. */
export class Places {
  readonly #places = new Map<string, Place>();

  find({ method, host, path, scheme }: Facts): Place | undefined {
    const place = this.#places.get(path);
    const isSame = place?.method === method && place.host === host && place.scheme === scheme;
    return isSame ? place : undefined;
  }

  /** The place of a request, kept if there is room. */
  keep(facts: Facts): Place | undefined {
    const { method, host, path, scheme } = facts;
    if (!this.#places.has(path) && this.#places.size < MAXIMUM_PLACES && host.length + path.length <= MAXIMUM_TEXT) {
      this.#places.set(path, { method, host, path, scheme });
    }
    return this.find(facts);
  }
}

const MAXIMUM_PLACES = 512;
/** Characters. */
const MAXIMUM_TEXT = 1_024;
