//! Requests that two parsers could read as two different ones (RFC 9112 s11.2).
//!
//! Behind a proxy, a request that the proxy reads differently lets one caller speak for another.
//! hyper decides most of it before we see a request:
//! - `Transfer-Encoding` with `Content-Length`: it keeps the first, drops the second and closes the
//!   connection after the answer (RFC 9112 s6.1 allows that), so nothing can hide behind the body;
//! - unequal or malformed `Content-Length`, another coding than `chunked`: 400;
//! - lines that end in LF alone (RFC 9112 s2.2 allows it) and chunk extensions: taken and ignored.
//!
//! What it leaves to us is `Host`.

use axum::body::Body;
use axum::http::header::{CONNECTION, HOST};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Version};
use axum::response::Response;
use hyper::Request;

/// RFC 9112 s3.2: 400 for an HTTP/1.1 request with no `Host` or with several.
pub(super) fn refuse<B>(request: &Request<B>) -> Option<Response> {
    let is_fine = request.version() != Version::HTTP_11 || has_one_host(request.headers());
    if is_fine { None } else { Some(bad_request()) }
}

fn has_one_host(headers: &HeaderMap) -> bool {
    headers.get_all(HOST).iter().count() == 1
}

fn bad_request() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
