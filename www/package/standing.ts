// What was allowed is allowed again while nothing changes that it rests on: the same token at the same place, before
// the time at which the core would have to think again. Keys, lists and a clock that is set back end it at once.

import type { Gate } from "./instance.js";
import type { Facts } from "./request.js";

/** Tells when what the core said earlier may not be said again. */
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

/** One of the places with one path. */
interface Known extends Place {
  readonly next: Known | undefined;
}

/** The places that callers were let in to. Those that came first stay: to keep each new one costs more than it saves. */
export class Places {
  readonly #byPath = new Map<string, Known>();
  #size = 0;

  find({ method, host, path, scheme }: Facts): Place | undefined {
    let place = this.#byPath.get(path);
    while (place !== undefined && !(place.method === method && place.host === host && place.scheme === scheme)) {
      place = place.next;
    }
    return place;
  }

  /** Keeps the place of a request, which is not known yet, if there is room. */
  keep({ method, host, path, scheme }: Facts): Place | undefined {
    const next = this.#byPath.get(path);
    const length = method.length + host.length + path.length;
    if (this.#size >= MAXIMUM_PLACES || length > MAXIMUM_TEXT || lengthOf(next) >= MAXIMUM_PER_PATH) {
      return undefined;
    }
    const place = { method, host, path, scheme, next };
    this.#byPath.set(path, place);
    this.#size += 1;
    return place;
  }
}

function lengthOf(place: Known | undefined): number {
  return place === undefined ? 0 : 1 + lengthOf(place.next);
}

const MAXIMUM_PLACES = 512;
/** Methods and hosts of one path: who sends others must not make the way through them long. */
const MAXIMUM_PER_PATH = 4;
/** Characters. */
const MAXIMUM_TEXT = 1_024;
