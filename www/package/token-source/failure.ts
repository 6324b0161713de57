// What can go wrong on the way to a token, and how long not to try again.

import { EdgelatchError } from "../error.js";

export type TokenErrorCode =
  /** No answer: connection, name, TLS or time-out. */
  | "ERR_TOKEN_UNREACHABLE"
  /** The issuer's metadata are missing, of another issuer, or name no endpoint that may get a secret. */
  | "ERR_TOKEN_METADATA"
  /** The issuer does not accept the client: its id, its secret, or that it may have tokens. */
  | "ERR_TOKEN_CLIENT"
  /** The issuer does not give this client what it asks for. */
  | "ERR_TOKEN_REFUSED"
  /** The issuer has no time: 429 or 5xx. */
  | "ERR_TOKEN_BUSY"
  /** An answer that holds no usable token. */
  | "ERR_TOKEN_ANSWER";

/** One failure, as a value: several requests may meet it. */
export interface Failure {
  readonly code: TokenErrorCode;
  /** Made of our own words and checked names only: answers and secrets are not repeated. */
  readonly message: string;
  /** What the issuer asked for, in milliseconds. */
  readonly retryAfter?: number | undefined;
}

/** Carries a failure up to where it is remembered. */
export class Failed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

export function fail(code: TokenErrorCode, message: string, retryAfter?: number): never {
  throw new Failed({ code, message, retryAfter });
}

/** A failure as the caller sees it. Each caller gets one of its own. */
export function problem(failure: Failure, wait: number): EdgelatchError {
  const seconds = Math.ceil(wait / 1000);
  return new EdgelatchError(failure.code, `${failure.message}; next attempt in ${seconds} s`);
}

/**
 * Milliseconds until the next attempt. Only part of it is sure, so that a fleet which lost its issuer together does not
 * come back together.
 */
export function pause(failure: Failure, failures: number): number {
  const jitter = 1 + Math.random() / 2;
  if (failure.retryAfter !== undefined) {
    return clamp(failure.retryAfter, SECOND, LONGEST_RETRY_AFTER) * jitter;
  }
  // A wrong secret does not become right by itself, and who repeats it looks like somebody who guesses.
  const isFinal = failure.code === "ERR_TOKEN_CLIENT" || failure.code === "ERR_TOKEN_REFUSED";
  const doubled = Math.min(SECOND * 2 ** (failures - 1), HALF_A_MINUTE);
  return (isFinal ? 2 * HALF_A_MINUTE : doubled) * jitter;
}

/** Milliseconds that a `Retry-After` line asks for (RFC 9110 s10.2.3): seconds, or a date. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) {
    return Number(value) * SECOND;
  }
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

const SECOND = 1000;
const HALF_A_MINUTE = 30 * SECOND;
const LONGEST_RETRY_AFTER = 10 * HALF_A_MINUTE;
