//! Recognising a token that this issuer has signed, when its client brings it back.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;

use crate::config::IssuerUrl;
use crate::signing::SigningAlgorithm;
use crate::snapshot::Snapshot;

/// Longest token that is looked at; edges take no longer one either.
const MAX_BYTES: usize = 8192;

/// A token of ours that is still good, as far as signature and dates go.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct OwnToken {
    pub(crate) iss: String,
    pub(crate) client_id: String,
    pub(crate) jti: String,
    pub(crate) exp: u64,
}

/// Why there is nothing to revoke. For the audit: the caller hears the same for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotOurs {
    Expired,
    /// Not a token, or not one that a published key of ours has signed.
    Unknown,
}

#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
    kid: String,
}

/// Checks the signature first, and reads the claims only then.
pub(crate) fn recognise(
    text: &str,
    snapshot: &Snapshot,
    issuer: &IssuerUrl,
    now: u64,
) -> Result<OwnToken, NotOurs> {
    let token = authentic(text, snapshot).ok_or(NotOurs::Unknown)?;
    if token.iss != issuer.as_str() {
        return Err(NotOurs::Unknown);
    }
    if token.exp <= now { Err(NotOurs::Expired) } else { Ok(token) }
}

fn authentic(text: &str, snapshot: &Snapshot) -> Option<OwnToken> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let (message, signature) = text.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
    let key = snapshot.published_key(&header.kid)?;
    // One key, one algorithm; and a status list of ours is no token.
    let fits = SigningAlgorithm::parse(&header.alg) == Some(key.algorithm());
    if !fits || header.typ != "at+jwt" {
        return None;
    }
    if !key.verifies(message.as_bytes(), &decode(signature)?) {
        return None;
    }
    serde_json::from_slice(&decode(claims)?).ok()
}

fn decode(part: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(part).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::{Sealer, SigningAlgorithm};
    use crate::snapshot::generate_key;
    use crate::status::StatusList;
    use crate::store::{Contents, KeyState, StatusRecord};
    use crate::token::{Grant, issue};

    fn issuer() -> IssuerUrl {
        IssuerUrl::parse("https://issuer.example").unwrap()
    }

    fn snapshot(algorithm: SigningAlgorithm) -> (Snapshot, Contents) {
        let sealer = Sealer::new(&[5; 32]);
        let key = generate_key(algorithm, &sealer, 1).unwrap();
        let status = StatusRecord::default();
        let contents = Contents { clients: Vec::new(), keys: vec![key], status };
        (Snapshot::build(contents.clone(), &sealer, None).0, contents)
    }

    fn token(snapshot: &Snapshot) -> String {
        let grant = Grant {
            client_id: "orders",
            audience: vec!["https://api.example"],
            scope: "a".to_owned(),
            lifetime: 300,
            status_index: 1,
        };
        issue(&grant, &issuer(), snapshot.signer().unwrap(), 1000).unwrap().text
    }

    #[test]
    fn recognises_its_tokens_until_they_expire() {
        for algorithm in SigningAlgorithm::ALL {
            let (snapshot, _) = snapshot(algorithm);
            let text = token(&snapshot);
            let found = recognise(&text, &snapshot, &issuer(), 1299).unwrap();
            assert_eq!((found.client_id.as_str(), found.exp), ("orders", 1300));
            assert_eq!(recognise(&text, &snapshot, &issuer(), 1300), Err(NotOurs::Expired));
        }
    }

    #[test]
    fn recognises_tokens_of_a_retired_key_but_not_of_a_withdrawn_one() {
        let (fresh, mut contents) = snapshot(SigningAlgorithm::Es256);
        let text = token(&fresh);
        let mut look = |state| {
            contents.keys[0].state = state;
            let (later, _) = Snapshot::build(contents.clone(), &Sealer::new(&[5; 32]), None);
            recognise(&text, &later, &issuer(), 1000).map(drop)
        };
        assert_eq!(look(KeyState::Retired), Ok(()));
        assert_eq!(look(KeyState::Tainted), Err(NotOurs::Unknown));
    }

    #[test]
    fn refuses_what_it_has_not_signed_as_a_token() {
        let (own, _) = snapshot(SigningAlgorithm::Ed25519);
        let (other, _) = snapshot(SigningAlgorithm::Ed25519);
        let text = token(&own);
        let feed = crate::status::StatusFeed::new();
        let list = StatusList::build(StatusRecord::default(), None);
        feed.publish(&list, &issuer(), own.signer(), 1000).unwrap();
        let list = feed.current().unwrap();
        let list = core::str::from_utf8(&list.body).unwrap();
        let cut = text.get(..text.len() - 2).unwrap();
        for wrong in ["", ".", "..", "a.b.c", list, cut, &token(&other), &"a".repeat(9000)] {
            assert_eq!(recognise(wrong, &own, &issuer(), 1000), Err(NotOurs::Unknown), "{wrong}");
        }
        let elsewhere = IssuerUrl::parse("https://other.example").unwrap();
        assert_eq!(recognise(&text, &own, &elsewhere, 1000), Err(NotOurs::Unknown));
    }
}
