//! Requests to gateways on a machine that may be busy.

use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::http::Response;

use super::ground::send;

/// A request that has to be decided by the keys of the issuer.
///
/// A gateway waits two seconds for them and answers 503, which is no fault where the machine was busy: who was told so
/// after that time asks again. A 503 before it is final.
pub(crate) fn order(port: u16, token: &str) -> Response {
    let began = Instant::now();
    loop {
        let response = send(port, "GET", ORDER, token);
        let waited = began.elapsed();
        if response.status != 503 || waited < PATIENCE || waited > LIMIT {
            return response;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Lets an isolate fetch the keys, for which a token has to come whose signature must be looked at. The upstream learns
/// nothing of it.
pub(crate) fn warm(port: u16, token: &str) {
    let (rest, signature) = token.split_at(token.len() - 6);
    assert_ne!(signature, "AAAAAA");
    assert_eq!(order(port, &format!("{rest}AAAAAA")).status, 401);
}

/// How many fetches more than usual there may be on a machine that took so long for a request: an isolate passes over a
/// cache that does not answer within 300 ms, and does not wait longer than a second for the fetch of another request.
pub(crate) fn excused(took: Duration) -> usize {
    usize::try_from(took.as_millis() / EXCUSE.as_millis()).unwrap()
}

const ORDER: &str = "/orders/17";
/// A little less than that of a gateway, which begins to wait later than the client.
const PATIENCE: Duration = Duration::from_millis(1_900);
/// A little less than 300 ms, which may have begun before they were measured.
const EXCUSE: Duration = Duration::from_millis(250);
const LIMIT: Duration = Duration::from_mins(1);
