//! Our side of the benchmark.

use edgelatch_core::{
    Decision, Engine, Pending, Policy, Request, SignatureOutcome, Step, Timestamp, software,
};
use edgelatch_tests::minting::{Keys, Token};
use serde_json::json;

use super::Failure;

/// An engine and a token that it admits.
pub(crate) struct Ours {
    engine: Engine,
    authorization: String,
    pending: Pending,
}

impl Ours {
    pub(crate) fn new(key: &str) -> Result<Self, Failure> {
        let keys = Keys::load()?;
        let token = Token { key: Some(key.into()), ..Token::default() }.mint(&keys)?;
        let authorization = format!("Bearer {}", core::str::from_utf8(&token)?);
        let policy = json!({
            "issuers": [{
                "issuer": "https://issuer.example.com",
                "audiences": ["https://api.example.com"],
                "jwks": { "keys": [keys.public(key)?] },
            }],
            "routes": [{
                "name": "read-order", "methods": ["GET"], "path": "/orders/{id}",
                "scopes": { "all": ["orders:read"] },
            }],
        });
        let mut engine = Engine::new(Policy::from_json(policy.to_string().as_bytes())?);
        let pending = begin(&mut engine, &authorization).ok_or("the token is not admitted")?;
        Ok(Self { engine, authorization, pending })
    }

    /// Everything before the signature: route, header lines, form of the token, choice of the key.
    pub(crate) fn parse(&mut self) -> bool {
        begin(&mut self.engine, &self.authorization).is_some()
    }

    /// The signature alone.
    pub(crate) fn verify(&self) -> bool {
        software::verify(&self.pending.check()) == SignatureOutcome::Valid
    }

    /// The whole decision.
    pub(crate) fn decide(&mut self) -> bool {
        let Some(pending) = begin(&mut self.engine, &self.authorization) else { return false };
        let outcome = software::verify(&pending.check());
        let step = self.engine.finish(pending, outcome, NOW);
        assert!(
            matches!(step, Step::Decided(Decision::Allow(_))),
            "a refusal would be fast and worthless"
        );
        true
    }
}

fn begin(engine: &mut Engine, authorization: &str) -> Option<Pending> {
    let request = Request {
        method: b"GET",
        authority: b"api.example.com",
        path: b"/orders/17",
        headers: &[
            (b":method", b"GET"),
            (b":path", b"/orders/17"),
            (b"user-agent", b"bench"),
            (b"accept", b"*/*"),
            (b"authorization", authorization.as_bytes()),
        ],
        ..Request::default()
    };
    match engine.begin(&request, NOW) {
        Step::Verify(pending) => Some(pending),
        Step::Decided(_) | Step::Refresh { .. } => None,
    }
}

/// A second in which the token of the factory is valid.
const NOW: Timestamp = Timestamp::from_unix_seconds(1_900_000_000);
