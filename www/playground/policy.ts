// The policy as it was pasted, and what becomes of the documents that an edge would fetch for it.

import { isObject, objects, type JsonObject } from "./text.js";

/** What has to be mended before anything can be decided. */
export class InputProblem extends Error {
  constructor(
    readonly field: "policy" | "time" | "certificate" | { uri: string },
    message: string,
  ) {
    super(message);
  }
}

/** What an edge would fetch. */
export interface RemoteDocument {
  kind: "key set" | "status list";
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

export function remoteDocuments(policy: JsonObject): RemoteDocument[] {
  return objects(policy["issuers"]).flatMap((entry) => {
    const issuer = String(entry["issuer"]);
    const keys = entry["jwks_uri"];
    const list = listUri(entry);
    return [
      ...(typeof keys === "string" ? [{ kind: "key set" as const, issuer, uri: keys }] : []),
      ...(list === undefined ? [] : [{ kind: "status list" as const, issuer, uri: list }]),
    ];
  });
}

/** Where the list of revoked tokens is. */
export function listUri(issuer: JsonObject | undefined): string | undefined {
  const list = issuer?.["status_list"];
  const uri = isObject(list) ? list["uri"] : undefined;
  return typeof uri === "string" ? uri : undefined;
}

/**
 * The policy for a place without network: a pasted key set stands where it would be fetched to, and a list of revoked
 * tokens that was not pasted is not asked. The text stays as it is where nothing has to change, so that a member which
 * occurs twice is noticed.
 */
export function prepare(text: string, policy: JsonObject, pasted: ReadonlyMap<string, string>): string {
  const issuers = objects(policy["issuers"]);
  const prepared = issuers.map((issuer) => withoutList(withKeySet(issuer, pasted), pasted));
  if (prepared.every((issuer, index) => issuer === issuers[index])) return text;
  return JSON.stringify({ ...policy, issuers: prepared });
}

function withKeySet(issuer: JsonObject, pasted: ReadonlyMap<string, string>): JsonObject {
  const { jwks_uri: uri, ...rest } = issuer;
  const text = typeof uri === "string" ? pasted.get(uri)?.trim() : undefined;
  return text ? { ...rest, jwks: parseKeySet(String(uri), text) } : issuer;
}

function withoutList(issuer: JsonObject, pasted: ReadonlyMap<string, string>): JsonObject {
  const uri = listUri(issuer);
  if (uri === undefined || pasted.get(uri)?.trim()) return issuer;
  const { status_list: _, ...rest } = issuer;
  return rest;
}

function parseKeySet(uri: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // A single key is a set of one.
    return isObject(value) && "kty" in value ? { keys: [value] } : value;
  } catch (error) {
    throw new InputProblem({ uri }, `not JSON: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
