//! What a host tells about a request.

use core::net::IpAddr;

/// The facts of one request, as bytes: nothing about them is trusted, not even that they are text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// Method, such as `GET`; case-sensitive (RFC 9110 s9.1).
    pub method: &'a [u8],
    /// `https` or `http`, as the client used it; empty where the host does not know.
    pub scheme: &'a [u8],
    /// Host with optional port, from `Host` or `:authority`.
    pub authority: &'a [u8],
    /// Path with optional query, as it will be forwarded.
    pub path: &'a [u8],
    /// All header lines as name and value; pseudo-headers may be among them. A host must hand over
    /// every line: hiding the second `Authorization` would hide an attack.
    pub headers: &'a [(&'a [u8], &'a [u8])],
    /// Address of the peer, where the host knows it. Routes with `networks` deny without it.
    pub source: Option<IpAddr>,
    /// SHA-256 of the client's certificate (DER), if TLS proved on this connection that the peer holds
    /// its key.
    pub certificate: Option<[u8; 32]>,
}

impl<'a> Request<'a> {
    /// The path without its query.
    pub(crate) fn path_only(&self) -> &'a [u8] {
        self.split_query().0
    }

    /// The query without its question mark; empty if there is none.
    pub(crate) fn query(&self) -> &'a [u8] {
        self.split_query().1
    }

    fn split_query(&self) -> (&'a [u8], &'a [u8]) {
        let mut parts = self.path.splitn(2, |byte| *byte == b'?');
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    }
}
