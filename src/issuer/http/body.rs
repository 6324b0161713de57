//! Reading a request body within limits of size, form and time.

use core::time::Duration;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;
use hyper::body::Bytes;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::refusal::Refusal;

/// Longest body: a token request has a few hundred bytes.
const MAX_BYTES: usize = 16 * 1024;

/// Room for the first bytes: most bodies fit.
const FIRST_BYTES: usize = 512;

/// From the first to the last byte, however they trickle.
const MAX_TIME: Duration = Duration::from_secs(10);

/// How much of a refused body is still taken in, and for how long. Closing while the caller is
/// sending resets the connection, and the reset may overtake the answer.
const DRAIN_BYTES: usize = 256 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// The bytes of a form, or why they are not wanted.
pub(super) async fn read_form(
    headers: &HeaderMap,
    mut body: Body,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let read = match check_media_type(headers) {
        Ok(()) => read(headers, &mut body).await,
        Err(refusal) => Err(refusal),
    };
    if matches!(read, Err(Refusal::BodyTooLarge | Refusal::MediaType)) {
        // Whether it worked makes no difference to the answer.
        let _ = timeout(DRAIN_TIME, drain(&mut body)).await;
    }
    read
}

async fn read(headers: &HeaderMap, body: &mut Body) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    if announced_length(headers).is_some_and(|length| length > MAX_BYTES) {
        return Err(Refusal::BodyTooLarge);
    }
    timeout(MAX_TIME, collect(body)).await.unwrap_or(Err(Refusal::BodyTimeout))
}

async fn collect(body: &mut Body) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let mut bytes = Zeroizing::new(Vec::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::BodyUnreadable)?;
        let data = frame.data_ref().map(Bytes::as_ref).unwrap_or_default();
        if bytes.len().saturating_add(data.len()) > MAX_BYTES {
            return Err(Refusal::BodyTooLarge);
        }
        append(&mut bytes, data);
    }
    Ok(bytes)
}

/// Takes memory only for what has arrived: a stranger may open many requests and send nothing. A
/// vector that grows by itself would leave copies of the secret behind.
fn append(bytes: &mut Zeroizing<Vec<u8>>, data: &[u8]) {
    let length = bytes.len().saturating_add(data.len());
    if length > bytes.capacity() {
        let capacity = length.max(FIRST_BYTES).next_power_of_two();
        let mut larger = Zeroizing::new(Vec::with_capacity(capacity));
        larger.extend_from_slice(bytes);
        *bytes = larger;
    }
    bytes.extend_from_slice(data);
}

async fn drain(body: &mut Body) {
    let mut rest = DRAIN_BYTES;
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        let Some(less) = rest.checked_sub(length) else { return };
        rest = less;
    }
}

/// RFC 6749 s4.4.2: a form in UTF-8, not compressed.
fn check_media_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let value = values.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let is_form = parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    let is_utf8 = parts.all(|parameter| {
        let parameter = parameter.to_ascii_lowercase();
        matches!(parameter.as_str(), "" | "charset=utf-8" | "charset=\"utf-8\"")
    });
    let alone = values.next().is_none() && !headers.contains_key(CONTENT_ENCODING);
    if is_form && is_utf8 && alone { Ok(()) } else { Err(Refusal::MediaType) }
}

fn announced_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn takes_memory_for_what_has_arrived_only() {
        let mut bytes = Zeroizing::new(Vec::new());
        append(&mut bytes, b"a");
        assert_eq!((bytes.as_slice(), bytes.capacity()), (&b"a"[..], FIRST_BYTES));
        append(&mut bytes, &[b'b'; FIRST_BYTES]);
        assert_eq!((bytes.len(), bytes.capacity()), (FIRST_BYTES + 1, 2 * FIRST_BYTES));
    }

    fn check(value: &'static str, expected: Result<(), Refusal>) {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(value))]);
        assert_eq!(check_media_type(&headers), expected, "{value}");
    }

    #[test]
    fn accepts_forms_in_utf8_only() {
        check("application/x-www-form-urlencoded", Ok(()));
        check("Application/X-WWW-Form-Urlencoded; charset=UTF-8", Ok(()));
        check("application/x-www-form-urlencoded; charset=utf-16", Err(Refusal::MediaType));
        check("application/json", Err(Refusal::MediaType));
        check("multipart/form-data; boundary=x", Err(Refusal::MediaType));
        check("", Err(Refusal::MediaType));
        assert_eq!(check_media_type(&HeaderMap::new()), Err(Refusal::MediaType));
    }
}
