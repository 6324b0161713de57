// A small generator (xorshift32), so that a failure can be repeated by its seed.

export class Dice {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0 || 1;
  }

  roll(sides) {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % sides;
  }

  pick(among) {
    return among[this.roll(among.length)];
  }

  /** One time in `sides`. */
  once(sides) {
    return this.roll(sides) === 0;
  }
}
