// Middleware for Hono: `app.use(edgelatch(guard))`.

import type { Context, MiddlewareHandler } from "hono";
import { guardOf } from "./adapter.js";
import type { Admitted, CheckContext, Guard, GuardOptions, PolicyDocument } from "./types.js";

/** What the middleware puts into the context: `c.get("edgelatch")`. */
export interface EdgelatchVariables {
  edgelatch: Admitted;
}

export interface HonoOptions extends GuardOptions {
  /** What the host knows of a connection. Default: the `waitUntil` of the host, where it has one. */
  context?: (c: Context) => CheckContext;
}

/** Refuses with the finished answer; lets pass with the verdict at `c.get("edgelatch")`. */
export function edgelatch(
  policy: Guard | PolicyDocument,
  options: HonoOptions = {},
): MiddlewareHandler<{ Variables: EdgelatchVariables }> {
  const guard = guardOf(policy, options);
  const context = options.context ?? hostContext;
  return async (c, next) => {
    const verdict = await guard.check(c.req.raw, context(c));
    if (!verdict.ok) {
      return verdict.response;
    }
    c.set("edgelatch", verdict);
    // A handler must not read an identity that the client wrote.
    c.req.raw = guard.forward(c.req.raw, verdict);
    return next();
  };
}

function hostContext(c: Context): CheckContext {
  try {
    const { executionCtx } = c;
    return { waitUntil: (work) => executionCtx.waitUntil(work) };
  } catch {
    // Hono throws where the host has no such context: Node.js, Bun, tests.
    return {};
  }
}
