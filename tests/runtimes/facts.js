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
  const set = Object.entries(verdict.headers);
  const hidesToken = isTokenHidden(guard, headers, verdict);
  const kept = headers
    .map(([name, value]) => [name.toLowerCase(), value.trim()])
    .filter(([name]) => !guard.isReserved(name) && !(hidesToken && name === "authorization"))
    .filter(([name]) => !set.some(([other]) => other === name));
  return { method, path, headers: [...kept, ...set] };
}

/** Of facts the package does not say it, so it is asked about a request with the same token. */
function isTokenHidden(guard, headers, verdict) {
  const tokens = headers.filter(([name]) => name.toLowerCase() === "authorization");
  const request = new Request("https://api.example.com/", { headers: tokens });
  return !guard.forward(request, verdict).headers.has("authorization");
}
