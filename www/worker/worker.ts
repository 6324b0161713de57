// The gateway: a Worker that decides about every request and passes on what is admitted.

import type { Context, Environment } from "./environment.js";
import { isOwn, own } from "./own.js";
import { log } from "./log.js";
import { decide, type Outcome } from "./decide.js";
import { setUp } from "./set_up.js";
import { passOn } from "./upstream.js";

export { Replays } from "./replays.js";

export default {
  async fetch(request: Request, environment: Environment, context: Context): Promise<Response> {
    // Once: the clock of a Worker stands still between exchanges, and a request has one time.
    const began = Date.now();
    const { response, outcome } = await answer(request, environment, context);
    log(request, response, outcome, began);
    return response;
  },
};

interface Answer {
  response: Response;
  outcome: Outcome;
}

async function answer(request: Request, environment: Environment, context: Context): Promise<Answer> {
  const gateway = setUp(environment);
  if ("problem" in gateway) {
    return { response: unavailable(), outcome: { reason: "cfg.none", problem: gateway.problem } };
  }
  if (isOwn(request, gateway)) {
    return { response: own(request, gateway), outcome: { reason: null } };
  }
  const { verdict, outcome } = await decide(request, gateway, context);
  if (!verdict) {
    return { response: unavailable(), outcome };
  }
  return verdict.ok ? passOn(request, verdict, gateway, outcome) : { response: verdict.response, outcome };
}

/** The answer of the core where the operator is to blame: access is never open because something is broken. */
function unavailable(): Response {
  const error = "temporarily_unavailable";
  const body = { error, error_description: "access cannot be decided at the moment; try again" };
  return Response.json(body, { status: 503, headers: { "cache-control": "no-store", "retry-after": "2" } });
}
