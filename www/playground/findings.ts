// What a stage found, for those that a request came past: the facts that decided, in one line.

import type { Outcome } from "./check.js";
import { listUri } from "./policy.js";
import { asksForList, issuerOf, routeOf } from "./route.js";
import type { Progress, StageName } from "./stages.js";
import { isObject, objects, type JsonObject } from "./text.js";
import { relative, stamp } from "./times.js";

export function found(name: StageName, progress: Progress, outcome: Outcome): string {
  if (name === "status") return status(outcome);
  if (progress === "open") return "The route is public, and no token came along";
  return FINDINGS[name](outcome);
}

const FINDINGS: Record<StageName, (outcome: Outcome) => string> = {
  route: (outcome) => {
    const route = routeOf(outcome);
    const mode = route?.["mode"] ?? outcome.policy["default_mode"] ?? "enforce";
    return `${String(route?.["name"] ?? "None")}${mode === "enforce" ? "" : `, which is ${WORDS[String(mode)] ?? mode}`}`;
  },
  header: (outcome) => `One ${/^dpop /i.test(outcome.credential.value ?? "") ? "DPoP" : "Bearer"} token`,
  clock: (outcome) => stamp(Math.floor(outcome.inputs.now / 1000)) ?? "",
  form: (outcome) => {
    const { alg, typ } = header(outcome);
    return `Three segments, ${String(typ ?? "without typ")}, ${String(alg)}`;
  },
  key: (outcome) => {
    const { kid } = header(outcome);
    const name = kid === undefined || kid === "" ? "The only key" : `Key ${String(kid)}`;
    return `${name} of ${String(issuerOf(outcome)?.["issuer"] ?? "the issuer")}`;
  },
  signature: () => "Valid: this is what the issuer wrote",
  claims: (outcome) => {
    const { exp } = claims(outcome);
    const now = Math.floor(outcome.inputs.now / 1000);
    const end = typeof exp === "number" ? `, expires ${relative(exp, now)}` : "";
    return `For this API${end}`;
  },
  status: () => "",
  binding: (outcome) => {
    const { cnf } = claims(outcome);
    if (cnf === undefined) return "Bound to nothing: whoever holds it may use it";
    const isKey = isObject(cnf) && "jkt" in cnf;
    if (!isKey) return "Bound to the certificate that was shown";
    return outcome.verdict.ok ? "Bound to the key that signed the proof" : "Bound to the key of the proof; its signature comes last";
  },
  grant: (outcome) => {
    if (outcome.credential.value === undefined) return "The source is in a network of the route";
    const scopes = outcome.verdict.ok ? outcome.verdict.scopes.join(" ") : "";
    const client = outcome.verdict.client ?? "The caller";
    return `${client} may do this${scopes === "" ? "" : ` with ${scopes}`}`;
  },
};

function status(outcome: Outcome): string {
  if (asksForList(outcome)) return "The issuer stands by it";
  return listUri(issuerOf(outcome)) === undefined
    ? "The policy names no list of revoked tokens"
    : "This page fetches no list: paste it below the policy";
}

function header(outcome: Outcome): JsonObject {
  return outcome.credential.token?.header ?? {};
}

function claims(outcome: Outcome): JsonObject {
  return outcome.credential.token?.payload ?? {};
}

/** The scopes that a route asks for, in words. */
export function wantedScopes(route: JsonObject | undefined): string {
  const scopes = route?.["scopes"];
  if (!isObject(scopes)) return "nothing";
  const list = (name: string) => (Array.isArray(scopes[name]) ? scopes[name].map(String) : []);
  const [all, any] = [list("all").join(" and "), list("any").join(" or ")];
  return [all, any].filter((part) => part !== "").join(", and ");
}

/** The routes of a policy, one line each. */
export function routeLines(policy: JsonObject): string[] {
  return objects(policy["routes"]).map(({ methods, path }) => {
    return `${Array.isArray(methods) ? methods.join("|") : "?"} ${String(path)}`;
  });
}

const WORDS: Record<string, string> = { observe: "observed only", public: "public" };
