// On to the upstream: nothing is buffered, and no redirect is followed.

import type { Admitted } from "edgelatch";
import type { Outcome } from "./decide.js";
import type { Gateway } from "./set_up.js";

interface Answer {
  response: Response;
  outcome: Outcome;
}

/** The answer of the upstream as it comes; 502 if there is none, 504 if it does not begin in time. */
export async function passOn(request: Request, verdict: Admitted, gateway: Gateway, outcome: Outcome): Promise<Answer> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), gateway.timeout);
  try {
    const forwarded = addressed(request, gateway.guard.forward(request, verdict), gateway.origin);
    const response = await gateway.upstream.fetch(forwarded, { redirect: "manual", signal: stop.signal });
    return { response, outcome };
  } catch {
    const isLate = stop.signal.aborted;
    const upstream = isLate ? "timeout" : "unreachable";
    return { response: failed(isLate ? 504 : 502), outcome: { ...outcome, upstream } };
  } finally {
    // Only the beginning is timed: a download may take as long as it likes.
    clearTimeout(timer);
  }
}

/**
 * Gives the request its new address. The path goes on as it was judged. A Worker cannot keep `Host`, so the name and
 * scheme that the client used are told in the usual lines, in place of what the client says about them.
 */
function addressed(original: Request, forwarded: Request, origin: URL | undefined): Request {
  if (!origin) {
    return forwarded;
  }
  const asked = new URL(original.url);
  const target = new URL(forwarded.url);
  target.protocol = origin.protocol;
  target.host = origin.host;
  target.port = origin.port;
  const request = new Request(target.href, forwarded);
  request.headers.set("x-forwarded-host", asked.host);
  request.headers.set("x-forwarded-proto", asked.protocol.slice(0, -1));
  return request;
}

function failed(status: 502 | 504): Response {
  const error = status === 504 ? "upstream_timeout" : "upstream_unreachable";
  const body = { error, error_description: "the request was admitted, but what is behind the gateway did not answer" };
  return Response.json(body, { status, headers: { "cache-control": "no-store" } });
}
