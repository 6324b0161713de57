// Answers the core's questions about signatures: by WebCrypto where it knows the algorithm, otherwise by the core itself.
// For RSA that is the faster way; for ES256 and Ed25519 the core is, once it has seen a key sign often enough.

import { coreMemory, type Gate } from "./instance.js";
import type { CryptoChoice } from "./types.js";

/** What the core takes for an answer. */
const VALID = 1;
const INVALID = 0;

interface ImportedKey {
  readonly key: CryptoKey;
  readonly parameters: AlgorithmIdentifier | RsaPssParams | EcdsaParams;
}

/** The public keys of one gate, imported once each. */
export class Signatures {
  readonly #gate: Gate;
  readonly #memory = coreMemory();
  /** Settled values only: on some runtimes no request may wait for another's promise. */
  readonly #keys = new Map<number, ImportedKey | "unsupported">();
  readonly #how: CryptoChoice;

  constructor(gate: Gate, how: CryptoChoice) {
    this.#gate = gate;
    this.#how = how;
  }

  /** Whether the signature that `pending` asks about is valid (1) or not (0); nothing if only the core can say. */
  check(pending: number): Promise<number | undefined> | undefined {
    if (this.#how === "wasm" || (this.#how === "fastest" && this.#gate.is_faster_here(pending))) {
      return undefined;
    }
    const number = this.#gate.question_key(pending);
    const key = this.#keys.get(number);
    return key ? this.#verify(key, pending) : this.#import(number).then((imported) => this.#verify(imported, pending));
  }

  /** Nothing if the runtime cannot say, or fails to: that proves nothing about the signature. */
  #verify(imported: ImportedKey | "unsupported", pending: number): Promise<number | undefined> | undefined {
    if (imported === "unsupported") {
      return undefined;
    }
    const gate = this.#gate;
    const { key, parameters } = imported;
    const signature = this.#view(gate.question_signature(pending), gate.question_signature_length(pending));
    const message = this.#view(gate.question_message(pending), gate.question_message_length(pending));
    // WebCrypto copies both before it returns, so that the memory may change afterwards.
    return crypto.subtle.verify(parameters, key, signature, message).then(toOutcome, toNothing);
  }

  #view(place: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer as ArrayBuffer, place, length);
  }

  async #import(number: number): Promise<ImportedKey | "unsupported"> {
    const text = this.#gate.key(number);
    const imported = text === undefined ? "unsupported" : await importKey(JSON.parse(text) as JsonWebKey);
    this.#keys.set(number, imported);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= MAXIMUM_KEYS) {
        break;
      }
      this.#keys.delete(oldest);
    }
    return imported;
  }
}

function toOutcome(isValid: boolean): number {
  return isValid ? VALID : INVALID;
}

function toNothing(): undefined {}

async function importKey(jwk: JsonWebKey): Promise<ImportedKey | "unsupported"> {
  const known = ALGORITHMS[jwk.alg ?? ""];
  if (!known) {
    return "unsupported";
  }
  const { alg: _, ...material } = jwk;
  try {
    const key = await crypto.subtle.importKey("jwk", material, known.key, false, ["verify"]);
    return { key, parameters: known.parameters };
  } catch {
    return "unsupported";
  }
}

interface Known {
  readonly key: AlgorithmIdentifier | RsaHashedImportParams | EcKeyImportParams;
  readonly parameters: AlgorithmIdentifier | RsaPssParams | EcdsaParams;
}

function rsa(name: "RSASSA-PKCS1-v1_5" | "RSA-PSS", bits: 256 | 384 | 512): Known {
  const parameters = name === "RSA-PSS" ? { name, saltLength: bits / 8 } : { name };
  return { key: { name, hash: `SHA-${bits}` }, parameters };
}

/** Hash and salt come from here, never from a token. */
const ALGORITHMS: Readonly<Record<string, Known>> = {
  ES256: { key: { name: "ECDSA", namedCurve: "P-256" }, parameters: { name: "ECDSA", hash: "SHA-256" } },
  Ed25519: { key: { name: "Ed25519" }, parameters: { name: "Ed25519" } },
  RS256: rsa("RSASSA-PKCS1-v1_5", 256),
  RS384: rsa("RSASSA-PKCS1-v1_5", 384),
  RS512: rsa("RSASSA-PKCS1-v1_5", 512),
  PS256: rsa("RSA-PSS", 256),
  PS384: rsa("RSA-PSS", 384),
  PS512: rsa("RSA-PSS", 512),
};

/** As many as the core has numbers for. */
const MAXIMUM_KEYS = 256;
