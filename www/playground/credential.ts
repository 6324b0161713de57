// What was pasted as a token: the token alone, the value of Authorization, or the whole line.

import { decodeLeniently, parseObject, type JsonObject } from "./text.js";

export interface Credential {
  /** The value of the one Authorization line; nothing if there is no line. */
  value: string | undefined;
  /** The token in it, as far as there is one. */
  token: Readable | undefined;
  /** What was changed about what was pasted. */
  note: string | undefined;
}

/** A token as a person may read it. Nobody vouches for what it says. */
export interface Readable {
  text: string;
  header: JsonObject | undefined;
  payload: JsonObject | undefined;
}

export function readCredential(pasted: string): Credential {
  const trimmed = pasted.trim();
  // Terminals and mails wrap long lines.
  const joined = trimmed.replace(/[ \t]*[\r\n]+[ \t]*/g, "");
  const note = joined === trimmed ? undefined : "Line breaks inside of the token were taken out.";
  const value = joined.replace(/^(-H\s*)?["']?authorization\s*:\s*/i, "").replace(/["']$/, "");
  if (value === "") return { value: undefined, token: undefined, note };
  const [, scheme, rest] = /^([A-Za-z]+) +(.*)$/.exec(value) ?? [];
  if (scheme === undefined || rest === undefined) {
    return { value: `Bearer ${value}`, token: readToken(value), note };
  }
  const isToken = ["bearer", "dpop"].includes(scheme.toLowerCase());
  return { value, token: isToken ? readToken(rest) : undefined, note };
}

export function readToken(text: string): Readable {
  const [header, payload] = text.split(".");
  const read = (segment: string | undefined) => parseObject(segment === undefined ? segment : decodeLeniently(segment));
  return { text, header: read(header), payload: read(payload) };
}

/** The same token under a signature that nobody made, of the same length; nothing if it has no signature. */
export function withBrokenSignature(value: string): string | undefined {
  const start = value.lastIndexOf(".") + 1;
  if (start === 0 || start === value.length) return undefined;
  const first = value[start] === "A" ? "B" : "A";
  return value.slice(0, start) + first + value.slice(start + 1);
}
