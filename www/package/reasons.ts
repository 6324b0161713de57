// The reasons for which a request is refused, as the core has them. Written by `cargo xtask reasons`.

/** Stable codes for logs and metrics. */
export type Reason =
  | "cfg.none"
  | "clm.aud"
  | "clm.bound"
  | "clm.dup"
  | "clm.exp"
  | "clm.iat"
  | "clm.iss"
  | "clm.life"
  | "clm.nbf"
  | "clm.required"
  | "clm.scope"
  | "clm.type"
  | "clock.bad"
  | "dpop.full"
  | "dpop.missing"
  | "dpop.multiple"
  | "dpop.proof"
  | "dpop.replay"
  | "hdr.charset"
  | "hdr.missing"
  | "hdr.multiple"
  | "hdr.scheme"
  | "host.failed"
  | "jwks.none"
  | "jws.alg"
  | "jws.b64"
  | "jws.crit"
  | "jws.dup"
  | "jws.header"
  | "jws.json"
  | "jws.structure"
  | "jws.typ"
  | "key.alg"
  | "key.missing"
  | "key.unknown"
  | "pol.binding"
  | "pol.client"
  | "pol.host"
  | "pol.issuer"
  | "pol.network"
  | "pol.norule"
  | "pol.path"
  | "pol.scope"
  | "rev.foreign"
  | "rev.hit"
  | "rev.none"
  | "rev.range"
  | "sig.bad"
  | "sig.len"
  | "sig.unsupported"
  | "tok.size";

/** By the numbers that the core gives them. */
export const REASONS: readonly Reason[] = [
  "cfg.none",
  "host.failed",
  "pol.host",
  "pol.path",
  "pol.norule",
  "hdr.missing",
  "hdr.multiple",
  "hdr.charset",
  "hdr.scheme",
  "tok.size",
  "clock.bad",
  "jws.structure",
  "jws.b64",
  "jws.json",
  "jws.dup",
  "jws.header",
  "jws.alg",
  "jws.crit",
  "jws.typ",
  "clm.iss",
  "key.missing",
  "jwks.none",
  "key.unknown",
  "key.alg",
  "sig.len",
  "sig.bad",
  "sig.unsupported",
  "jws.json",
  "clm.dup",
  "clm.iss",
  "clm.required",
  "clm.type",
  "clm.scope",
  "clm.exp",
  "clm.nbf",
  "clm.iat",
  "clm.life",
  "clm.aud",
  "rev.none",
  "rev.foreign",
  "rev.range",
  "rev.hit",
  "clm.bound",
  "clm.bound",
  "clm.bound",
  "dpop.missing",
  "dpop.multiple",
  "dpop.proof",
  "dpop.replay",
  "dpop.full",
  "pol.binding",
  "pol.issuer",
  "pol.client",
  "pol.network",
  "pol.scope",
];
