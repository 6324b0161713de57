//! The name of a key: the SHA-256 of its JWK with the required members only (RFC 7638 s3).

use alloc::format;

use sha2::{Digest as _, Sha256};

use super::Digest;
use crate::base64;
use crate::key::KeyMaterial;

/// The thumbprint, from the numbers and not from the text: members that mean nothing do not change it.
pub(super) fn of(material: &KeyMaterial) -> Digest {
    let json = match material {
        KeyMaterial::P256 { x, y } => {
            let (x, y) = (base64::encode(x), base64::encode(y));
            format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
        }
        // RFC 8037 s2.
        KeyMaterial::Ed25519 { x } => {
            let x = base64::encode(x);
            format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)
        }
        KeyMaterial::Rsa { modulus, exponent } => {
            let (e, n) = (base64::encode(exponent), base64::encode(modulus));
            format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)
        }
    };
    Sha256::digest(json).into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::algorithm::Algorithm;
    use crate::key::tests::load_for;

    fn check(jwk: &Value, expected: &str) {
        let key = load_for(jwk, &Algorithm::ALL).unwrap();
        assert_eq!(base64::encode(&of(key.material())), expected);
    }

    #[test]
    fn names_the_keys_of_the_rfcs_as_they_do() {
        // RFC 7638 s3.1.
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let rsa = json!({ "kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29" });
        check(&rsa, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        // RFC 8037 A.3.
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let ed25519 = json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
        check(&ed25519, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        // RFC 9449 s4.1 and s6.1.
        let p256 = json!({
            "kty": "EC", "crv": "P-256",
            "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        });
        check(&p256, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }
}
