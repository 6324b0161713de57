//! An HTTP/1.1 response out of bytes.

use serde_json::Value;

use super::LabError;

/// A response. Header names are lower case; bytes beyond ASCII become the Latin-1 characters of the same number.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body, without transfer coding.
    pub body: Vec<u8>,
}

impl Response {
    /// The first value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, LabError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| LabError::answer(format!("{error} in the body of a {}", self.status)))
    }

    /// Reads the bytes of a response; the answer to HEAD has no body whatever it says.
    pub fn parse(bytes: &[u8], has_body: bool) -> Result<Self, LabError> {
        let Some(Head { first_line, headers, rest }) = parse_head(bytes) else {
            return Err(LabError::answer("the connection closed before a whole head"));
        };
        let status = first_line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let Some(status) = status else {
            return Err(LabError::answer(format!("status line `{first_line}`")));
        };
        let body = match (has_body, is_chunked(&headers), content_length(&headers)) {
            (false, ..) => Vec::new(),
            (true, true, _) => {
                unchunk(rest).ok_or_else(|| LabError::answer("the last chunk is missing"))?
            }
            (true, false, Some(length)) => rest.iter().take(length).copied().collect(),
            (true, false, None) => rest.to_vec(),
        };
        Ok(Self { status, headers, body })
    }

    pub(crate) fn is_whole(bytes: &[u8], has_body: bool) -> bool {
        let Some(Head { headers, rest, .. }) = parse_head(bytes) else { return false };
        if !has_body {
            return true;
        }
        if is_chunked(&headers) {
            return unchunk(rest).is_some();
        }
        content_length(&headers).is_some_and(|length| rest.len() >= length)
    }
}

/// The head of a request or a response, and what follows it.
pub(crate) struct Head<'a> {
    pub(crate) first_line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) rest: &'a [u8],
}

/// Splits a message at its empty line; `None` while that has not arrived.
pub(crate) fn parse_head(bytes: &[u8]) -> Option<Head<'_>> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, rest) = bytes.split_at_checked(end)?;
    let head = latin1(head);
    let mut lines = head.split("\r\n");
    let first_line = lines.next()?.to_owned();
    let headers = lines.filter_map(|line| line.split_once(':')).map(header).collect();
    Some(Head { first_line, headers, rest: rest.get(4..)? })
}

pub(crate) fn is_chunked(headers: &[(String, String)]) -> bool {
    headers.iter().any(|(name, value)| {
        name == "transfer-encoding" && value.to_ascii_lowercase().contains("chunked")
    })
}

pub(crate) fn content_length(headers: &[(String, String)]) -> Option<usize> {
    let (_, value) = headers.iter().find(|(name, _)| name == "content-length")?;
    value.parse().ok()
}

/// The content of a chunked body; `None` while its last chunk is missing.
pub(crate) fn unchunk(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let end = bytes.windows(2).position(|window| window == b"\r\n")?;
        let (size, rest) = bytes.split_at_checked(end)?;
        let size = size.split(|byte| *byte == b';').next()?;
        let size = usize::from_str_radix(core::str::from_utf8(size).ok()?.trim(), 16).ok()?;
        let (chunk, rest) = rest.get(2..)?.split_at_checked(size)?;
        if size == 0 {
            return Some(content);
        }
        content.extend_from_slice(chunk);
        bytes = rest.get(2..)?;
    }
}

fn header((name, value): (&str, &str)) -> (String, String) {
    (name.trim().to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned())
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_body_of_a_given_length() {
        let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A:  \xe9 \r\n\r\nhi";
        assert!(!Response::is_whole(&bytes[..bytes.len() - 1], true));
        assert!(Response::is_whole(bytes, true));
        let response = Response::parse(bytes, true).unwrap();
        assert_eq!((response.status, response.text().as_str()), (200, "hi"));
        assert_eq!(response.header("x-a"), Some("\u{e9}"));
    }

    #[test]
    fn reads_a_chunked_body() {
        let bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n1;x\r\nd\r\n0\r\n\r\n";
        assert_eq!(Response::parse(bytes, true).unwrap().text(), "abcd");
        assert!(!Response::is_whole(&bytes[..bytes.len() - 7], true));
    }

    #[test]
    fn refuses_a_head_that_ends_early() {
        assert!(Response::parse(b"HTTP/1.1 200 OK\r\n", true).is_err());
        assert!(Response::parse(b"SMTP hello\r\n\r\n", true).is_err());
    }
}
