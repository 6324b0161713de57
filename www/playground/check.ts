// Asks the real guard, the one that a Worker or a Node server would ask, and finds out how far the request came.

import { createGuard, EdgelatchError, type Admitted, type Guard, type Reason, type RequestFacts, type Verdict } from "edgelatch";
import { readCredential, withBrokenSignature, type Credential } from "./credential.js";
import { InputProblem, parsePolicy, prepare } from "./policy.js";
import { asBytes, type JsonObject } from "./text.js";

/** Everything that decides. */
export interface Inputs {
  method: string;
  host: string;
  path: string;
  /** Token, value of Authorization, or the whole line. */
  token: string;
  proof: string;
  source: string;
  certificate: string;
  /** Milliseconds since 1970. */
  now: number;
  policy: string;
  /** Documents that an edge would fetch, by their address. */
  pasted: ReadonlyMap<string, string>;
}

/** What came of it. */
export interface Outcome {
  inputs: Inputs;
  policy: JsonObject;
  credential: Credential;
  verdict: Verdict;
  /** Why the request is refused, or would be. */
  reason: Reason | undefined;
  /** Whether the guard found the token's signature valid, whatever it said afterwards. */
  isAuthentic: boolean;
  /** Whether the upstream would see the token. */
  showsToken: boolean;
  /** Why a pasted document was not used. */
  problems: readonly string[];
}

export async function check(inputs: Inputs): Promise<Outcome> {
  const policy = parsePolicy(inputs.policy);
  const problems: string[] = [];
  const guard = makeGuard(prepare(inputs.policy, policy, inputs.pasted), inputs, problems);
  const credential = readCredential(inputs.token);
  const verdict = await ask(guard, inputs, credential.value);
  const isAuthentic = await passedSignature(guard, inputs, credential.value, reasonOf(verdict));
  const showsToken = verdict.ok && credential.value !== undefined && forwardsToken(guard, verdict);
  return { inputs, policy, credential, verdict, reason: reasonOf(verdict), isAuthentic, showsToken, problems };
}

/** A new one each time: a clock that may go back, proofs that may come twice. */
function makeGuard(policy: string, { now, pasted }: Inputs, problems: string[]): Guard {
  const start = performance.now();
  try {
    return createGuard(policy, {
      // It goes on while the guard waits.
      now: () => now + performance.now() - start,
      fetch: (address) => answerFrom(pasted, String(address)),
      onFetch: ({ problem }) => problem !== undefined && problems.push(problem),
      cache: false,
      maximumTokens: 0,
    });
  } catch (error) {
    if (!(error instanceof EdgelatchError && error.code === "ERR_POLICY")) throw error;
    throw new InputProblem("policy", error.message);
  }
}

/** What was pasted stands for what an edge would get. The page's own rules forbid every connection anyhow. */
async function answerFrom(pasted: ReadonlyMap<string, string>, address: string): Promise<Response> {
  const text = pasted.get(address.replace(/[?&]wait=\d+$/, ""))?.trim();
  if (!text) throw new Error("this page fetches nothing");
  return new Response(text, { headers: { "content-type": "application/statuslist+jwt" } });
}

function ask(guard: Guard, inputs: Inputs, authorization: string | undefined): Promise<Verdict> {
  const headers: [string, string][] = [];
  if (authorization !== undefined) headers.push(["authorization", asBytes(authorization)]);
  if (inputs.proof.trim() !== "") headers.push(["dpop", asBytes(inputs.proof.trim())]);
  const facts: RequestFacts = {
    method: asBytes(inputs.method),
    host: asBytes(inputs.host),
    path: asBytes(inputs.path),
    scheme: "https",
    headers,
  };
  const certificate = readCertificate(inputs.certificate);
  return guard.check(facts, { source: inputs.source.trim() || undefined, certificate });
}

/**
 * Some reasons have two places: `iss` is looked at before the signature and after it. The guard itself tells which, by
 * what it says about the same token under a signature that nobody made: only what came past a valid signature is now
 * stopped there. What it did not come past must never be shown as verified.
 */
async function passedSignature(
  guard: Guard,
  inputs: Inputs,
  authorization: string | undefined,
  reason: Reason | undefined,
): Promise<boolean> {
  const broken = authorization === undefined ? undefined : withBrokenSignature(authorization);
  if (broken === undefined || isAboutSignature(reason)) return false;
  return isAboutSignature(reasonOf(await ask(guard, inputs, broken)));
}

/** Any request shows it: what is taken out depends on the policy and the verdict alone. */
function forwardsToken(guard: Guard, verdict: Admitted): boolean {
  const request = new Request("https://upstream.invalid/", { headers: { authorization: "Bearer token" } });
  return guard.forward(request, verdict).headers.has("authorization");
}

function reasonOf(verdict: Verdict): Reason | undefined {
  return verdict.ok ? verdict.wouldDeny : verdict.code;
}

function isAboutSignature(reason: Reason | undefined): boolean {
  return reason === "sig.bad" || reason === "sig.len";
}

function readCertificate(text: string): string | undefined {
  const digits = text.replace(/[\s:]/g, "").toLowerCase();
  if (digits === "") return undefined;
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  throw new InputProblem("certificate", "not a SHA-256; write 64 hexadecimal digits");
}
