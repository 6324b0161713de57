//! The story: what is sent, and what has to come of it.

use crate::forgery;
use crate::tokens::Tokens;

/// One row.
pub(crate) struct Scene {
    pub(crate) title: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) headers: Vec<(&'static str, Vec<u8>)>,
    pub(crate) status: u16,
    /// The reason code in the access log, in brackets if the request passed all the same, or `PASSED`.
    pub(crate) reason: &'static str,
    /// An identity header whose value at the upstream is worth showing; it must not be what the client wrote.
    pub(crate) shown: Option<&'static str>,
}

/// What the table calls a request that reached the upstream.
pub(crate) const PASSED: &str = "admitted";

pub(crate) fn scenes(tokens: &Tokens) -> Vec<Scene> {
    let good = bearer(&tokens.reader);
    let with = |value: &[u8]| vec![(AUTHORIZATION, value.to_vec())];
    let forged = |make: fn(&str) -> String| vec![(AUTHORIZATION, bearer(&make(&tokens.reader)))];
    vec![
        read("no token", vec![], 401, "hdr.missing"),
        read("good token", with(&good), 200, PASSED),
        Scene {
            method: "POST",
            path: "/orders",
            ..read("wrong scope", with(&good), 403, "pol.scope")
        },
        read("wrong audience", with(&bearer(&tokens.stranger)), 401, "clm.aud"),
        read("expired", with(&bearer(&tokens.expired)), 401, "clm.exp"),
        read("tampered", forged(forgery::with_more_scopes), 401, "sig.bad"),
        read("alg: none", forged(forgery::with_algorithm_none), 401, "jws.alg"),
        read("unknown key", forged(forgery::with_unknown_key), 401, "key.unknown"),
        read("two Authorization headers", [with(&good), with(&good)].concat(), 400, "hdr.multiple"),
        read("non-UTF-8 header", with(b"Bearer \xff\xfe"), 401, "hdr.charset"),
        Scene {
            shown: Some(IDENTITY),
            ..read("spoofed identity header", [with(&good), spoofed()].concat(), 200, PASSED)
        },
        Scene { path: "/healthz", ..read("public route", vec![], 200, PASSED) },
        Scene { path: "/internal", ..read("unknown route", with(&good), 403, "pol.norule") },
    ]
}

fn read(
    title: &'static str,
    headers: Vec<(&'static str, Vec<u8>)>,
    status: u16,
    reason: &'static str,
) -> Scene {
    Scene { title, method: "GET", path: "/orders/17", headers, status, reason, shown: None }
}

fn bearer(token: &str) -> Vec<u8> {
    format!("Bearer {token}").into_bytes()
}

fn spoofed() -> Vec<(&'static str, Vec<u8>)> {
    vec![(IDENTITY, b"administrator".to_vec())]
}

const AUTHORIZATION: &str = "authorization";
const IDENTITY: &str = "x-auth-client-id";
