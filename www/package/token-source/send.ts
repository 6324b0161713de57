// A request with a token, and once more if the token is not valid any more.

import type { TokenContext } from "../token-source.js";
import type { Settings } from "./options.js";
import type { Supply } from "./supply.js";

export async function send(
  settings: Settings,
  supply: Supply,
  input: string | URL | Request,
  init: RequestInit = {},
  context?: TokenContext,
): Promise<Response> {
  const token = await supply.take(context);
  const canRepeat = isRepeatable(input, init);
  const response = await settings.fetch(...authorized(input, init, token.value));
  if (!isInvalidToken(response)) {
    return response;
  }
  supply.discard(token);
  if (!canRepeat) {
    return response;
  }
  const next = await supply.take(context);
  if (next === token) {
    return response;
  }
  await response.body?.cancel();
  return settings.fetch(...authorized(input, init, next.value));
}

/** As `fetch` reads its arguments: header lines of `init` replace those of a `Request`. */
function authorized(input: string | URL | Request, init: RequestInit, token: string): [string | URL | Request, RequestInit] {
  const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
  headers.set("authorization", `Bearer ${token}`);
  return [input, { redirect: "manual", ...init, headers }];
}

/** Whether the body can be sent a second time. A stream is used up by the first. */
function isRepeatable(input: string | URL | Request, init: RequestInit): boolean {
  if (init.body !== undefined && init.body !== null) {
    return !(init.body instanceof ReadableStream);
  }
  return !(input instanceof Request) || input.body === null;
}

/** RFC 6750 s3.1. A 401 without this code is about something else, such as a missing proof. */
function isInvalidToken(response: Response): boolean {
  const challenge = response.headers.get("www-authenticate") ?? "";
  return response.status === 401 && /(^|[\s,])error="?invalid_token\b/i.test(challenge);
}
