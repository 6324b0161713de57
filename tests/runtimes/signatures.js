// Signatures over any bytes, by the very code with which the package asks WebCrypto. The core, which would choose the
// question, is played by this file.

import "edgelatch";
import { coreMemory } from "./node_modules/edgelatch/dist/instance.js";
import { Signatures } from "./node_modules/edgelatch/dist/signatures.js";

/**
 * Input: `groups` of a `key` (JWK with `alg`) and of `vectors` (message and signature in base64url). Output: for each
 * whether it is valid, or null where the package would leave it to the core.
 */
export default async function verify({ groups }) {
  const question = new Question(coreMemory());
  const outcomes = [];
  for (const { key, vectors } of groups) {
    const signatures = new Signatures(question.under(key), "webcrypto");
    const said = [];
    for (const [message, signature] of vectors) {
      question.ask(bytes(message), bytes(signature));
      const outcome = await signatures.check(0);
      said.push(outcome === undefined ? null : outcome === 1);
    }
    outcomes.push(said);
  }
  return { outcomes };
}

/** What the core shows of a pending check: places in its memory. */
class Question {
  #memory;
  #place;
  #key;
  #lengths;

  constructor(memory) {
    this.#memory = memory;
    // Behind everything that the core has.
    this.#place = memory.grow(PAGES) * 65536;
  }

  under(key) {
    this.#key = JSON.stringify(key);
    return this;
  }

  ask(message, signature) {
    const place = new Uint8Array(this.#memory.buffer, this.#place);
    place.set(message);
    place.set(signature, message.length);
    this.#lengths = [message.length, signature.length];
  }

  question_key = () => 0;
  key = () => this.#key;
  question_message = () => this.#place;
  question_message_length = () => this.#lengths[0];
  question_signature = () => this.#place + this.#lengths[0];
  question_signature_length = () => this.#lengths[1];
}

function bytes(text) {
  const characters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

const PAGES = 16;
