// What compiles with the package, and what must not: each `@ts-expect-error` fails where there is no error.

import { createGuard, EdgelatchError, tokenSource, verify, verifySync } from "edgelatch";
import type { Admitted, Claims, Guard, PolicyDocument, Reason, Refused, Verdict, Verified } from "edgelatch";
import { initialize } from "edgelatch/slim";
import module from "edgelatch/core_bg.wasm";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

initialize(module);

const policy: PolicyDocument = { issuers: [], routes: [] };
const guard: Guard = createGuard(policy, { crypto: "wasm", now: () => 0 });
// @ts-expect-error: not a choice.
createGuard(policy, { crypto: "node" });

export async function decides(request: Request): Promise<Response> {
  const verdict = await guard.check(request);
  same<typeof verdict, Verdict>(true);
  // @ts-expect-error: who calls is known of admitted requests only, and of the others perhaps.
  verdict.claims;
  if (!verdict.ok) {
    same<typeof verdict, Refused>(true);
    const reason: Reason = verdict.code;
    // @ts-expect-error: not a reason.
    reason === "clm.expired";
    return verdict.response;
  }
  same<typeof verdict, Admitted>(true);
  // @ts-expect-error: public routes have no client.
  verdict.client.length;
  // @ts-expect-error: shared between requests.
  verdict.scopes.push("admin");
  // @ts-expect-error: shared between requests.
  verdict.headers["x-auth-client-id"] = "somebody";
  return fetch(guard.forward(request, verdict));
}

export async function takesFacts(): Promise<void> {
  const facts = { method: "GET", host: "api.example.com", path: "/", headers: [["authorization", "Bearer x"]] as const };
  await guard.check(facts, { source: "10.0.0.1", certificate: new Uint8Array(32) });
  // @ts-expect-error: without the header lines nothing can be decided.
  await guard.check({ method: "GET", host: "api.example.com", path: "/" });
  // @ts-expect-error: an object has no second line of a name, and an attack has.
  await guard.check({ ...facts, headers: { authorization: "Bearer x" } });
  // @ts-expect-error: a refused request is not passed on.
  guard.forward(new Request("https://api.example.com"), await guard.check(facts));
}

export async function verifies(token: string): Promise<void> {
  const options = { issuer: "https://issuer.example.com", audience: "https://api.example.com", jwks: { keys: [] } };
  const verified = await verify(token, { ...options, algorithms: ["ES256"], clockTolerance: "10 seconds" });
  same<typeof verified, Verified>(true);
  const payload: Claims = verifySync(token, { ...options, profile: "entra" }).payload;
  const expires: number = payload.exp;
  // @ts-expect-error: what other claims hold is for the program to find out.
  const tenant: string = payload.tenant;
  // @ts-expect-error: symmetric keys are no keys of an issuer.
  await verify(token, { ...options, algorithms: ["HS256"] });
  // @ts-expect-error: a token for anybody is a token for nobody.
  await verify(token, { issuer: options.issuer, jwks: options.jwks });
  void [expires, tenant];
}

export async function calls(): Promise<Response> {
  const source = tokenSource({ issuer: "https://issuer.example.com", clientId: "billing", clientSecret: "secret" });
  const { authorization }: { authorization: string } = await source.headers();
  void authorization;
  // @ts-expect-error: programs have no user to ask for a password.
  tokenSource({ issuer: "https://issuer.example.com", username: "billing", password: "secret" });
  return source.fetch("https://api.example.com/orders/7", { method: "GET" });
}

export function complains(error: unknown): string | undefined {
  return error instanceof EdgelatchError ? `${error.code} ${error.path}` : undefined;
}

// @ts-expect-error: there is no way of checking signatures but these two.
createGuard(policy, { crypto: "none" });
// @ts-expect-error: a policy is a document, not the name of one.
createGuard(7);
