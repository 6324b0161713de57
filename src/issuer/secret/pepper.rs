//! The keyed hash under which secrets are stored.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;

use super::MAX_SECRET_BYTES;

/// HMAC-SHA-256 of a secret. Worthless without the pepper, which is not in the database.
pub(crate) type SecretHash = [u8; 32];

/// Stands in for the hash of a client that does not exist, so that both do the same work.
const NOBODY: SecretHash = [0; 32];

/// The key of the hash. One fast hash suffices: a secret has 256 bits, so there is nothing to
/// stretch, and a slow hash would only hand attackers a way to burn our processor.
pub(crate) struct Pepper(hmac::Key);

/// Whose secret it is. Part of the hash: a hash copied to the row of another client, by somebody
/// who can write the database, opens nothing there.
pub(crate) struct Owner<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) secret_id: &'a str,
}

impl Pepper {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The hash to store.
    pub(crate) fn hash(&self, owner: &Owner<'_>, secret: &[u8]) -> SecretHash {
        let mut context = hmac::Context::with_key(&self.0);
        for part in [owner.client_id.as_bytes(), owner.secret_id.as_bytes(), secret] {
            // Lengths first, or two ways to cut the same bytes would read the same.
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        let mut hash = NOBODY;
        for (to, from) in hash.iter_mut().zip(context.sign().as_ref()) {
            *to = *from;
        }
        hash
    }

    /// Whether a presented secret belongs to the stored hash. `None` costs the same time as a
    /// wrong secret: the answer must not tell whether a client exists.
    pub(crate) fn matches(
        &self,
        owner: &Owner<'_>,
        presented: &[u8],
        stored: Option<&SecretHash>,
    ) -> bool {
        let (capped, complete) = match presented.get(..MAX_SECRET_BYTES) {
            Some(head) => (head, presented.len() == MAX_SECRET_BYTES),
            None => (presented, true),
        };
        let computed = self.hash(owner, capped);
        let equal = verify_slices_are_equal(&computed, stored.unwrap_or(&NOBODY)).is_ok();
        equal & stored.is_some() & complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Owner<'_> = Owner { client_id: "a", secret_id: "b" };

    fn pepper() -> Pepper {
        Pepper::new(&[7; 32])
    }

    #[test]
    fn accepts_the_secret_that_was_stored() {
        let stored = pepper().hash(&OWNER, b"secret");
        assert!(pepper().matches(&OWNER, b"secret", Some(&stored)));
    }

    #[test]
    fn refuses_another_secret() {
        let stored = pepper().hash(&OWNER, b"secret");
        assert!(!pepper().matches(&OWNER, b"secrex", Some(&stored)));
        assert!(!pepper().matches(&OWNER, b"secret", None));
    }

    #[test]
    fn refuses_a_secret_stored_under_another_pepper() {
        let stored = Pepper::new(&[8; 32]).hash(&OWNER, b"secret");
        assert!(!pepper().matches(&OWNER, b"secret", Some(&stored)));
    }

    #[test]
    fn refuses_a_hash_in_the_row_of_another_client() {
        let stored = pepper().hash(&OWNER, b"secret");
        for (client_id, secret_id) in [("x", "b"), ("a", "x"), ("ab", ""), ("", "ab")] {
            let other = Owner { client_id, secret_id };
            assert!(!pepper().matches(&other, b"secret", Some(&stored)));
        }
    }

    #[test]
    fn refuses_a_long_secret_whose_head_is_right() {
        let head = [b'a'; MAX_SECRET_BYTES];
        let stored = pepper().hash(&OWNER, &head);
        assert!(pepper().matches(&OWNER, &head, Some(&stored)));
        assert!(!pepper().matches(&OWNER, &[b'a'; MAX_SECRET_BYTES + 1], Some(&stored)));
    }
}
