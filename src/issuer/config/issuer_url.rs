//! The issuer identifier (RFC 8414 s2) and the addresses that follow from it.

use core::fmt;
use std::net::{IpAddr, Ipv6Addr};

use axum::http::Uri;
use serde::Deserialize;

/// An issuer identifier. Validators compare it byte by byte with `iss`, so there is one way only
/// to write it: lower-case scheme and host, no trailing slash, no query, no fragment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct IssuerUrl {
    text: String,
    path_start: usize,
}

/// Why a URL is no issuer identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuerUrlError {
    /// `http` for a host that is not this machine.
    NotHttps,
    /// Not an absolute URL of the right form.
    NotUrl,
    /// No number, or the port that is meant without one.
    Port,
    /// A path with a trailing slash, an empty or relative segment or an unusual character.
    Path,
    /// A query, a fragment or credentials (RFC 8414 s2).
    QueryOrFragment,
    /// Upper-case letters in scheme or host.
    UpperCase,
}

impl fmt::Display for IssuerUrlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotHttps => {
                "an issuer URL begins with https://, or with http:// for a loopback host only"
            }
            Self::NotUrl => "an issuer URL looks like https://issuer.example",
            Self::Path => {
                "the path of an issuer URL is made of plain segments without a slash at \
                 the end, such as https://issuer.example/staging"
            }
            Self::Port => {
                "the port of an issuer URL is a number from 1 to 65535 without leading zero, left \
                 out when it is the one of the scheme"
            }
            Self::QueryOrFragment => "an issuer URL has no query, no fragment and no credentials",
            Self::UpperCase => "scheme and host of an issuer URL are lower case",
        })
    }
}

impl core::error::Error for IssuerUrlError {}

impl IssuerUrl {
    /// Checks an issuer identifier.
    pub fn parse(text: &str) -> Result<Self, IssuerUrlError> {
        if text.contains(['?', '#', '@']) {
            return Err(IssuerUrlError::QueryOrFragment);
        }
        let (scheme, rest) = text.split_once("://").ok_or(IssuerUrlError::NotUrl)?;
        let authority = rest.split('/').next().unwrap_or_default();
        let path = rest.strip_prefix(authority).unwrap_or_default();
        let uri: Uri = text.parse().map_err(|_| IssuerUrlError::NotUrl)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(IssuerUrlError::NotUrl)?;
        if scheme != scheme.to_ascii_lowercase() || host != host.to_ascii_lowercase() {
            return Err(IssuerUrlError::UpperCase);
        }
        check_authority(authority, scheme)?;
        if scheme != "https" && !(scheme == "http" && is_loopback(host)) {
            return Err(IssuerUrlError::NotHttps);
        }
        check_path(path)?;
        Ok(Self { text: text.to_owned(), path_start: text.len() - path.len() })
    }

    /// Whether it is `https`; else it is `http` on loopback.
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// The identifier, as in `iss`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The absolute address of something below the issuer.
    pub(crate) fn below(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// The path part: empty, or `/` and segments.
    pub(crate) fn path(&self) -> &str {
        self.text.get(self.path_start..).unwrap_or_default()
    }

    /// The path of a well-known document: between host and path of the issuer (RFC 8414 s3.1).
    pub(crate) fn well_known_path(&self, name: &str) -> String {
        format!("/.well-known/{name}{}", self.path())
    }

    /// The address of the metadata of this issuer (RFC 8414 s3).
    pub fn metadata_url(&self) -> String {
        let origin = self.text.get(..self.path_start).unwrap_or_default();
        format!("{origin}{}", self.well_known_path("oauth-authorization-server"))
    }
}

impl TryFrom<String> for IssuerUrl {
    type Error = IssuerUrlError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

/// One way to write host and port, or the same issuer had two names.
fn check_authority(authority: &str, scheme: &str) -> Result<(), IssuerUrlError> {
    let bracket = authority.rfind(']').unwrap_or(0);
    let (host, port) = match authority.rfind(':').filter(|colon| *colon > bracket) {
        Some(colon) => authority.split_at(colon),
        None => (authority, ""),
    };
    if !is_host(host) {
        return Err(IssuerUrlError::NotUrl);
    }
    let default = if scheme == "https" { 443 } else { 80 };
    let Some(port) = port.strip_prefix(':') else { return Ok(()) };
    let number = port.parse::<u16>().ok().filter(|number| number.to_string() == port);
    match number {
        Some(number) if number != 0 && number != default => Ok(()),
        _ => Err(IssuerUrlError::Port),
    }
}

/// An IPv6 address in brackets, or labels of letters, digits and hyphens (RFC 1123 s2.1).
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']').and_then(|text| text.parse::<Ipv6Addr>().ok());
        return address.is_some_and(|address| format!("[{address}]") == host);
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    host.split('.').all(|label| (1..=63).contains(&label.len()) && label.bytes().all(plain))
}

