// One token by itself, with the option names of jose and defaults that refuse: for programs without a request.

import { Core, type Decided } from "./core.js";
import { EdgelatchError, wrongOption } from "./error.js";
import { createGuard } from "./guard.js";
import { PolicyFacts } from "./policy.js";
import { Prepared } from "./prepared.js";
import { ownClaims } from "./claims.js";
import type { Guard, RequestFacts, Verified, VerifyOptions } from "./types.js";
import { Kind, kindOf, reasonOf } from "./verdict.js";
import { check, checkNames, seconds } from "./verify-claims.js";

/** Verifies a token. Rejects with an `EdgelatchError` whose `code` says why it is refused. */
export async function verify(token: string, options: VerifyOptions): Promise<Verified> {
  const request = requestWith(token);
  checkNames(options);
  const verdict = await guardOf(options).check(request);
  if (!verdict.ok) {
    throw refusal(verdict.code);
  }
  return result(token, options);
}

/** The same at once, in WebAssembly alone. The key set has to be at hand: `options.jwks` is an object. */
export function verifySync(token: string, options: VerifyOptions): Verified {
  const request = requestWith(token);
  checkNames(options);
  const now = timeOf(options);
  const { code } = withCore(options, (core) => decide(core, request, token, now));
  if (kindOf(code) !== Kind.allow) {
    throw refusal(reasonOf(code) ?? "host.failed");
  }
  return result(token, options);
}

function decide(core: Core, request: RequestFacts, token: string, now: number): Decided {
  const lines = ["authorization", `Bearer ${token}`];
  const facts = { ...request, scheme: "" as const, lines, authorization: undefined };
  let step = core.begin(facts, { source: "", certificate: undefined }, now);
  while (step.kind === "verify") {
    step = core.finish(step.pending, undefined, now);
  }
  return step.kind === "decided" ? step : core.refuse("host.failed");
}

function refusal(reason: EdgelatchError["code"]): EdgelatchError {
  return new EdgelatchError(reason, `the token is refused: ${reason}`);
}

function result(token: string, options: VerifyOptions): Verified {
  const payload = ownClaims(token);
  check(payload, options, timeOf(options));
  const header = atob(token.slice(0, token.indexOf(".")).replaceAll("-", "+").replaceAll("_", "/"));
  return { payload, protectedHeader: JSON.parse(header) as Verified["protectedHeader"] };
}

function requestWith(token: string): RequestFacts {
  if (typeof token !== "string") {
    throw new EdgelatchError("ERR_REQUEST", "the token is not a text");
  }
  return { method: "GET", host: "verify", path: "/", headers: [["authorization", `Bearer ${token}`]] };
}

function timeOf({ currentDate }: VerifyOptions): number {
  const now = currentDate === undefined ? Date.now() : currentDate instanceof Date ? currentDate.getTime() : NaN;
  if (Number.isNaN(now)) {
    throw wrongOption("currentDate", "not a valid Date");
  }
  return now;
}

function guardOf(options: VerifyOptions): Guard {
  if (options?.currentDate === undefined) {
    return guards.of(options);
  }
  // A clock that is set back is taken for a broken one, so this one has nothing in common with the others.
  const now = timeOf(options);
  return createGuard(policyOf(options), { now: () => now });
}

function withCore<T>(options: VerifyOptions, use: (core: Core) => T): T {
  if (options.currentDate === undefined) {
    return use(cores.of(options));
  }
  const core = makeCore(options);
  try {
    return use(core);
  } finally {
    // Memory of the core is not the collector's.
    core.gate.free();
  }
}

function makeCore(options: VerifyOptions): Core {
  const policy = policyOf(options);
  if ("jwks_uri" in (policy.issuers[0] ?? {})) {
    throw wrongOption("jwks", "nothing can be fetched at once; give the key set itself, or use verify");
  }
  return new Core(new PolicyFacts(policy).text, false);
}

/** A policy that admits whatever is right with the token. */
function policyOf(options: VerifyOptions): { issuers: Record<string, unknown>[]; routes: unknown[] } {
  const { issuer, audience, jwks, algorithms, profile, clockTolerance } = options;
  const isRemote = typeof jwks === "string" || jwks instanceof URL;
  const theIssuer = {
    issuer,
    audiences: typeof audience === "string" ? [audience] : audience,
    ...(isRemote ? { jwks_uri: String(jwks) } : { jwks }),
    ...(algorithms === undefined ? {} : { algorithms }),
    ...(profile === undefined ? {} : { profile }),
    ...(clockTolerance === undefined ? {} : { clock_skew_seconds: seconds("clockTolerance", clockTolerance) }),
  };
  return { issuers: [theIssuer], routes: [{ name: "verify", methods: ["GET"], path: "/", clients: ["*"] }] };
}

const guards = new Prepared((options) => createGuard(policyOf(options)));
const cores = new Prepared(makeCore);
