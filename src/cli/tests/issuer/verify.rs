//! Checks tokens with keys of the published set, as any validator would.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;

pub(super) fn header(token: &str) -> Value {
    part(token, 0)
}

pub(super) fn payload(token: &str) -> Value {
    part(token, 1)
}

fn part(token: &str, position: usize) -> Value {
    serde_json::from_slice(&decode(token.split('.').nth(position).unwrap())).unwrap()
}

fn decode(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

/// Whether the token was signed by the key of the set that it names.
pub(super) fn is_signed(token: &str, key_set: &Value) -> bool {
    let header = header(token);
    let keys = key_set["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["kid"] == header["kid"] && key["alg"] == header["alg"]);
    let key = key.expect("a key of this id and algorithm");
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (message, signature) = (message.as_bytes(), decode(signature));
    let member = |name: &str| decode(key[name].as_str().unwrap());
    match header["alg"].as_str().unwrap() {
        "ES256" => {
            let point = [vec![4], member("x"), member("y")].concat();
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
            key.verify(message, &signature).is_ok()
        }
        "Ed25519" => {
            UnparsedPublicKey::new(&ED25519, member("x")).verify(message, &signature).is_ok()
        }
        "RS256" => {
            let key = RsaPublicKeyComponents { n: member("n"), e: member("e") };
            key.verify(&RSA_PKCS1_2048_8192_SHA256, message, &signature).is_ok()
        }
        other => panic!("unknown algorithm {other}"),
    }
}
