//! What is sent: the bytes of requests, one after the other.

/// An endless row of requests.
pub(crate) trait Traffic {
    /// Appends the next request to `bytes` and returns the status that its answer must have. A refusal is cheap: a
    /// run that measured one by mistake would flatter whoever refuses.
    fn next(&mut self, bytes: &mut Vec<u8>) -> u16;
}

/// The same tokens again and again, or each once, with paths in turn; all are admitted.
pub(crate) struct Admitted<'a> {
    tokens: &'a [String],
    paths: &'a [String],
    /// How many requests were written so far.
    position: usize,
}

impl<'a> Admitted<'a> {
    /// Requests that begin at the first token.
    pub(crate) fn new(tokens: &'a [String], paths: &'a [String]) -> Self {
        Self { tokens, paths, position: 0 }
    }
}

impl Traffic for Admitted<'_> {
    fn next(&mut self, bytes: &mut Vec<u8>) -> u16 {
        let path = turn(self.paths, self.position);
        let token = turn(self.tokens, self.position);
        self.position = self.position.wrapping_add(1);
        write(bytes, path, token);
        200
    }
}

/// Appends one request; without a token it has no `Authorization`.
pub(crate) fn write(bytes: &mut Vec<u8>, path: &str, token: &str) {
    bytes.extend_from_slice(b"GET ");
    bytes.extend_from_slice(path.as_bytes());
    bytes.extend_from_slice(HEAD);
    if !token.is_empty() {
        bytes.extend_from_slice(b"authorization: Bearer ");
        bytes.extend_from_slice(token.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
}

/// The element whose turn it is.
pub(crate) fn turn(list: &[String], position: usize) -> &str {
    let index = position.checked_rem(list.len()).unwrap_or(0);
    list.get(index).map_or("", String::as_str)
}

/// What a program's HTTP client usually says of itself.
const HEAD: &[u8] =
    b" HTTP/1.1\r\nhost: api.example.com\r\nuser-agent: billing/1.0\r\naccept: */*\r\n";
