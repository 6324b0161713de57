// From a `Request`, or from plain facts, to what the core is told.

import { EdgelatchError } from "./error.js";
import type { RequestFacts } from "./types.js";

/** What a decision rests on. */
export interface Facts {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly scheme: "" | "http" | "https";
  /** The header lines that can matter, in turn: name, value. */
  readonly lines: readonly string[];
  /** The whole value of the only `Authorization` line. */
  readonly authorization: string | undefined;
}

/** Tells a `Request` of any realm from plain facts. */
export function isRequest(request: Request | RequestFacts): request is Request {
  if (typeof request !== "object" || request === null) {
    throw wrong("give a Request, or an object with method, host, path and headers");
  }
  // Reading `url` makes a new text each time; most requests are of this realm.
  return request instanceof Request || isForeignRequest(request);
}

function isForeignRequest(request: object): boolean {
  return typeof (request as Request).url === "string" && typeof (request as Request).headers?.get === "function";
}

/**
 * The facts of a `Request`. Its URL is normalised already, and it is what will be forwarded; repeated header lines are
 * joined by commas, which no token contains.
 */
export function factsOfRequest(request: Request, relevant: readonly string[]): Facts {
  const { url, headers } = request;
  const lines: string[] = [];
  let authorization: string | undefined;
  for (const name of relevant) {
    const value = headers.get(name);
    if (value !== null) {
      lines.push(name, value);
      if (name === "authorization") {
        authorization = value;
      }
    }
  }
  const [scheme, host, path] = cutUrl(url);
  return { method: request.method, host, path, scheme, lines, authorization };
}

/** Scheme, host and path with query. */
export function cutUrl(url: string): ["" | "http" | "https", string, string] {
  const colon = url.indexOf("://");
  const slash = url.indexOf("/", colon + 3);
  if (colon < 0 || slash < 0) {
    throw wrong("the URL has to be absolute, with a path");
  }
  const fragment = url.indexOf("#", slash);
  const scheme = colon === 5 ? "https" : colon === 4 ? "http" : "";
  const path = fragment < 0 ? url.slice(slash) : url.slice(slash, fragment);
  return [scheme, url.slice(colon + 3, slash), path];
}

function isAuthorization(name: unknown): boolean {
  return typeof name === "string" && name.length === 13 && name.toLowerCase() === "authorization";
}

/** Plain facts, checked: they come from the program, so that a mistake in them is its own. */
export function factsOf(request: RequestFacts): Facts {
  const { method, host, path, headers, scheme } = request;
  if (typeof method !== "string" || typeof host !== "string" || typeof path !== "string") {
    throw wrong("method, host and path have to be texts");
  }
  if (typeof headers !== "object" || headers === null || !(Symbol.iterator in headers)) {
    throw wrong("headers has to be pairs of name and value; of a plain object take Object.entries(headers)");
  }
  const lines: string[] = [];
  let found = 0;
  let authorization: string | undefined;
  for (const line of headers) {
    if (!Array.isArray(line)) {
      throw wrong("each header line has to be a pair of texts");
    }
    const [name, value] = line as readonly [unknown, unknown];
    if (typeof name !== "string" || typeof value !== "string") {
      throw wrong("each header line has to be a pair of texts");
    }
    lines.push(name, value);
    if (isAuthorization(name)) {
      found += 1;
      authorization = value;
    }
  }
  return { method, host, path, scheme: scheme ?? "", lines, authorization: found === 1 ? authorization : undefined };
}

function wrong(advice: string): EdgelatchError {
  return new EdgelatchError("ERR_REQUEST", `the request is not complete: ${advice}`);
}
