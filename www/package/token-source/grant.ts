// The token request (RFC 6749 s4.4.2) and what its answer is worth.

import { exchange, type Answer } from "./exchange.js";
import { fail, retryAfter } from "./failure.js";
import type { Settings } from "./options.js";

/** A token and its times, in milliseconds since 1970. */
export interface Token {
  readonly value: string;
  readonly issued: number;
  /** From here on a new one is fetched, while this one is still in use. */
  readonly renew: number;
  /** From here on it is not handed out: it could end on the way. */
  readonly end: number;
}

/** Asks for a token. */
export async function requestToken(settings: Settings, endpoint: string): Promise<Token> {
  // The lifetime counts from the question: a slow answer makes a token old, not young.
  const asked = settings.now();
  const answer = await exchange(settings, endpoint, {
    method: "POST",
    headers: { authorization: settings.credentials, "content-type": "application/x-www-form-urlencoded" },
    body: settings.form,
  });
  if (answer.status !== 200) {
    return refused(settings, endpoint, answer);
  }
  const token = read(endpoint, answer.members, asked);
  if (settings.now() >= token.end) {
    fail("ERR_TOKEN_ANSWER", `${endpoint}: the token had ended when it came`);
  }
  return token;
}

function read(endpoint: string, members: Answer["members"], issued: number): Token {
  const { access_token: value, token_type: type, expires_in: seconds } = members;
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") {
    fail("ERR_TOKEN_ANSWER", `${endpoint}: the token is not of the type Bearer`);
  }
  // RFC 6750 s2.1; anything else could begin another header line.
  if (typeof value !== "string" || value.length > MAXIMUM_LENGTH || !/^[A-Za-z0-9\-._~+/]+=*$/.test(value)) {
    return fail("ERR_TOKEN_ANSWER", `${endpoint}: no usable access_token`);
  }
  const lifetime = milliseconds(endpoint, seconds);
  // Between 75 and 85 %: programs that started together do not renew together.
  const renew = issued + lifetime * (0.75 + Math.random() / 10);
  return { value, issued, renew, end: issued + lifetime - Math.min(MARGIN, lifetime / 10) };
}

/** `expires_in` is only recommended (RFC 6749 s5.1), and some issuers write it as a text. */
function milliseconds(endpoint: string, value: unknown): number {
  const seconds = Number(value ?? UNKNOWN_LIFETIME);
  if (!(seconds >= 1)) {
    fail("ERR_TOKEN_ANSWER", `${endpoint}: expires_in is not a number of seconds`);
  }
  return Math.min(seconds, MAXIMUM_LIFETIME) * 1000;
}

/** RFC 6749 s5.2. */
function refused(settings: Settings, endpoint: string, { status, headers, members }: Answer): never {
  const wait = retryAfter(headers, settings.now());
  if (status === 429 || status >= 500) {
    fail("ERR_TOKEN_BUSY", `${endpoint}: status ${status}`, wait);
  }
  const error = String(members["error"]);
  const name = /^[a-z_]{3,40}$/.test(error) ? error : "no error code";
  if (status === 401 || error === "invalid_client" || error === "unauthorized_client") {
    fail("ERR_TOKEN_CLIENT", `${endpoint}: ${name}; check clientId and clientSecret, and that the client is enabled`, wait);
  }
  if (status === 400) {
    fail("ERR_TOKEN_REFUSED", `${endpoint}: ${name}; check scope and resource`, wait);
  }
  return fail("ERR_TOKEN_ANSWER", `${endpoint}: status ${status}`, wait);
}

const MARGIN = 30_000;
const UNKNOWN_LIFETIME = 60;
const MAXIMUM_LIFETIME = 86_400;
const MAXIMUM_LENGTH = 16 * 1024;
