// What `verify` prepares for a set of options. It is found again by the values of the options, since many programs
// write them anew for each token; whoever writes a new key set each time pays for it.

import type { VerifyOptions } from "./types.js";

interface Entry<T> {
  readonly options: VerifyOptions;
  readonly value: T;
}

/** Values for the options that were used last. */
export class Prepared<T> {
  readonly #make: (options: VerifyOptions) => T;
  readonly #entries: Entry<T>[] = [];

  constructor(make: (options: VerifyOptions) => T) {
    this.#make = make;
  }

  of(options: VerifyOptions): T {
    const known = this.#entries.find((entry) => isSame(entry.options, options));
    if (known) {
      return known.value;
    }
    const value = this.#make(options);
    this.#entries.unshift({ options: copy(options), value });
    this.#entries.length = Math.min(this.#entries.length, MAXIMUM_ENTRIES);
    return value;
  }
}

/** The program may change its own. Of a key set, only another object is another one. */
function copy(options: VerifyOptions): VerifyOptions {
  const { audience, algorithms } = options;
  const lists = {
    ...(Array.isArray(audience) ? { audience: [...audience] } : {}),
    ...(algorithms ? { algorithms: [...algorithms] } : {}),
  };
  return { ...options, ...lists };
}

/** Whether the same is prepared for both; the other options are about single tokens. */
function isSame(one: VerifyOptions, other: VerifyOptions): boolean {
  return (
    one.issuer === other.issuer &&
    one.jwks === other.jwks &&
    one.profile === other.profile &&
    one.clockTolerance === other.clockTolerance &&
    isSameList(one.audience, other.audience) &&
    isSameList(one.algorithms, other.algorithms)
  );
}

function isSameList(one: string | readonly string[] | undefined, other: string | readonly string[] | undefined): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) {
    return one === other;
  }
  return one.length === other.length && one.every((item, place) => item === other[place]);
}

const MAXIMUM_ENTRIES = 32;
