//! The address of a request in one spelling, so that the `htu` of a proof can be compared with it
//! (RFC 9449 s4.3, RFC 3986 s6.2.2 and s6.2.3).

use alloc::string::String;

/// The address that the client used, without query; none if the host does not know all of it.
pub(super) fn of_request(scheme: &[u8], authority: &[u8], path: &[u8]) -> Option<String> {
    let text = |bytes| core::str::from_utf8(bytes).ok();
    normalise(text(scheme)?, text(authority)?, text(path)?)
}

/// The address in an `htu`. Query and fragment are not compared (RFC 9449 s4.3, check 9).
pub(super) fn of_claim(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once("://")?;
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    normalise(scheme, authority, if path.is_empty() { "/" } else { path })
}

/// Scheme and host have no letter case, and the scheme's own port says nothing. The path stays as it
/// was sent: whoever decodes it decides what it means.
fn normalise(scheme: &str, authority: &str, path: &str) -> Option<String> {
    let (scheme, default_port) = if scheme.eq_ignore_ascii_case("https") {
        ("https", "443")
    } else if scheme.eq_ignore_ascii_case("http") {
        ("http", "80")
    } else {
        return None;
    };
    let visible = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if authority.is_empty() || authority.contains('@') || !visible(authority) || !visible(path) {
        return None;
    }
    let authority = without_port(authority, default_port).to_ascii_lowercase();
    path.starts_with('/').then(|| [scheme, "://", &authority, path].concat())
}

fn without_port<'a>(authority: &'a str, default_port: &str) -> &'a str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.is_empty() || port == default_port => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(scheme: &str, authority: &str, path: &str, uri: &str, expected: bool) {
        let request = of_request(scheme.as_bytes(), authority.as_bytes(), path.as_bytes());
        let is_same = request.is_some() && request == of_claim(uri);
        assert_eq!(is_same, expected, "{scheme} {authority} {path} {uri}");
    }

    #[test]
    fn knows_one_address_in_several_spellings() {
        for uri in [
            "https://api.test/a",
            "HTTPS://API.test/a",
            "https://api.test:443/a",
            "https://api.test:/a",
            "https://api.test/a?x=1",
            "https://api.test/a#b",
        ] {
            check("https", "api.test", "/a", uri, true);
            check("https", "API.TEST:443", "/a", uri, true);
        }
        check("http", "[::1]:80", "/", "http://[::1]", true);
        check("http", "api.test:8080", "/a/", "http://api.test:8080/a/", true);
    }

    #[test]
    fn keeps_different_addresses_apart() {
        for uri in [
            "http://api.test/a",
            "https://api.test:80/a",
            "https://api.test:8443/a",
            "https://api.test.evil/a",
            "https://api.test/A",
            "https://api.test/a/",
            "https://api.test/%61",
            "https://api.test//a",
            "https://user@api.test/a",
            "https://api.test",
            "//api.test/a",
            "/a",
            "api.test/a",
            "",
        ] {
            check("https", "api.test", "/a", uri, false);
        }
    }

    #[test]
    fn an_unknown_address_is_like_no_other() {
        check("", "api.test", "/a", "https://api.test/a", false);
        check("https", "", "/a", "https:///a", false);
        check("https", "api.test", "*", "https://api.test*", false);
        check("ftp", "api.test", "/a", "ftp://api.test/a", false);
        check("https", "user@api.test", "/a", "https://user@api.test/a", false);
        check("https", "\u{e9}.test", "/a", "https://\u{e9}.test/a", false);
        check("https", "api.test", "/\u{e9}", "https://api.test/\u{e9}", false);
    }
}
