// What `verify` checks beyond a policy: the options of jose about single claims.

import { EdgelatchError, wrongOption } from "./error.js";
import type { Claims, VerifyOptions } from "./types.js";

/** Throws about an option that there is not: whoever wrote it believes that something is checked. */
export function checkNames(options: VerifyOptions): void {
  if (typeof options !== "object" || options === null) {
    throw wrongOption("options", "missing; give at least issuer, audience and jwks");
  }
  for (const name of Object.keys(options)) {
    if (!NAMES.has(name)) {
      throw wrongOption(name, `there is no such option; there are ${[...NAMES].join(", ")}`);
    }
  }
}

/** Throws if the claims do not have what the options ask for. */
export function check(claims: Claims, options: VerifyOptions, now: number): void {
  const { subject, requiredClaims = [], maxTokenAge, clockTolerance = 10 } = options;
  if (subject !== undefined && claims.sub !== subject) {
    throw new EdgelatchError("clm.required", "the token is refused: sub is not the expected one");
  }
  for (const claim of requiredClaims) {
    if (!Object.hasOwn(claims, claim)) {
      throw new EdgelatchError("clm.required", `the token is refused: it has no ${claim}`);
    }
  }
  if (maxTokenAge !== undefined) {
    const age = now / 1000 - (claims.iat ?? -Infinity);
    if (!(age <= seconds("maxTokenAge", maxTokenAge) + seconds("clockTolerance", clockTolerance))) {
      throw new EdgelatchError("clm.life", "the token is refused: it was issued too long ago");
    }
  }
}

/** Seconds from a number or a text such as "5 minutes". */
export function seconds(name: string, value: number | string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) {
    return value;
  }
  const [, digits, unit = ""] = /^(\d{1,9}) ?([a-z]+)$/i.exec(String(value)) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (typeof value !== "string" || digits === undefined || factor === undefined) {
    throw wrongOption(name, 'not whole seconds or a text such as "5 minutes"');
  }
  return Number(digits) * factor;
}

const NAMES: ReadonlySet<string> = new Set<keyof VerifyOptions>([
  "issuer",
  "audience",
  "jwks",
  "algorithms",
  "profile",
  "clockTolerance",
  "maxTokenAge",
  "subject",
  "requiredClaims",
  "currentDate",
]);

const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3_600,
  hr: 3_600,
  hrs: 3_600,
  hour: 3_600,
  hours: 3_600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};
