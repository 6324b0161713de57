//! What may be registered.

use core::fmt;

use crate::grant::{MAX_AUDIENCES, is_scope};
use crate::random;
use crate::secret::resembles_secret;
use crate::store::{Client, NewClient};

/// Longest life of a token in seconds: what was granted cannot be taken back sooner offline.
pub const MAX_TOKEN_LIFETIME: u32 = 3600;

const MAX_CLIENT_ID_BYTES: usize = 128;
const MAX_NAME_BYTES: usize = 128;

/// Edges refuse tokens of more than 8,192 bytes and of more than 16 audiences. These keep the
/// largest token that a client can ask for well below.
const MAX_SCOPE_BYTES: usize = 128;
const MAX_SCOPES_BYTES: usize = 1024;
const MAX_RESOURCE_BYTES: usize = 256;
const MAX_RESOURCES_BYTES: usize = 2048;

/// Why a client is not registered. Texts are the operator's own, escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistrationError {
    /// An id that would need encoding somewhere, or that looks like a secret.
    ClientId(String),
    /// Zero, or above the maximum.
    Lifetime(u32),
    /// Empty, too long or with control characters.
    Name,
    /// The client does not have this scope or resource.
    NotThere(String),
    /// The client would have no scope or no resource left.
    NothingLeft,
    /// No randomness for the id.
    Random,
    /// The same scope or resource twice.
    Repeated(String),
    /// Not an absolute URI without fragment.
    Resource(String),
    /// Characters that a scope may not have, too many of them, or the looks of a secret.
    Scope(String),
    /// Another secret would be one too many.
    TooManySecrets,
    /// More scopes or resources than fit into one token.
    TooMuch {
        /// `scopes` or `resources`.
        what: &'static str,
        /// How many there may be at most.
        count: usize,
        /// How long they may be together.
        bytes: usize,
    },
}

impl fmt::Display for RegistrationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClientId(id) => write!(
                formatter,
                "client id cannot be used: {}; take 1 to {MAX_CLIENT_ID_BYTES} of A-Z a-z 0-9 _ -, \
                 not beginning with el_",
                id.escape_debug()
            ),
            Self::Lifetime(seconds) => write!(
                formatter,
                "token lifetime cannot be used: {seconds}; take 1 to {MAX_TOKEN_LIFETIME} seconds"
            ),
            Self::Name => write!(
                formatter,
                "client name cannot be used: NAME; take 1 to {MAX_NAME_BYTES} printable characters"
            ),
            Self::NotThere(word) => write!(
                formatter,
                "the client does not have it: {}; 'edgelatch client show' names what it has",
                word.escape_debug()
            ),
            Self::NothingLeft => formatter.write_str(
                "a client needs one scope and one resource at least; to close the door use \
                 'edgelatch client disable'",
            ),
            Self::Random => write!(formatter, "{}", random::RandomError),
            Self::Repeated(word) => {
                write!(formatter, "given twice: {}; name it once", word.escape_debug())
            }
            Self::Resource(resource) => write!(
                formatter,
                "resource cannot be used: {}; take an absolute URI without fragment, such as \
                 https://api.example",
                resource.escape_debug()
            ),
            Self::Scope(scope) => write!(
                formatter,
                "scope cannot be used: {}; take 1 to {MAX_SCOPE_BYTES} of printable ASCII without \
                 space, quote and backslash, not beginning with el_, such as orders:read",
                scope.escape_debug()
            ),
            Self::TooManySecrets => formatter.write_str(
                "too many secrets for one client; drop one that is not used any more, see \
                 'edgelatch client secret list'",
            ),
            Self::TooMuch { what, count, bytes } => write!(
                formatter,
                "too many {what} for one client; take at most {count} and {bytes} bytes in all"
            ),
        }
    }
}

impl core::error::Error for RegistrationError {}

/// Checks a registration and completes it; the client has no secret yet.
pub(super) fn check(new: NewClient, now: u64) -> Result<Client, RegistrationError> {
    let visible = !new.name.trim().is_empty() && !new.name.chars().any(is_invisible);
    if !visible || new.name.len() > MAX_NAME_BYTES {
        return Err(RegistrationError::Name);
    }
    if !(1..=MAX_TOKEN_LIFETIME).contains(&new.token_lifetime) {
        return Err(RegistrationError::Lifetime(new.token_lifetime));
    }
    check_scopes(&new.scopes)?;
    check_resources(&new.resources)?;
    let client_id = match new.client_id {
        Some(id) if is_client_id(&id) => id,
        Some(id) => return Err(RegistrationError::ClientId(id)),
        None => made_from(&new.name)?,
    };
    Ok(Client {
        client_id,
        name: new.name,
        enabled: true,
        may_get_tokens: true,
        token_lifetime: new.token_lifetime,
        scopes: new.scopes,
        resources: new.resources,
        created_at: now,
        changed_at: now,
        secrets: Vec::new(),
    })
}

pub(super) fn check_scopes(scopes: &[String]) -> Result<(), RegistrationError> {
    check_each(scopes, may_be_granted, RegistrationError::Scope)?;
    check_size("scopes", scopes, MAX_SCOPES_BYTES / 2, MAX_SCOPES_BYTES)
}

pub(super) fn check_resources(resources: &[String]) -> Result<(), RegistrationError> {
    check_each(resources, is_resource, RegistrationError::Resource)?;
    check_size("resources", resources, MAX_AUDIENCES, MAX_RESOURCES_BYTES)
}

