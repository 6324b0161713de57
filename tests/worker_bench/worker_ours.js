// A Worker with the guard: the token, the route, its scope, and what the upstream would be told.

import { env } from "cloudflare:workers";
import { createGuard } from "edgelatch";

const guard = createGuard(env.POLICY);

export default {
  async fetch(request, _env, context) {
    const verdict = await guard.check(request, context);
    return verdict.ok ? new Response("ok") : verdict.response;
  },
};
