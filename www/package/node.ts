// What a server on Node.js knows of a request, for the adapters.

import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Admitted, CheckContext, Guard, RequestFacts } from "./types.js";

type NodeRequest = IncomingMessage | Http2ServerRequest;

/** The request as it came. `path` as the client sent it, before a router changed it. */
export function nodeFacts(request: NodeRequest, path: string): RequestFacts {
  return {
    method: request.method ?? "",
    host: host(request),
    path,
    scheme: isEncrypted(request) ? "https" : "http",
    headers: lines(request),
  };
}

/** The peer. No header line has a say in this. */
export function nodeContext(request: NodeRequest): CheckContext {
  return {
    source: request.socket.remoteAddress,
    // Only when asked: Node.js takes the certificate apart each time.
    get certificate() {
      return certificate(request);
    },
  };
}

/** Header lines as a handler reads them: no identity that the client wrote, no method behind the guard's back. */
export function tellIdentity({ headers }: NodeRequest, guard: Guard, verdict: Admitted): void {
  for (const name of Object.keys(headers)) {
    if (guard.isReserved(name)) {
      delete headers[name];
    }
  }
  Object.assign(headers, verdict.headers);
}

/** `headers` would drop a second `Authorization`; `rawHeaders` has every line, its characters standing for bytes. */
function* lines({ rawHeaders }: NodeRequest): Generator<readonly [string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    yield [rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""];
  }
}

function host({ headers }: NodeRequest): string {
  return String(headers[":authority"] ?? headers.host ?? "");
}

function isEncrypted({ socket }: NodeRequest): boolean {
  return (socket as Partial<TLSSocket>).encrypted === true;
}

/** The certificate counts only if TLS found it good: `rejectUnauthorized: false` lets any through. */
function certificate({ socket }: NodeRequest): Uint8Array | string | undefined {
  const { authorized, getPeerCertificate } = socket as Partial<TLSSocket>;
  if (authorized !== true || !getPeerCertificate) {
    return undefined;
  }
  const digest = getPeerCertificate.call(socket as TLSSocket).fingerprint256;
  return digest?.replaceAll(":", "");
}
