// What a program does first with the package, and how much of it is loaded for that.

import { factsOf } from "./facts.js";

/** Input: a policy, a request that it admits and one that it refuses, as in the corpus. */
export default async function smoke({ policy, admitted, refused }) {
  const instances = countInstances();
  const { createGuard, verify, verifySync } = await import("edgelatch");
  // They must not bring a second core, in which nothing is known of the first.
  const adapters = [await import("edgelatch/hono"), await import("edgelatch/express"), await import("edgelatch/fastify")];
  const guard = createGuard(policy, { now: () => admitted.now * 1000, cache: false });
  return {
    admitted: await check(guard, admitted),
    refused: await check(guard, refused),
    verified: (await verify(tokenOf(admitted), optionsOf(policy, admitted))).payload.client_id,
    verified_at_once: verifySync(tokenOf(admitted), optionsOf(policy, admitted)).payload.client_id,
    complaint: complaint(createGuard),
    adapters: adapters.map((adapter) => typeof adapter.edgelatch),
    forwarded: await forward(guard),
    instances: instances(),
  };
}

async function check(guard, exchange) {
  const verdict = await guard.check(factsOf(exchange));
  return verdict.ok ? verdict.client : verdict.code;
}

function tokenOf({ headers }) {
  return headers.find(([name]) => name === "authorization")[1].replace("Bearer ", "");
}

function optionsOf(policy, { now }) {
  const [{ issuer, audiences, jwks }] = JSON.parse(policy).issuers;
  return { issuer, audience: audiences, jwks, currentDate: new Date(now * 1000) };
}

function complaint(createGuard) {
  try {
    createGuard({ issuers: [], routes: "none" });
    return null;
  } catch ({ name, code, path }) {
    return { name, code, path };
  }
}

/** Names of the lines that an upstream sees. Bun forgets that lines were removed when none is left. */
async function forward(guard) {
  const headers = { "x-auth-client-id": "forged" };
  const open = new Request("https://api.example.com/healthz", { headers });
  const verdict = await guard.check(open);
  return [...guard.forward(open, verdict).headers.keys()];
}

function countInstances() {
  const { Instance } = WebAssembly;
  let count = 0;
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, parameters) {
      count += 1;
      return Reflect.construct(target, parameters);
    },
  });
  return () => {
    WebAssembly.Instance = Instance;
    return count;
  };
}
