// The values behind a reason, such as how long ago a token expired. They come from what was pasted; the sentence
// says so where nobody vouches for them.

import type { Reason } from "edgelatch";
import type { Outcome } from "./check.js";
import { routeLines, wantedScopes } from "./findings.js";
import { audiencesFor, issuerOf, keyNames, routeOf } from "./route.js";
import { isObject, objects, texts, type JsonObject } from "./text.js";
import { duration, relative, stamp } from "./times.js";

/** One sentence, or nothing if the reason says it all. */
export function particulars(outcome: Outcome): string | undefined {
  const sentence = outcome.reason === undefined ? undefined : SENTENCES[outcome.reason];
  return sentence?.(factsOf(outcome));
}

interface Facts {
  outcome: Outcome;
  header: JsonObject;
  claims: JsonObject;
  route: JsonObject;
  issuer: JsonObject;
  /** Seconds. */
  now: number;
}

function factsOf(outcome: Outcome): Facts {
  return {
    outcome,
    header: outcome.credential.token?.header ?? {},
    claims: outcome.credential.token?.payload ?? {},
    route: routeOf(outcome) ?? {},
    issuer: issuerOf(outcome) ?? {},
    now: Math.floor(outcome.inputs.now / 1000),
  };
}

const SENTENCES: Partial<Record<Reason, (facts: Facts) => string | undefined>> = {
  "pol.norule": ({ outcome }) => {
    const { method, path } = outcome.inputs;
    return `${method} ${path} is none of: ${shortList(routeLines(outcome.policy))}.`;
  },
  "pol.path": ({ outcome }) => `The path is ${outcome.inputs.path}.`,
  "pol.host": ({ outcome }) => `The host is ${outcome.inputs.host}.`,
  "tok.size": ({ outcome }) => `It has ${outcome.credential.token?.text.length ?? 0} bytes.`,
  "clock.bad": ({ now }) => `It shows ${stamp(now) ?? "no date that a calendar has"}.`,
  "jws.structure": ({ outcome }) => {
    const count = outcome.credential.token?.text.split(".").length ?? 0;
    return `It has ${count} segment${count === 1 ? "" : "s"}.`;
  },
  "jws.alg": ({ header }) => `The header says ${text(header["alg"])}.`,
  "jws.typ": ({ header, issuer }) => {
    const { profile, token_types: types } = issuer;
    const accepted = types === undefined && profile !== undefined ? [`what ${String(profile)} writes`] : texts(types ?? "at+jwt");
    return `The header says ${text(header["typ"])}; the policy accepts ${shortList(accepted)}.`;
  },
  "jws.header": ({ header }) => `Its members are ${shortList(Object.keys(header))}.`,
  "key.unknown": ({ outcome, header }) => `The token names ${text(header["kid"])}; the key set has ${shortList(keyNames(outcome))}.`,
  "key.alg": ({ header }) => `The header says ${text(header["alg"])} for the key ${text(header["kid"])}.`,
  "jwks.none": ({ issuer }) => `The policy says where they are: ${text(issuer["jwks_uri"])}. This page does not go there.`,
  "rev.none": ({ outcome }) => {
    const [problem] = outcome.problems;
    return problem === undefined ? undefined : `The pasted list was not taken: ${problem}.`;
  },
  "rev.hit": ({ claims }) => `The token is called ${text(claims["jti"])}, and its status is ${text(claims["status"])}.`,
  "clm.iss": ({ outcome, claims }) => {
    const known = objects(outcome.policy["issuers"]).map((issuer) => String(issuer["issuer"]));
    return `The token says ${text(claims["iss"])}; the policy knows ${shortList(known)}.`;
  },
  "clm.aud": ({ outcome, claims }) => `The token is for ${shortList(texts(claims["aud"]))}; the policy accepts ${shortList(audiencesFor(outcome))}.`,
  "clm.exp": ({ claims, now }) => timeSentence("expired", claims["exp"], now),
  "clm.nbf": ({ claims, now }) => timeSentence("becomes valid", claims["nbf"], now),
  "clm.iat": ({ claims, now }) => timeSentence("says that it was issued", claims["iat"], now),
  "clm.life": ({ claims }) => {
    const { exp, iat } = claims;
    if (typeof exp !== "number" || typeof iat !== "number") return undefined;
    return exp <= iat ? "It ends before it was issued." : `It lives for ${duration(exp - iat)}.`;
  },
  "clm.required": ({ claims }) => `Its claims are ${shortList(Object.keys(claims))}.`,
  "clm.scope": ({ claims }) => `It says ${text(claims["scope"])}.`,
  "clm.bound": ({ outcome, claims }) => {
    const members = isObject(claims["cnf"]) ? Object.keys(claims["cnf"]) : [];
    if (claims["cnf"] === undefined) return "The token is bound to nothing, and yet it came with a proof.";
    const policy = "dpop" in outcome.policy ? "" : " The policy has no dpop, so that it takes no proofs.";
    return `It is bound by ${shortList(members)}.${members.includes("jkt") ? policy : ""}`;
  },
  "pol.network": ({ outcome, route }) => {
    const source = outcome.inputs.source.trim();
    const networks = texts(route["networks"]);
    const wanted = networks.length === 0 ? "" : `; the route wants ${shortList(networks)}`;
    return `The source is ${source === "" ? "not known: give one above" : source}${wanted}.`;
  },
  "pol.client": ({ outcome, route }) => `The client is ${outcome.verdict.client ?? "unknown"}; the route names ${shortList(texts(route["clients"]))}.`,
  "pol.issuer": ({ claims, route }) => `The issuer is ${text(claims["iss"])}; the route names ${shortList(texts(route["issuers"]))}.`,
  "pol.scope": ({ claims, route }) => `The token grants ${text(claims["scope"] ?? claims["scp"] ?? claims["roles"])}; the route wants ${wantedScopes(route)}.`,
};

function timeSentence(verb: string, claim: unknown, now: number): string {
  if (typeof claim !== "number") return "The claim is missing, or no number.";
  return `It ${verb} ${relative(claim, now)}, at ${stamp(claim) ?? claim}.`;
}

/** A value in words: what is missing or empty is called so. */
function text(value: unknown): string {
  if (value === undefined || value === "") return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function shortList(entries: readonly string[]): string {
  if (entries.length === 0) return "nothing";
  const shown = entries.slice(0, SHOWN).join(", ");
  return entries.length > SHOWN ? `${shown} and ${entries.length - SHOWN} more` : shown;
}

const SHOWN = 6;
