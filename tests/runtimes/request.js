// A request of the corpus as the `Request` that a runtime would make of it, where it can.

import { factsOf } from "./facts.js";

/** Undefined if the runtime changes or refuses any of it: then it is no longer the request of the case. */
export function requestOf(exchange) {
  const facts = factsOf(exchange);
  try {
    const request = new Request(`https://${facts.host}${facts.path}`, { method: facts.method, headers: facts.headers });
    return isUnchanged(request, facts) ? request : undefined;
  } catch {
    return undefined;
  }
}

/** What reaches the upstream. */
export function forwardRequest(guard, request, verdict) {
  const { method, url, headers } = guard.forward(request, verdict);
  // Not by `URL`, to which a question mark without a query is nothing.
  return { method, path: url.slice(url.indexOf("/", "https://".length)), headers: [...headers] };
}

function isUnchanged({ method, url, headers }, facts) {
  return method === facts.method && url === `https://${facts.host}${facts.path}` && areUnchanged(headers, facts.headers);
}

/** Lines of one name are joined, and browsers keep some names to themselves. */
function areUnchanged(headers, lines) {
  const names = new Set(lines.map(([name]) => name.toLowerCase()));
  return names.size === lines.length && lines.every(([name, value]) => headers.get(name) === value.trim());
}
