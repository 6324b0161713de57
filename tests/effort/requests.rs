//! Requests that are large in their path, host, method or header lines.

use super::families::Make;
use super::probe::Sent;
use super::tokens::{BOUND, valid};

pub(crate) const FAMILIES: &[(&str, Make)] = &[
    ("a path of slashes", |size| Sent::to("/".repeat(size))),
    ("a path of many segments", |size| Sent::to("/a".repeat(size / 2))),
    ("many segments below a route", |size| Sent::to(format!("/orders{}", "/a".repeat(size / 2)))),
    ("many segments of an open end", |size| Sent::to(format!("/files{}", "/a".repeat(size / 2)))),
    ("one long segment", |size| Sent::to(format!("/orders/{}", "a".repeat(size)))),
    ("a path of dots", |size| Sent::to(format!("/orders/{}", ".".repeat(size)))),
    ("a path of dot segments", |size| Sent::to("/..".repeat(size / 3))),
    ("a path of escapes", |size| Sent::to(format!("/{}", "%C3%A9".repeat(size / 6)))),
    ("a path of escaped percents", |size| Sent::to(format!("/{}", "%25".repeat(size / 3)))),
    ("a path of percents", |size| Sent::to(format!("/{}", "%".repeat(size)))),
    ("a query of ampersands", |size| with_query(&"&".repeat(size))),
    ("a query of names almost like a token's", |size| {
        with_query(&"access_toke&".repeat(size / 12))
    }),
    ("a query of escaped names", |size| with_query(&"%61%63%63%65%73%73%5f&".repeat(size / 22))),
    ("a query of question marks", |size| with_query(&"?".repeat(size))),
    ("a long host", |size| with_host("a".repeat(size))),
    ("a host of many labels", |size| with_host("a.".repeat(size / 2))),
    ("a host of colons", |size| with_host(format!("[{}]", ":".repeat(size)))),
    ("a host of user names", |size| with_host("a@".repeat(size / 2))),
    ("a port of many digits", |size| with_host(format!("a:{}", "1".repeat(size)))),
    ("a long method", |size| Sent { method: "M".repeat(size), ..Sent::with_token("a.b.c") }),
    ("many header lines", |size| with_lines(size, "h")),
    ("many identity headers", |size| with_lines(size, "x-auth-")),
    ("many identity headers on an open route", |size| Sent {
        path: "/healthz".to_owned(),
        ..with_lines(size, "x_auth_")
    }),
    ("many identity headers beside a valid token", |size| {
        Sent { path: "/orders/7".to_owned(), ..with_lines(size, "X-Auth-") }
            .and("authorization", format!("Bearer {}", valid()))
    }),
    ("many authorization lines", |size| {
        (0..size / 14).fold(Sent::to("/files/a"), |sent, _| sent.and("authorization", "v"))
    }),
    ("long header names", |size| {
        let name = |number| format!("x-auth-{number}{}", "a".repeat(size / 10));
        (0..10).fold(Sent::to("/files/a"), |sent, number| sent.and(name(number), "v"))
    }),
    ("certificates in a header", |size| with_certificate(&"Hash=ab,By=x;".repeat(size / 13))),
    ("a quoted certificate", |size| with_certificate(&format!("Subject=\"{}", "\\".repeat(size)))),
    ("a proof of dots", |size| with_proof(&".".repeat(size / 2))),
    ("a proof of one long segment", |size| with_proof(&"A".repeat(size / 2))),
];

fn with_query(query: &str) -> Sent {
    Sent { path: format!("/orders/7?{query}"), ..Sent::with_token("a.b.c") }
}

fn with_host(authority: String) -> Sent {
    Sent { authority, ..Sent::with_token("a.b.c") }
}

/// Lines whose names begin like this, and differ.
fn with_lines(size: usize, name: &str) -> Sent {
    (0..size / 16)
        .fold(Sent::to("/files/a"), |sent, line| sent.and(format!("{name}{line:05}"), "v"))
}

fn with_certificate(value: &str) -> Sent {
    Sent::with_token(valid()).and("x-forwarded-client-cert", value)
}

/// Beside a token that asks for a proof, or nobody would look at it. At most 8 KiB of it are looked at.
fn with_proof(proof: &str) -> Sent {
    Sent::to("/orders/7").and("authorization", format!("DPoP {}", &*BOUND)).and("dpop", proof)
}
