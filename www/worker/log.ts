// One line of JSON for each request, with the names that the Envoy configuration uses.

import type { FetchEvent } from "edgelatch";
import type { Outcome } from "./decide.js";

export function log(request: Request, response: Response, outcome: Outcome, began: number): void {
  const { problem, source, ...decision } = outcome;
  const line = {
    time: new Date(began).toISOString(),
    source,
    method: request.method.slice(0, LONGEST),
    path: path(request.url),
    status: response.status,
    milliseconds: Date.now() - began,
    edgelatch: decision,
    problem,
  };
  const write = problem === undefined ? console.log : console.error;
  write(JSON.stringify(line));
}

/** A fetch that brought nothing: what was there before stays in use, for a while. */
export function logFetch({ kind, issuer, from, problem }: FetchEvent): void {
  if (problem !== undefined) {
    console.error(JSON.stringify({ time: new Date().toISOString(), fetch: kind, issuer, from, problem }));
  }
}

/** Without the query, which may hold what should not be written down. */
function path(url: string): string {
  return new URL(url).pathname.slice(0, LONGEST);
}

const LONGEST = 256;
