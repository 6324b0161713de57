// Middleware for Express: `app.use(edgelatch(guard))`.

import type { RequestHandler } from "express";
import { guardOf } from "./adapter.js";
import { nodeContext, nodeFacts, tellIdentity } from "./node.js";
import type { Admitted, Guard, GuardOptions, PolicyDocument } from "./types.js";

declare global {
  namespace Express {
    interface Request {
      /** The verdict, behind the middleware. */
      edgelatch?: Admitted;
    }
  }
}

/** Refuses with the finished answer; lets pass with the verdict at `request.edgelatch`. */
export function edgelatch(policy: Guard | PolicyDocument, options: GuardOptions = {}): RequestHandler {
  const guard = guardOf(policy, options);
  return (request, response, next) => {
    const check = async (): Promise<void> => {
      // Not `url`: routers cut off what they are mounted at, and the policy names whole paths.
      const verdict = await guard.check(nodeFacts(request, request.originalUrl), nodeContext(request));
      if (!verdict.ok) {
        response.writeHead(verdict.status, verdict.headers).end(verdict.body);
        return;
      }
      request.edgelatch = verdict;
      tellIdentity(request, guard, verdict);
      next();
    };
    check().catch(next);
  };
}