fn check_each(
    words: &[String],
    is_fine: fn(&str) -> bool,
    refuse: fn(String) -> RegistrationError,
) -> Result<(), RegistrationError> {
    for (position, word) in words.iter().enumerate() {
        if !is_fine(word) {
            return Err(refuse(word.clone()));
        }
        if words.iter().take(position).any(|earlier| earlier == word) {
            return Err(RegistrationError::Repeated(word.clone()));
        }
    }
    Ok(())
}

fn check_size(
    what: &'static str,
    words: &[String],
    count: usize,
    bytes: usize,
) -> Result<(), RegistrationError> {
    // One byte more each: a space or a comma stands between them.
    let joined: usize = words.iter().map(|word| word.len().saturating_add(1)).sum();
    if words.len() > count || joined > bytes {
        return Err(RegistrationError::TooMuch { what, count, bytes });
    }
    Ok(())
}

/// What begins like a secret would be missing from the audit of requests.
fn may_be_granted(scope: &str) -> bool {
    is_scope(scope) && scope.len() <= MAX_SCOPE_BYTES && !resembles_secret(scope)
}

/// Controls, and marks that hide or turn around the text beside them (Unicode TR36 s2.5).
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// RFC 8707 s2: an absolute URI without fragment. Printable ASCII, so that it can be logged.
fn is_resource(resource: &str) -> bool {
    let Some((scheme, rest)) = resource.split_once(':') else { return false };
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let in_uri = |byte: u8| byte.is_ascii_graphic() && !b"#\"<>\\^`{|}".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(in_scheme)
        && !rest.is_empty()
        && resource.len() <= MAX_RESOURCE_BYTES
        && resource.bytes().all(in_uri)
}

/// An alphabet that reads the same with and without form encoding (RFC 6749 s2.3.1).
fn is_client_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    (1..=MAX_CLIENT_ID_BYTES).contains(&id.len()) && id.bytes().all(plain) && !resembles_secret(id)
}

/// `Order service` becomes something like `order-service-7Kq2ZpAb`: readable in a log, and no two
/// clients of the same name collide.
fn made_from(name: &str) -> Result<String, RegistrationError> {
    let suffix = random::short_name(8).map_err(|_| RegistrationError::Random)?;
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let stem: String = words.join("-").chars().take(40).collect();
    let stem = if stem.is_empty() { "client" } else { stem.trim_end_matches('-') };
    Ok(format!("{stem}-{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> NewClient {
        NewClient {
            client_id: None,
            name: "Order service!".to_owned(),
            token_lifetime: 300,
            scopes: vec!["orders:read".to_owned()],
            resources: vec!["https://api.example".to_owned()],
        }
    }

    #[test]
    fn makes_a_readable_id_from_the_name() {
        let client = check(new(), 7).unwrap();
        assert!(client.client_id.starts_with("order-service-"), "{}", client.client_id);
        assert!(is_client_id(&client.client_id));
        assert_eq!(client.created_at, 7);
        let nameless = check(NewClient { name: "日本".to_owned(), ..new() }, 7).unwrap();
        assert!(nameless.client_id.starts_with("client-"));
    }

    #[test]
    fn refuses_ids_that_need_encoding_or_look_like_secrets() {
        for id in ["", "a b", "a:b", "a%b", "ä", "el_live", &"a".repeat(129)] {
            let outcome = check(NewClient { client_id: Some(id.to_owned()), ..new() }, 0);
            assert_eq!(outcome.unwrap_err(), RegistrationError::ClientId(id.to_owned()));
        }
    }

    #[test]
    fn refuses_scopes_and_resources_that_could_never_be_asked_for() {
        for scope in ["", "a b", "a\"b", "ä", "el_live", &"a".repeat(129)] {
            assert!(check(NewClient { scopes: vec![scope.to_owned()], ..new() }, 0).is_err());
        }
        for resource in ["", "api.example", "https:", "https://a#b", "https://ä", "1:x"] {
            let outcome = check(NewClient { resources: vec![resource.to_owned()], ..new() }, 0);
            assert!(outcome.is_err(), "{resource}");
        }
        let twice = vec!["a".to_owned(), "a".to_owned()];
        assert!(check(NewClient { scopes: twice, ..new() }, 0).is_err());
    }

    #[test]
    fn refuses_more_than_fits_into_a_token() {
        let words = |count: usize, length: usize| {
            (0..count).map(|number| format!("x:{number:0length$}", length = length - 2)).collect()
        };
        let scopes = |scopes| check(NewClient { scopes, ..new() }, 0).is_ok();
        assert!(scopes(words(8, 127)) && !scopes(words(9, 127)));
        let resources = |resources| check(NewClient { resources, ..new() }, 0).is_ok();
        assert!(resources(words(16, 100)) && !resources(words(17, 100)));
        assert!(!resources(words(16, 200)));
    }

    #[test]
    fn refuses_names_that_show_as_another() {
        for name in ["", " ", "a\u{202E}b", "a\u{200B}b", "a\u{1b}b"] {
            assert!(check(NewClient { name: name.to_owned(), ..new() }, 0).is_err(), "{name:?}");
        }
    }

    #[test]
    fn refuses_lifetimes_beyond_an_hour() {
        for seconds in [0, 3601] {
            assert!(check(NewClient { token_lifetime: seconds, ..new() }, 0).is_err());
        }
        assert!(check(NewClient { token_lifetime: 3600, ..new() }, 0).is_ok());
    }
}
