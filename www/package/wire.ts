// Writes a request into the memory of the core. Characters stand for bytes; those of short texts are written one by one,
// since calling an encoder takes longer.

import { coreMemory, type Gate } from "./instance.js";
import type { Facts } from "./request.js";

/** What is known of a peer. */
export interface Peer {
  readonly source: string;
  /** 32 bytes. */
  readonly certificate: Uint8Array | undefined;
}

/** A request in memory: `begin` takes these numbers. */
export interface Written {
  length: number;
  method: number;
  host: number;
  path: number;
  source: number;
  flags: number;
}

/** The memory of one gate. */
export class Desk {
  readonly #gate: Gate;
  readonly #memory = coreMemory();
  readonly #written: Written = { length: 0, method: 0, host: 0, path: 0, source: 0, flags: 0 };
  #bytes = new Uint8Array(0);

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /** Writes a request with its header lines. The numbers are good until the next one is written. */
  write(facts: Facts, peer: Peer): Written {
    return this.#write(facts, peer, facts.lines);
  }

  /** Writes a request whose header lines do not matter. */
  writeBare(facts: Facts, peer: Peer): Written {
    return this.#write(facts, peer, NO_LINES);
  }

  #write({ method, host, path, scheme }: Facts, { source, certificate }: Peer, lines: readonly string[]): Written {
    // What no server lets through in the first place is replaced by what the core refuses anyway.
    const theHost = host.length > MAXIMUM_TEXT ? "@" : host;
    const thePath = path.length > MAXIMUM_TEXT ? "//" : path;
    const theMethod = method.length > MAXIMUM_TEXT ? "" : method;
    const bytes = this.#room(roomFor(theMethod, theHost, thePath, source, lines));
    let at = 0;
    if (certificate) {
      bytes.set(certificate, 0);
      at = 32;
    }
    at = put(bytes, at, theMethod);
    at = put(bytes, at, theHost);
    at = put(bytes, at, thePath);
    at = put(bytes, at, source);
    for (let index = 0; index + 1 < lines.length; index += 2) {
      at = putLine(bytes, at, lines[index] as string, lines[index + 1] as string);
    }
    const written = this.#written;
    written.length = at;
    written.method = theMethod.length;
    written.host = theHost.length;
    written.path = thePath.length;
    written.source = source.length;
    written.flags = (certificate ? 1 : 0) | (scheme === "https" ? 4 : scheme === "http" ? 2 : 0);
    return written;
  }

  /** The memory may have moved since the last time, as it does when it grows. */
  #room(length: number): Uint8Array {
    if (this.#bytes.length < length || this.#bytes.buffer !== this.#memory.buffer) {
      const size = Math.max(length, SMALLEST);
      const place = this.#gate.input(size);
      this.#bytes = new Uint8Array(this.#memory.buffer, place, size);
    }
    return this.#bytes;
  }
}

function roomFor(method: string, host: string, path: string, source: string, lines: readonly string[]): number {
  let length = 32 + method.length + host.length + path.length + source.length;
  for (const text of lines) {
    length += Math.min(text.length, MAXIMUM_TEXT) + 4;
  }
  return length;
}

function putLine(bytes: Uint8Array, at: number, name: string, value: string): number {
  // Far longer than any policy allows: the rest changes nothing.
  const theName = name.length > MAXIMUM_TEXT ? name.slice(0, MAXIMUM_TEXT) : name;
  const theValue = value.length > MAXIMUM_TEXT ? value.slice(0, MAXIMUM_TEXT) : value;
  const after = putLength(bytes, putLength(bytes, at, theName.length), theValue.length);
  return put(bytes, put(bytes, after, theName), theValue);
}

function putLength(bytes: Uint8Array, at: number, length: number): number {
  bytes[at] = length;
  bytes[at + 1] = length >> 8;
  bytes[at + 2] = length >> 16;
  bytes[at + 3] = length >> 24;
  return at + 4;
}

function put(bytes: Uint8Array, at: number, text: string): number {
  if (text.length > LONG && encoder.encodeInto(text, bytes.subarray(at)).written === text.length) {
    return at + text.length; // It is ASCII, as every token is.
  }
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // No header line can hold such a character; zero is refused wherever it stands.
    bytes[at + index] = code > 255 ? 0 : code;
  }
  return at + text.length;
}

const NO_LINES: readonly string[] = [];
const encoder = new TextEncoder();
/** Characters from which on the encoder is quicker. */
const LONG = 64;
const SMALLEST = 16_384;
/** Characters of one text. The core's own limits are far lower. */
const MAXIMUM_TEXT = 65_536;
