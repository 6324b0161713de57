// What the token says, and whether anybody vouches for it.

import type { Outcome } from "../check.js";
import { isObject, type JsonObject } from "../text.js";
import { relative, stamp } from "../times.js";
import { element, icon } from "./elements.js";

export function contentsView(outcome: Outcome): HTMLElement {
  const { token, value } = outcome.credential;
  if (token === undefined) {
    const why = value === undefined ? "No token came along." : "The Authorization value holds no token to read.";
    return element("p", { class: "soft" }, why);
  }
  const now = Math.floor(outcome.inputs.now / 1000);
  return element(
    "div",
    {},
    seal(outcome.isAuthentic),
    part("Header", token.header, now),
    part("Claims", token.payload, now),
  );
}

/** Verified is said only of what the guard found signed: a forged token reads as well as a good one. */
function seal(isAuthentic: boolean): HTMLElement {
  return isAuthentic
    ? element("p", { class: "seal sealed" }, icon("sealed"), element("strong", {}, "Verified"), " The issuer's key signed exactly this.")
    : element("p", { class: "seal unsealed" }, icon("unsealed"), element("strong", {}, "Not verified"), " Anybody may have written this.");
}

function part(name: string, members: JsonObject | undefined, now: number): HTMLElement {
  const heading = element("h4", {}, name);
  if (members === undefined) return element("div", {}, heading, element("p", { class: "soft" }, "No JSON object can be read here."));
  const rows = Object.entries(members).map(([member, value]) => row(member, value, now));
  return element("div", {}, heading, element("table", { class: "members" }, element("tbody", {}, ...rows)));
}

function row(name: string, value: unknown, now: number): HTMLElement {
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  const words = inWords(name, value, now);
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, element("code", {}, name), element("span", { class: "meaning" }, MEANINGS.get(name) ?? "")),
    element("td", {}, element("code", {}, shown), words === undefined ? undefined : element("span", { class: "words" }, words)),
  );
}

function inWords(name: string, value: unknown, now: number): string | undefined {
  if (TIMES.includes(name) && typeof value === "number") {
    const at = stamp(value);
    return at === undefined ? "no date that a calendar has" : `${relative(value, now)} (${at})`;
  }
  if (name !== "cnf" || !isObject(value)) return undefined;
  if ("jkt" in value) return "bound to a key (DPoP)";
  return "x5t#S256" in value ? "bound to a certificate (mTLS)" : undefined;
}

const TIMES = ["exp", "iat", "nbf", "auth_time"];

// A map, since a claim may be called `constructor`.
const MEANINGS = new Map(Object.entries({
  alg: "algorithm",
  aud: "audience: for whom",
  client_id: "who calls",
  cnf: "what it is bound to",
  exp: "expires",
  iat: "issued",
  iss: "issuer",
  jti: "name of this token",
  kid: "name of the key",
  nbf: "not valid before",
  scope: "what it may do",
  status: "place in the status list",
  sub: "in whose name",
  typ: "kind of token",
}));
