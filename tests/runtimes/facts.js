// A request of the corpus as plain facts, line for line, and what a program passes on of it.

import { bytes, latin1 } from "./text.js";

export function factsOf({ method, authority, path, headers }) {
  return {
    method: latin1(method),
    host: latin1(authority),
    path: bytes(path),
    headers: headers.map(([name, value]) => [latin1(name), bytes(value)]),
  };
}

/** What reaches the upstream: without the reserved lines, with those of the verdict. */
export function forwardFacts(guard, { method, path, headers }, verdict) {
  const lines = guard.forwardHeaders(headers, verdict);
  return { method, path, headers: lines.map(([name, value]) => [name.toLowerCase(), value.trim()]) };
}