fn check_path(path: &str) -> Result<(), IssuerUrlError> {
    let Some(segments) = path.strip_prefix('/') else { return Ok(()) };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let fine = |segment: &str| {
        !matches!(segment, "" | "." | ".." | ".well-known") && segment.bytes().all(plain)
    };
    if segments.split('/').all(fine) { Ok(()) } else { Err(IssuerUrlError::Path) }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, IssuerUrlError>) {
        let metadata = IssuerUrl::parse(text).map(|url| url.metadata_url());
        assert_eq!(metadata.as_deref().map_err(|error| *error), expected, "{text}");
    }

    #[test]
    fn inserts_the_well_known_path_between_host_and_path() {
        check(
            "https://issuer.example",
            Ok("https://issuer.example/.well-known/oauth-authorization-server"),
        );
        check(
            "https://issuer.example:8443/a/b",
            Ok("https://issuer.example:8443/.well-known/oauth-authorization-server/a/b"),
        );
    }

    #[test]
    fn accepts_plain_http_on_loopback_only() {
        check(
            "http://127.0.0.1:8470",
            Ok("http://127.0.0.1:8470/.well-known/oauth-authorization-server"),
        );
        check("http://[::1]:1", Ok("http://[::1]:1/.well-known/oauth-authorization-server"));
        check("http://localhost", Ok("http://localhost/.well-known/oauth-authorization-server"));
        check("http://localhost.example", Err(IssuerUrlError::NotHttps));
        check("http://issuer.example", Err(IssuerUrlError::NotHttps));
        check("ftp://127.0.0.1", Err(IssuerUrlError::NotHttps));
    }

    #[test]
    fn refuses_a_second_way_to_write_the_same_issuer() {
        check("https://issuer.example/", Err(IssuerUrlError::Path));
        check("https://issuer.example/a/", Err(IssuerUrlError::Path));
        check("https://issuer.example/a//b", Err(IssuerUrlError::Path));
        check("https://issuer.example/../b", Err(IssuerUrlError::Path));
        check("https://Issuer.example", Err(IssuerUrlError::UpperCase));
        check("HTTPS://issuer.example", Err(IssuerUrlError::UpperCase));
    }

    #[test]
    fn refuses_a_second_way_to_write_host_and_port() {
        for port in ["", "443", "0443", "99999", "0", "+1", "a"] {
            check(&format!("https://issuer.example:{port}"), Err(IssuerUrlError::Port));
        }
        check("http://127.0.0.1:80", Err(IssuerUrlError::Port));
        let hosts = ["..", "a,b", "a..b", "a.", ".a", "a_b", "[::0]", "[::1", "a%41", "*"];
        for host in hosts {
            check(&format!("https://{host}"), Err(IssuerUrlError::NotUrl));
        }
    }

    #[test]
    fn refuses_queries_fragments_and_credentials() {
        check("https://issuer.example?a=b", Err(IssuerUrlError::QueryOrFragment));
        check("https://issuer.example#a", Err(IssuerUrlError::QueryOrFragment));
        check("https://a:b@issuer.example", Err(IssuerUrlError::QueryOrFragment));
    }

    #[test]
    fn refuses_what_is_no_url() {
        check("issuer.example", Err(IssuerUrlError::NotUrl));
        check("https://", Err(IssuerUrlError::NotUrl));
        check("", Err(IssuerUrlError::NotUrl));
    }
}
