// What the gateway answers by itself: how it is, and how to get a token for it.

import type { Gateway } from "./set_up.js";

/** Whether a request is for the gateway. These paths never reach the upstream. */
export function isOwn(request: Request, gateway: Gateway): boolean {
  const { pathname } = new URL(request.url);
  const isRead = request.method === "GET" || request.method === "HEAD";
  return isRead && (pathname === gateway.healthPath || pathname === gateway.metadata?.path);
}

export function own(request: Request, gateway: Gateway): Response {
  const { pathname } = new URL(request.url);
  return pathname === gateway.metadata?.path ? metadata(gateway.metadata.document) : health(gateway);
}

/** RFC 9728 s3. Anybody may read it, also a page in a browser that looks for the issuer. */
function metadata(document: object): Response {
  return Response.json(document, {
    headers: { "cache-control": "public, max-age=300", "access-control-allow-origin": "*" },
  });
}

/**
 * What this isolate has in force. One that has not met a token yet has fetched nothing, and is well: it fetches when it
 * must. With documents that are too old it answers 503 to every token, and says so here.
 */
function health({ guard }: Gateway): Response {
  const feeds = guard.feeds();
  const isWell = feeds.every(({ freshness }) => freshness !== "expired");
  const body = { status: isWell ? "ok" : "expired", feeds };
  return Response.json(body, { status: isWell ? 200 : 503, headers: { "cache-control": "no-store" } });
}
