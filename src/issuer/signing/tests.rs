use jwt_compact::UntrustedToken;
use serde_json::{Value, json};

use super::*;

fn check_signs(algorithm: SigningAlgorithm, signature_length: usize) {
    let (key, pkcs8) = SigningKey::generate(algorithm).unwrap();
    let again = SigningKey::parse(algorithm, &pkcs8).unwrap();
    assert_eq!(again.public_key().unwrap(), key.public_key().unwrap());

    let header = Header::empty().with_key_id("kid").with_token_type("at+jwt");
    let token = key.sign(&header, &Claims::new(json!({ "sub": "a" }))).unwrap();
    let untrusted = UntrustedToken::new(token.as_str()).unwrap();
    assert_eq!(untrusted.algorithm(), algorithm.name());
    assert_eq!(untrusted.signature_bytes().len(), signature_length);
    assert!(verifies(&key, &untrusted));

    let forged = token.replace('.', ".eyJzdWIiOiJiIn0.").replacen(".eyJzdWIiOiJhIn0.", "", 1);
    if let Ok(untrusted) = UntrustedToken::new(forged.as_str()) {
        assert!(!verifies(&key, &untrusted));
    }
}

fn verifies(key: &SigningKey, token: &UntrustedToken<'_>) -> bool {
    use aws_lc_rs::signature::KeyPair as _;
    match key {
        SigningKey::Ed25519(key) => {
            let key = key.public_key().as_ref().to_vec();
            Ed25519.validator::<Value>(&key).validate(token).is_ok()
        }
        SigningKey::Es256(key) => {
            let key = key.public_key().as_ref().to_vec();
            Es256.validator::<Value>(&key).validate(token).is_ok()
        }
        SigningKey::Rs256(key) => {
            let key = key.public_key().as_ref().to_vec();
            Rs256.validator::<Value>(&key).validate(token).is_ok()
        }
    }
}

#[test]
fn signs_with_es256() {
    check_signs(SigningAlgorithm::Es256, 64);
}

#[test]
fn signs_with_ed25519() {
    check_signs(SigningAlgorithm::Ed25519, 64);
}

#[test]
fn signs_with_rs256() {
    check_signs(SigningAlgorithm::Rs256, 256);
}

#[test]
fn refuses_the_key_of_another_algorithm() {
    let (_, pkcs8) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    assert!(SigningKey::parse(SigningAlgorithm::Ed25519, &pkcs8).is_err());
    assert!(SigningKey::parse(SigningAlgorithm::Rs256, &pkcs8).is_err());
}

#[test]
fn names_a_key_as_the_example_of_rfc_7638() {
    let key: JsonWebKey<'_> = serde_json::from_value(json!({
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_\
              BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_\
              FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4\
              vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB"
    }))
    .unwrap();
    assert_eq!(key_id(&key), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}
