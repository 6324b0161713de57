//! The JOSE files: keys and what was made with them.

use serde::Deserialize;
use serde_json::Value;
use wycheproof_ng_kdf_jose::json_web::TestName;

use super::vectors::Label;

/// One file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum File {
    /// Signed tokens (JWS).
    Signature,
    /// Key sets, most of them bad.
    Key,
    /// A bit of everything.
    Crypto,
    /// Encrypted tokens (JWE).
    Encryption,
}

/// Tests of one key or key set.
#[derive(Deserialize)]
pub(crate) struct Group {
    public: Option<Value>,
    private: Option<Value>,
    #[serde(rename = "tests")]
    pub(crate) tokens: Vec<Token>,
}

#[derive(Deserialize)]
pub(crate) struct Token {
    #[serde(rename = "tcId")]
    pub(crate) id: usize,
    jws: Option<Value>,
    jwe: Option<Value>,
    #[serde(rename = "result")]
    pub(crate) label: Label,
}

impl File {
    pub(crate) const ALL: [Self; 4] = [Self::Signature, Self::Key, Self::Crypto, Self::Encryption];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Key => "key",
            Self::Crypto => "crypto",
            Self::Encryption => "encryption",
        }
    }

    pub(crate) fn load(self) -> Vec<Group> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Content {
            number_of_tests: usize,
            test_groups: Vec<Group>,
        }
        let test = match self {
            Self::Signature => TestName::JsonWebSignature,
            Self::Key => TestName::JsonWebKey,
            Self::Crypto => TestName::JsonWebCrypto,
            Self::Encryption => TestName::JsonWebEncryption,
        };
        let content: Content = serde_json::from_str(test.json_data()).unwrap();
        let tests: usize = content.test_groups.iter().map(|group| group.tokens.len()).sum();
        assert_eq!(tests, content.number_of_tests);
        content.test_groups
    }
}

impl Group {
    /// The keys as they would be published; of shared secrets there is nothing but the secret.
    pub(crate) fn keys(&self) -> Vec<Value> {
        let published = self.public.as_ref().or(self.private.as_ref()).unwrap();
        match published.get("keys") {
            Some(keys) => keys.as_array().unwrap().clone(),
            None => vec![published.clone()],
        }
    }
}

impl Token {
    /// As it would be sent: the compact form, or JSON where the test is about JSON.
    pub(crate) fn text(&self) -> String {
        match self.jws.as_ref().or(self.jwe.as_ref()).unwrap() {
            Value::String(text) => text.clone(),
            json => json.to_string(),
        }
    }

    /// Whether it was made with encryption.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.jwe.is_some()
    }
}
