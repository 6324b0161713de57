// The route that a request met, as it stands in the policy.

import type { Outcome } from "./check.js";
import { listUri } from "./policy.js";
import { objects, texts, type JsonObject } from "./text.js";

export function routeOf(outcome: Outcome): JsonObject | undefined {
  const { route } = outcome.verdict;
  return route === undefined ? undefined : objects(outcome.policy["routes"]).find((entry) => entry["name"] === route);
}

/** The issuer that the token claims, as it stands in the policy; the only one if there is only one. */
export function issuerOf(outcome: Outcome): JsonObject | undefined {
  const issuers = objects(outcome.policy["issuers"]);
  const claimed = outcome.credential.token?.payload?.["iss"];
  return issuers.length === 1 ? issuers[0] : issuers.find((issuer) => issuer["issuer"] === claimed);
}

/** The audiences that the route accepts, or else the issuer. */
export function audiencesFor(outcome: Outcome): string[] {
  return texts(routeOf(outcome)?.["audiences"] ?? issuerOf(outcome)?.["audiences"]);
}

/** Whether the list of revoked tokens was asked: it was pasted, or else nobody could tell. */
export function asksForList(outcome: Outcome): boolean {
  const uri = listUri(issuerOf(outcome));
  return uri !== undefined && Boolean(outcome.inputs.pasted.get(uri)?.trim());
}

/** The names of the keys of the issuer. */
export function keyNames(outcome: Outcome): string[] {
  const issuer = issuerOf(outcome);
  const inline = issuer?.["jwks"];
  const pasted = outcome.inputs.pasted.get(String(issuer?.["jwks_uri"])) ?? "";
  const set = inline === undefined ? parse(pasted) : inline;
  return objects((set as JsonObject | undefined)?.["keys"]).map((key) => String(key["kid"] ?? "(no name)"));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
