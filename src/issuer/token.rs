//! Access tokens (RFC 9068).

use jwt_compact::{Claims, Header};
use serde::Serialize;

use crate::config::IssuerUrl;
use crate::random;
use crate::signing::SigningError;
use crate::snapshot::Signer;
use crate::status::STATUS_LIST_PATH;

/// What a token is to say, all of it decided already.
pub(crate) struct Grant<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) audience: Vec<&'a str>,
    pub(crate) scope: String,
    pub(crate) lifetime: u32,
    /// Where the status list speaks of this token and all others of the same secret.
    pub(crate) status_index: u64,
}

/// A signed token and its name in the audit.
pub(crate) struct AccessToken {
    pub(crate) text: String,
    pub(crate) jti: String,
}

/// RFC 9068 s2.2. Our own fields rather than those of jwt-compact, which are typed by a calendar.
#[derive(Serialize)]
struct AccessClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    client_id: &'a str,
    aud: Audience<'a>,
    iat: u64,
    exp: u64,
    jti: &'a str,
    scope: &'a str,
    status: Status<'a>,
}

/// draft-ietf-oauth-status-list s6.2.
#[derive(Serialize)]
struct Status<'a> {
    status_list: StatusReference<'a>,
}

#[derive(Serialize)]
struct StatusReference<'a> {
    idx: u64,
    uri: &'a str,
}

/// RFC 7519 s4.1.3: a string if there is one, else an array.
#[derive(Serialize)]
#[serde(untagged)]
enum Audience<'a> {
    One(&'a str),
    Several(&'a [&'a str]),
}

/// Signs the token of a grant.
pub(crate) fn issue(
    grant: &Grant<'_>,
    issuer: &IssuerUrl,
    signer: &Signer,
    now: u64,
) -> Result<AccessToken, SigningError> {
    let jti = random::identifier().map_err(|_| SigningError)?;
    let uri = issuer.below(STATUS_LIST_PATH);
    let claims = AccessClaims {
        iss: issuer.as_str(),
        sub: grant.client_id,
        client_id: grant.client_id,
        aud: match grant.audience.as_slice() {
            [one] => Audience::One(one),
            several => Audience::Several(several),
        },
        iat: now,
        exp: now.saturating_add(u64::from(grant.lifetime)),
        jti: &jti,
        scope: &grant.scope,
        status: Status { status_list: StatusReference { idx: grant.status_index, uri: &uri } },
    };
    // RFC 9068 s2.1: `typ` keeps an access token from being taken for an ID token.
    let header = Header::empty().with_token_type("at+jwt").with_key_id(signer.key_id.as_str());
    let text = signer.key.sign(&header, &Claims::new(claims))?;
    Ok(AccessToken { text, jti })
}
