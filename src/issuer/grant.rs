//! What may the client have? The part of its allow-list that it asks for, never more.

use crate::store::Client;

/// Most audiences of one token; edges refuse longer lists.
pub(crate) const MAX_AUDIENCES: usize = 16;

/// Longest `scope` parameter that is looked at.
const MAX_SCOPE_BYTES: usize = 2048;

/// The scopes asked for cannot be granted (RFC 6749 s5.2 `invalid_scope`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScopeError {
    Malformed,
    NotGranted,
    Repeated,
    TooLong,
}

impl ScopeError {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Malformed => "scope_malformed",
            Self::NotGranted => "scope_not_granted",
            Self::Repeated => "scope_repeated",
            Self::TooLong => "scope_too_long",
        }
    }
}

/// The audience asked for cannot be granted (RFC 8707 s2 `invalid_target`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TargetError {
    /// None asked for, and the client has not exactly one.
    NoDefault,
    NotGranted,
    Repeated,
    TooMany,
}

impl TargetError {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::NoDefault => "resource_missing",
            Self::NotGranted => "resource_not_granted",
            Self::Repeated => "resource_repeated",
            Self::TooMany => "resources_too_many",
        }
    }
}

/// The scope of the token: what is asked for, or all that the client has.
pub(crate) fn scope(requested: Option<&str>, client: &Client) -> Result<String, ScopeError> {
    let Some(requested) = requested else { return Ok(client.scopes.join(" ")) };
    if requested.len() > MAX_SCOPE_BYTES {
        return Err(ScopeError::TooLong);
    }
    let mut granted: Vec<&str> = Vec::new();
    for word in requested.split(' ') {
        if !is_scope(word) {
            return Err(ScopeError::Malformed);
        }
        if granted.contains(&word) {
            return Err(ScopeError::Repeated);
        }
        if !client.scopes.iter().any(|scope| scope == word) {
            return Err(ScopeError::NotGranted);
        }
        granted.push(word);
    }
    Ok(requested.to_owned())
}

/// The audience of the token: what is asked for, or the one that the client has. There is no
/// token for all: one API must not be able to use at another what was sent to it (RFC 9700 s2.3).
pub(crate) fn audience<'a>(
    requested: &[&str],
    client: &'a Client,
) -> Result<Vec<&'a str>, TargetError> {
    if requested.is_empty() {
        return match client.resources.as_slice() {
            [only] => Ok(vec![only]),
            _ => Err(TargetError::NoDefault),
        };
    }
    if requested.len() > MAX_AUDIENCES {
        return Err(TargetError::TooMany);
    }
    let mut granted: Vec<&str> = Vec::new();
    for target in requested {
        // Compared byte by byte: two ways to write one address are two addresses.
        let found = client.resources.iter().find(|resource| resource == target);
        let resource = found.ok_or(TargetError::NotGranted)?.as_str();
        if granted.contains(&resource) {
            return Err(TargetError::Repeated);
        }
        granted.push(resource);
    }
    Ok(granted)
}

/// One scope token (RFC 6749 s3.3): printable ASCII without space, quote and backslash.
pub(crate) fn is_scope(word: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    !word.is_empty() && word.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(scopes: &[&str], resources: &[&str]) -> Client {
        Client {
            client_id: "orders".to_owned(),
            name: "orders".to_owned(),
            enabled: true,
            may_get_tokens: true,
            token_lifetime: 300,
            scopes: scopes.iter().map(ToString::to_string).collect(),
            resources: resources.iter().map(ToString::to_string).collect(),
            created_at: 0,
            changed_at: 0,
            secrets: Vec::new(),
        }
    }

    fn check_scope(requested: Option<&str>, expected: Result<&str, ScopeError>) {
        let client = client(&["orders:read", "orders:write"], &[]);
        assert_eq!(scope(requested, &client).as_deref().map_err(|error| *error), expected);
    }

    #[test]
    fn grants_the_whole_list_when_nothing_is_asked() {
        check_scope(None, Ok("orders:read orders:write"));
    }

    #[test]
    fn grants_the_part_that_is_asked() {
        check_scope(Some("orders:write"), Ok("orders:write"));
        check_scope(Some("orders:write orders:read"), Ok("orders:write orders:read"));
    }

    #[test]
    fn refuses_scopes_beyond_the_list() {
        check_scope(Some("orders:delete"), Err(ScopeError::NotGranted));
        check_scope(Some("orders:read orders:delete"), Err(ScopeError::NotGranted));
        check_scope(Some("orders"), Err(ScopeError::NotGranted));
    }

    #[test]
    fn refuses_malformed_scopes() {
        for malformed in ["orders:read  orders:write", " orders:read", "orders:read ", "a\tb", "ä"]
        {
            check_scope(Some(malformed), Err(ScopeError::Malformed));
        }
        check_scope(Some("orders:read orders:read"), Err(ScopeError::Repeated));
        check_scope(Some(&"a".repeat(10_240)), Err(ScopeError::TooLong));
    }

    const API: &str = "https://api.example";
    const OTHER: &str = "https://other.example";

    #[test]
    fn defaults_to_the_only_audience() {
        assert_eq!(audience(&[], &client(&[], &[API])), Ok(vec![API]));
        assert_eq!(audience(&[], &client(&[], &[API, OTHER])), Err(TargetError::NoDefault));
        assert_eq!(audience(&[], &client(&[], &[])), Err(TargetError::NoDefault));
    }

    #[test]
    fn grants_the_audiences_that_are_asked() {
        let both = client(&[], &[API, OTHER]);
        assert_eq!(audience(&[OTHER], &both), Ok(vec![OTHER]));
        assert_eq!(audience(&[OTHER, API], &both), Ok(vec![OTHER, API]));
    }

    #[test]
    fn refuses_audiences_beyond_the_list() {
        let one = client(&[], &[API]);
        for wrong in [OTHER, "https://api.example/", "https://API.example", "api.example", "#"] {
            assert_eq!(audience(&[wrong], &one), Err(TargetError::NotGranted), "{wrong}");
        }
        assert_eq!(audience(&[API, API], &one), Err(TargetError::Repeated));
        assert_eq!(audience(&[API; 17], &one), Err(TargetError::TooMany));
    }
}
