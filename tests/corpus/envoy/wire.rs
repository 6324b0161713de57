//! A case as HTTP/1.1 bytes.

use crate::corpus::Exchange;
use crate::lab::LabError;
use crate::lab::http::Response;

/// The bytes of a request, exactly as the case says.
pub(crate) fn request(exchange: &Exchange) -> Vec<u8> {
    let is_tunnel = exchange.method == "CONNECT";
    let target = if is_tunnel { exchange.authority.as_bytes() } else { exchange.path.as_bytes() };
    let mut bytes = Vec::new();
    for piece in [exchange.method.as_bytes(), b" ", target, b" HTTP/1.1\r\n"] {
        bytes.extend_from_slice(piece);
    }
    line(&mut bytes, "host", exchange.authority.as_bytes());
    for (name, value) in exchange.wire.as_ref().unwrap_or(&exchange.headers) {
        line(&mut bytes, name, value.as_bytes());
    }
    if !exchange.headers.iter().any(|(name, _)| name == "connection") {
        line(&mut bytes, "connection", b"close");
    }
    let body = exchange.body.as_ref().map(super::super::HeaderValue::as_bytes);
    if let Some(body) = body {
        line(&mut bytes, "content-length", body.len().to_string().as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body.unwrap_or_default());
    bytes
}

fn line(bytes: &mut Vec<u8>, name: &str, value: &[u8]) {
    for piece in [name.as_bytes(), b": ", value, b"\r\n"] {
        bytes.extend_from_slice(piece);
    }
}

/// The final response: a `100 Continue` in front of it is only an interim one (RFC 9110 s15.2).
pub(crate) fn without_interim(response: &Response) -> Result<Response, LabError> {
    if response.status == 100 {
        Response::parse(&response.body, true)
    } else {
        Ok(response.clone())
    }
}
