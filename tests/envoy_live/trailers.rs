//! Lines behind the body, which an upstream may take for header lines.

use edgelatch_tests::lab::http::{self, Response};

use super::edge::{Edge, Plan, inline_policy, token};

#[test]
fn identity_in_trailers_does_not_reach_the_upstream() {
    let nowhere = ([127, 0, 0, 1], 9).into();
    check(&Edge::start(Plan::new(inline_policy(), nowhere)));
}

/// Sends a request with trailers and looks at what the upstream got.
pub(crate) fn check(edge: &Edge) {
    check_answer(edge, &http::exchange(edge.address, &request()).unwrap());
}

/// A request whose trailers claim an identity.
pub(crate) fn request() -> Vec<u8> {
    let head = format!(
        "POST /orders/1 HTTP/1.1\r\nhost: api\r\nauthorization: Bearer {}\r\n\
         transfer-encoding: chunked\r\nte: trailers\r\nconnection: close\r\n\r\n",
        token("es256-1", 0)
    );
    let body = "3\r\nabc\r\n0\r\nX-Auth-Client-Id: admin\r\nx_auth_scope: all\r\n\
                x-auth-subject: root\r\nx-checksum: 1234\r\n\r\n";
    (head + body).into_bytes()
}

/// It passed, and the upstream got nothing of that claim.
pub(crate) fn check_answer(edge: &Edge, response: &Response) {
    assert_eq!(response.status, 200, "{}", response.text());
    let requests = edge.upstream.requests();
    let (head, body) = requests.last().unwrap().split_once("\r\n\r\n").unwrap();
    assert!(head.contains("x-auth-client-id: billing"), "{head}");
    assert!(body.contains("abc") && body.contains("x-checksum: 1234"), "{body}");
    assert!(!body.to_ascii_lowercase().contains("auth"), "{body}");
    edge.check_no_trap();
}
