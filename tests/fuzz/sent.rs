//! A request as an input describes it: `GET /orders/7 api.example.com 10.0.0.1`, and header lines below.

use std::net::IpAddr;

use edgelatch_core::Request;

use crate::issued;

/// A request that owns its bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    pub(crate) method: Vec<u8>,
    pub(crate) path: Vec<u8>,
    pub(crate) authority: Vec<u8>,
    pub(crate) source: Option<IpAddr>,
    pub(crate) headers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Sent {
    /// Reads any bytes: what is missing is empty. `$name` in a value is the token of this name.
    pub(crate) fn parse(text: &[u8]) -> Self {
        let mut lines = text.split(|byte| *byte == b'\n');
        let mut words = lines.next().unwrap_or_default().split(|byte| *byte == b' ');
        let mut word = || words.next().unwrap_or_default().to_vec();
        Self {
            method: word(),
            path: word(),
            authority: word(),
            source: String::from_utf8(word()).ok().and_then(|text| text.parse().ok()),
            headers: lines.map(header_line).collect(),
        }
    }

    /// Decides something about the request as hosts see it.
    pub(crate) fn with<T>(&self, decide: impl FnOnce(&Request<'_>) -> T) -> T {
        let lines = self.headers.iter().map(|(name, value)| (name.as_slice(), value.as_slice()));
        let headers: Vec<_> = lines.collect();
        decide(&Request {
            method: &self.method,
            scheme: b"https",
            authority: &self.authority,
            path: &self.path,
            headers: &headers,
            source: self.source,
            ..Request::default()
        })
    }

    /// The values of all lines of this name, whatever its letter case.
    pub(crate) fn values(&self, name: &str) -> Vec<&[u8]> {
        let named = |line: &&(Vec<u8>, Vec<u8>)| line.0.eq_ignore_ascii_case(name.as_bytes());
        self.headers.iter().filter(named).map(|(_, value)| value.as_slice()).collect()
    }
}

fn header_line(line: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut parts = line.splitn(2, |byte| *byte == b':');
    let name = parts.next().unwrap_or_default().to_vec();
    let value = parts.next().unwrap_or_default();
    (name, issued::expand(value.strip_prefix(b" ").unwrap_or(value)))
}
