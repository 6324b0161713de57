// What is known of the other end of a connection.

import { wrongOption } from "./error.js";
import type { CheckContext, GuardOptions } from "./types.js";
import type { Peer } from "./wire.js";

/** What of it a policy asks for. */
export interface Needs {
  readonly source: boolean;
  readonly certificate: boolean;
}

/** The peer of a request, as far as the policy cares. */
export function peerOf(
  request: unknown,
  context: CheckContext,
  needs: Needs,
  platform: GuardOptions["platform"],
): Peer {
  if (!needs.source && !needs.certificate) {
    return NOBODY;
  }
  const told = platform === "cloudflare" ? cloudflare(request as Partial<CloudflareRequest>) : context;
  const source = context.source ?? told.source;
  const certificate = context.certificate ?? told.certificate;
  return {
    source: needs.source && typeof source === "string" ? source : "",
    certificate: needs.certificate && certificate !== undefined ? digest(certificate) : undefined,
  };
}

interface CloudflareRequest {
  readonly headers: Headers;
  readonly cf: { readonly tlsClientAuth?: Partial<Record<"certVerified" | "certRevoked" | "certFingerprintSHA256", string>> };
}

/** The network itself writes these; no client can. A certificate counts if its chain was found good; that it was
 * revoked is said apart from that. */
function cloudflare({ headers, cf }: Partial<CloudflareRequest>): CheckContext {
  const { certVerified, certRevoked, certFingerprintSHA256 } = cf?.tlsClientAuth ?? {};
  return {
    source: headers?.get("cf-connecting-ip") ?? undefined,
    certificate: certVerified === "SUCCESS" && certRevoked !== "1" ? certFingerprintSHA256 : undefined,
  };
}

function digest(certificate: Uint8Array | string): Uint8Array {
  if (typeof certificate !== "string") {
    if (certificate instanceof Uint8Array && certificate.length === 32) {
      return certificate;
    }
  } else {
    const digits = certificate.replaceAll(":", "");
    if (/^[0-9a-f]{64}$/i.test(digits)) {
      return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16));
    }
  }
  throw wrongOption("context.certificate", "not the SHA-256 of a certificate; give 32 bytes or 64 hex digits");
}

const NOBODY: Peer = { source: "", certificate: undefined };
