// The policy as it was pasted, and what becomes of the documents that an edge would fetch for it.

import { isObject, objects, type JsonObject } from "./text.js";

/** What has to be mended before anything can be decided. */
export class InputProblem extends Error {
  constructor(
    readonly field: "policy" | "time" | "certificate" | { keySet: string },
    message: string,
  ) {
    super(message);
  }
}

/** An issuer whose keys an edge would fetch. */
export interface RemoteIssuer {
  issuer: string;
  uri: string;
}

export function parsePolicy(text: string): JsonObject {
  if (text.trim() === "") throw new InputProblem("policy", "empty; paste the policy of the edge");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const hint = /^\s*[{[]/.test(text) ? "" : " A policy in YAML has to be written as JSON here.";
    throw new InputProblem("policy", `not JSON: ${messageOf(error)}.${hint}`);
  }
  if (!isObject(value)) throw new InputProblem("policy", "no object; a policy begins with {");
  return value;
}

export function remoteIssuers(policy: JsonObject): RemoteIssuer[] {
  return objects(policy["issuers"]).flatMap(({ issuer, jwks_uri: uri }) =>
    typeof issuer === "string" && typeof uri === "string" ? [{ issuer, uri }] : [],
  );
}

/**
 * The policy for a place without network: pasted key sets stand where they would be fetched to, and no list of revoked
 * tokens is asked. The text stays as it is where nothing has to change, so that a member which occurs twice is noticed.
 */
export function prepare(text: string, policy: JsonObject, keySets: ReadonlyMap<string, string>): string {
  const issuers = objects(policy["issuers"]);
  const prepared = issuers.map((issuer) => withoutList(withKeySet(issuer, keySets)));
  if (prepared.every((issuer, index) => issuer === issuers[index])) return text;
  return JSON.stringify({ ...policy, issuers: prepared });
}

export function asksForList(policy: JsonObject): boolean {
  return objects(policy["issuers"]).some((issuer) => "status_list" in issuer);
}

function withKeySet(issuer: JsonObject, keySets: ReadonlyMap<string, string>): JsonObject {
  const { jwks_uri: uri, ...rest } = issuer;
  const name = String(issuer["issuer"]);
  const pasted = typeof uri === "string" ? keySets.get(name)?.trim() : undefined;
  return pasted ? { ...rest, jwks: parseKeySet(name, pasted) } : issuer;
}

function withoutList(issuer: JsonObject): JsonObject {
  if (!("status_list" in issuer)) return issuer;
  const { status_list: _, ...rest } = issuer;
  return rest;
}

function parseKeySet(issuer: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // A single key is a set of one.
    return isObject(value) && "kty" in value ? { keys: [value] } : value;
  } catch (error) {
    throw new InputProblem({ keySet: issuer }, `not JSON: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
