// One token by itself, with the option names of jose and defaults that refuse: for programs without a request.

import { EdgelatchError, wrongOption } from "./error.js";
import { createGuard } from "./guard.js";
import { PolicyFacts, textOf } from "./policy.js";
import { Gate } from "./instance.js";
import { readClaims } from "./tokens.js";
import type { Claims, Guard, RequestFacts, Verified, VerifyOptions } from "./types.js";
import { Kind, kindOf, reasonOf } from "./verdict.js";
import { Desk } from "./wire.js";
import { check, seconds } from "./verify-claims.js";

/** Verifies a token. Rejects with an `EdgelatchError` whose `code` says why it is refused. */
export async function verify(token: string, options: VerifyOptions): Promise<Verified> {
  const request = requestWith(token);
  const verdict = await guardOf(options).check(request);
  if (!verdict.ok) {
    throw new EdgelatchError(verdict.code, `the token is refused: ${verdict.code}`);
  }
  return result(token, verdict.claims as Claims, options);
}

/** The same at once, in WebAssembly alone. The key set has to be at hand: `options.jwks` is an object. */
export function verifySync(token: string, options: VerifyOptions): Verified {
  const request = requestWith(token);
  const { gate, desk } = benchOf(options);
  const now = timeOf(options);
  const lines = ["authorization", `Bearer ${token}`];
  const facts = { ...request, scheme: "" as const, lines, authorization: undefined };
  const at = desk.write(facts, { source: "", certificate: undefined });
  let code = gate.begin(at.length, at.method, at.host, at.path, at.source, at.flags, now);
  while (kindOf(code) === Kind.verify) {
    code = gate.finish_here(gate.pending(), now);
  }
  if (kindOf(code) !== Kind.allow) {
    const reason = reasonOf(code) ?? "host.failed";
    throw new EdgelatchError(reason, `the token is refused: ${reason}`);
  }
  return result(token, readClaims(token), options);
}

function result(token: string, claims: Claims, options: VerifyOptions): Verified {
  check(claims, options, timeOf(options));
  const header = atob(token.slice(0, token.indexOf(".")).replaceAll("-", "+").replaceAll("_", "/"));
  return { payload: { ...claims }, protectedHeader: JSON.parse(header) as Verified["protectedHeader"] };
}

function requestWith(token: string): RequestFacts {
  if (typeof token !== "string") {
    throw new EdgelatchError("ERR_REQUEST", "the token is not a text");
  }
  return { method: "GET", host: "verify", path: "/", headers: [["authorization", `Bearer ${token}`]] };
}

function timeOf({ currentDate }: VerifyOptions): number {
  return currentDate?.getTime() ?? Date.now();
}

interface Bench {
  readonly gate: Gate;
  readonly desk: Desk;
}

const guards = new Map<string, Guard>();
const benches = new Map<string, Bench>();

function guardOf(options: VerifyOptions): Guard {
  const text = textOf(policyOf(options));
  if (options.currentDate) {
    // A clock that is set back is taken for a broken one, so this one has nothing in common with the others.
    const now = timeOf(options);
    return createGuard(text, { now: () => now });
  }
  return remembered(guards, text, () => createGuard(text));
}

function benchOf(options: VerifyOptions): Bench {
  const policy = policyOf(options);
  if ("jwks_uri" in (policy.issuers[0] ?? {})) {
    throw wrongOption("jwks", "nothing can be fetched at once; give the key set itself, or use verify");
  }
  const text = textOf(policy);
  const make = (): Bench => {
    const gate = new Gate(new PolicyFacts(text).text, 0n);
    return { gate, desk: new Desk(gate) };
  };
  return options.currentDate ? make() : remembered(benches, text, make);
}

/** Most programs have one set of options; whoever makes them up for each token pays for it. */
function remembered<T>(known: Map<string, T>, text: string, make: () => T): T {
  const found = known.get(text) ?? make();
  known.set(text, found);
  for (const oldest of known.keys()) {
    if (known.size <= MAXIMUM_OPTIONS) {
      break;
    }
    known.delete(oldest);
  }
  return found;
}

/** A policy that admits whatever is right with the token. */
function policyOf(options: VerifyOptions): { issuers: Record<string, unknown>[]; routes: unknown[] } {
  if (typeof options !== "object" || options === null) {
    throw wrongOption("options", "missing; give at least issuer, audience and jwks");
  }
  const { issuer, audience, jwks, algorithms, profile, clockTolerance } = options;
  const isRemote = typeof jwks === "string" || jwks instanceof URL;
  const theIssuer = {
    issuer,
    audiences: typeof audience === "string" ? [audience] : audience,
    ...(isRemote ? { jwks_uri: String(jwks) } : { jwks }),
    ...(algorithms ? { algorithms } : {}),
    ...(profile ? { profile } : {}),
    ...(clockTolerance === undefined ? {} : { clock_skew_seconds: seconds("clockTolerance", clockTolerance) }),
  };
  return { issuers: [theIssuer], routes: [{ name: "verify", methods: ["GET"], path: "/", clients: ["*"] }] };
}

const MAXIMUM_OPTIONS = 32;
