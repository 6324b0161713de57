//! Client secrets: 256 random bits in a form that scanners can find and typing errors cannot pass.
//!
//! ```text
//! el_live_Ab12Cd34_<43 base62: 256 bits>_<6 base62: CRC-32 of all before>
//!  |   |      |
//!  |   |      +-- public id of this secret: picks the one hash to compare
//!  |   +--------- environment, so that a staging secret is recognised in production
//!  +------------- the product: one regular expression finds every leaked secret
//! ```
//!
//! The alphabet needs no encoding in a form or in Basic credentials (RFC 6749 s2.3.1 form-encodes
//! both before base64, and many clients forget to).

mod pepper;

use core::fmt;

use zeroize::Zeroizing;

pub(crate) use self::pepper::{Owner, Pepper, SecretHash};
use crate::random::{self, RandomError};

/// Longest secret that is looked at; longer ones are refused before any hash (RFC 6749 s2.3.1).
pub(crate) const MAX_SECRET_BYTES: usize = 256;

const PRODUCT: &str = "el";
const SECRET_ID_LENGTH: usize = 8;
const RANDOM_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;

/// A secret in clear, which exists only between its making and its one showing.
pub struct ClientSecret {
    id: String,
    text: Zeroizing<String>,
}

impl ClientSecret {
    /// A new secret of 256 bits for the environment, such as `live`.
    pub(crate) fn generate(environment: &str) -> Result<Self, RandomError> {
        let id = random::short_name(SECRET_ID_LENGTH)?;
        let random = random::base62(random::bytes::<32>()?.as_slice(), RANDOM_LENGTH);
        let body = Zeroizing::new(format!("{PRODUCT}_{environment}_{id}_{}", random.as_str()));
        let text = Zeroizing::new(format!("{}_{}", body.as_str(), checksum(&body).as_str()));
        Ok(Self { id, text })
    }

    /// The public name of this secret, which may be logged.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The secret itself. Show it once; never log it.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ClientSecret").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The public id inside a presented secret; `None` when its form or its checksum is wrong.
pub(crate) fn parse_secret_id(presented: &[u8]) -> Option<&str> {
    // Before the checksum: a long text must not cost more than a short one.
    let short = presented.get(..MAX_SECRET_BYTES).is_none_or(|head| head.len() == presented.len());
    let text = core::str::from_utf8(presented).ok().filter(|_| short)?;
    let (body, sum) = text.rsplit_once('_')?;
    let mut parts = body.split('_');
    let (product, _environment) = (parts.next()?, parts.next()?);
    let (id, random) = (parts.next()?, parts.next()?);
    let well_formed = parts.next().is_none()
        && product == PRODUCT
        && id.len() == SECRET_ID_LENGTH
        && random.len() == RANDOM_LENGTH
        && sum == checksum(body).as_str();
    well_formed.then_some(id)
}

/// Whether text could be one of our secrets, so that it never reaches a log by mistake.
pub(crate) fn resembles_secret(text: &str) -> bool {
    text.starts_with("el_")
}

fn checksum(body: &str) -> Zeroizing<String> {
    random::base62(&crc32(body.as_bytes()).to_be_bytes(), CHECKSUM_LENGTH)
}

/// CRC-32 as in ISO 3309 and zip; bit by bit, since a secret has 60 bytes.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_the_crc_of_the_standard_check_string() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn makes_secrets_whose_id_can_be_read_back() {
        let secret = ClientSecret::generate("live").unwrap();
        assert!(secret.reveal().starts_with("el_live_"));
        assert_eq!(parse_secret_id(secret.reveal().as_bytes()), Some(secret.id()));
    }

    #[test]
    fn needs_no_encoding_in_a_form() {
        let secret = ClientSecret::generate("live").unwrap();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        assert!(secret.reveal().bytes().all(plain));
    }

    #[test]
    fn refuses_a_secret_with_one_wrong_letter() {
        let secret = ClientSecret::generate("live").unwrap();
        for position in 0..secret.reveal().len() {
            let mut typo = secret.reveal().as_bytes().to_vec();
            typo[position] = if typo[position] == b'x' { b'y' } else { b'x' };
            assert_eq!(parse_secret_id(&typo), None, "position {position}");
        }
    }

    #[test]
    fn hides_the_secret_from_debug_output() {
        let secret = ClientSecret::generate("live").unwrap();
        assert!(!format!("{secret:?}").contains(secret.reveal()));
    }
}
