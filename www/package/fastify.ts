// A plugin for Fastify: `await app.register(edgelatch, { guard })`.

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { guardOf } from "./adapter.js";
import { nodeContext, nodeFacts, tellIdentity } from "./node.js";
import type { Admitted, Guard, GuardOptions, PolicyDocument } from "./types.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The verdict, once the request was admitted. */
    edgelatch: Admitted | null;
  }
}

/** A guard, or the policy for one. */
export type FastifyOptions = { guard: Guard } | ({ policy: PolicyDocument } & GuardOptions);

/** Refuses with the finished answer; lets pass with the verdict at `request.edgelatch`. */
export const edgelatch: FastifyPluginAsync<FastifyOptions> = async (app, options) => {
  const guard = "guard" in options ? options.guard : guardOf(options.policy, options);
  app.decorateRequest("edgelatch", null);
  // The first hook of all: nothing of a refused request is parsed.
  app.addHook("onRequest", async (request: FastifyRequest, reply: FastifyReply) => {
    const verdict = await guard.check(nodeFacts(request.raw, request.originalUrl), nodeContext(request.raw));
    if (!verdict.ok) {
      return reply.code(verdict.status).headers(verdict.headers).send(verdict.body);
    }
    request.edgelatch = verdict;
    tellIdentity(request.raw, guard, verdict);
  });
};

// Else the hook would guard the routes of this plugin only, and it has none. What `fastify-plugin` sets.
Object.assign(edgelatch, { [Symbol.for("skip-override")]: true, [Symbol.for("fastify.display-name")]: "edgelatch" });

export default edgelatch;
