//! Who is asking? Three wrong answers look and cost the same: unknown, wrong secret, disabled.

use zeroize::Zeroizing;

use crate::secret::{Owner, Pepper, SecretHash, parse_secret_id};
use crate::snapshot::Snapshot;
use crate::store::{Client, StoredSecret};

/// What a caller presents, not yet checked.
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) secret: Zeroizing<Vec<u8>>,
}

/// A client whose secret was checked, and which of its secrets it was.
pub(crate) struct Authenticated<'a> {
    pub(crate) client: &'a Client,
    pub(crate) secret: &'a StoredSecret,
}

/// Why credentials were refused. For the audit only; the caller is never told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthenticationError {
    Disabled,
    ExpiredSecret,
    /// Not in the form of our secrets, or its checksum is wrong: a typing error.
    MalformedSecret,
    UnknownClient,
    /// The form is right, but this client has no secret of this id.
    UnknownSecret,
    WrongSecret,
}

impl AuthenticationError {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Disabled => "client_disabled",
            Self::ExpiredSecret => "secret_expired",
            Self::MalformedSecret => "secret_malformed",
            Self::UnknownClient => "client_unknown",
            Self::UnknownSecret => "secret_unknown",
            Self::WrongSecret => "secret_wrong",
        }
    }
}

/// Checks credentials against the clients of this moment.
pub(crate) fn authenticate<'a>(
    credentials: &Credentials,
    snapshot: &'a Snapshot,
    pepper: &Pepper,
    now: u64,
) -> Result<Authenticated<'a>, AuthenticationError> {
    let client = snapshot.client(&credentials.client_id);
    let secret_id = parse_secret_id(&credentials.secret);
    let secret = client.and_then(|client| find(client, secret_id));
    // Before any decision and on every path, so that time tells nothing.
    let owner =
        Owner { client_id: &credentials.client_id, secret_id: secret_id.unwrap_or_default() };
    let matches = pepper.matches(&owner, &credentials.secret, secret.map(stored_hash));

    let client = client.ok_or(AuthenticationError::UnknownClient)?;
    secret_id.ok_or(AuthenticationError::MalformedSecret)?;
    let secret = secret.ok_or(AuthenticationError::UnknownSecret)?;
    if !matches {
        return Err(AuthenticationError::WrongSecret);
    }
    if !client.enabled {
        return Err(AuthenticationError::Disabled);
    }
    if secret.expires_at.is_some_and(|expires| expires <= now) {
        return Err(AuthenticationError::ExpiredSecret);
    }
    Ok(Authenticated { client, secret })
}

/// The id inside a secret is public, so looking it up needs no constant time.
fn find<'a>(client: &'a Client, secret_id: Option<&str>) -> Option<&'a StoredSecret> {
    client.secrets.iter().find(|secret| Some(secret.secret_id.as_str()) == secret_id)
}

fn stored_hash(secret: &StoredSecret) -> &SecretHash {
    &secret.hash
}
