//! Where a signature is checked: natively, or as WebAssembly. Both load keys and ask as a host would.

use edgelatch_core::{Algorithm, KeySet, SignatureCheck, SignatureOutcome, VerifyingKey, software};
use serde_json::{Value, json};

use super::metered::Metered;

pub(crate) trait Verifier {
    /// Loads a key set for some algorithms; the error is the code of the refusal.
    fn load(&mut self, set: &Value, allowed: &[Algorithm]) -> Result<(), String>;

    /// Whether the loaded key signed the message.
    fn verify(&mut self, message: &[u8], signature: &[u8]) -> bool;

    /// Makes all that lets the loaded key check faster, if there is such a thing.
    fn prepare(&mut self) -> bool;

    fn load_key(&mut self, key: &Value, algorithm: Algorithm) -> Result<(), String> {
        self.load(&json!({ "keys": [key] }), &[algorithm])
    }
}

#[derive(Default)]
pub(crate) struct Native(Option<VerifyingKey>);

impl Native {
    /// The loaded key.
    pub(crate) fn key(&self) -> &VerifyingKey {
        self.0.as_ref().unwrap()
    }
}

impl Verifier for Native {
    fn load(&mut self, set: &Value, allowed: &[Algorithm]) -> Result<(), String> {
        self.0 = None;
        let loaded = KeySet::load(set.to_string().as_bytes(), allowed);
        let loaded = loaded.map_err(|error| error.code().to_owned())?;
        self.0 = loaded.keys.iter().next().cloned();
        Ok(())
    }

    fn verify(&mut self, message: &[u8], signature: &[u8]) -> bool {
        let key = self.key();
        let check = SignatureCheck { algorithm: key.algorithm(), key, message, signature };
        software::verify(&check) == SignatureOutcome::Valid
    }

    fn prepare(&mut self) -> bool {
        while !software::is_prepared(self.key()) {
            software::prepare(self.key());
        }
        true
    }
}

pub(crate) struct InWasm(Metered);

impl InWasm {
    pub(crate) fn start() -> Self {
        Self(Metered::start())
    }

    pub(crate) fn steps(&self) -> u64 {
        self.0.steps()
    }
}

impl Verifier for InWasm {
    fn load(&mut self, set: &Value, allowed: &[Algorithm]) -> Result<(), String> {
        self.0.put(&[set.to_string().as_bytes()]);
        let places = (0..).zip(Algorithm::ALL).filter(|(_, algorithm)| allowed.contains(algorithm));
        match self.0.call("load_keys", places.fold(0_u32, |bits, (place, _)| bits | 1 << place)) {
            1 => Ok(()),
            _ => Err(self.0.answer()),
        }
    }

    fn verify(&mut self, message: &[u8], signature: &[u8]) -> bool {
        self.0.put(&[message, signature]);
        self.0.call("verify", u32::try_from(message.len()).unwrap()) == 1
    }

    fn prepare(&mut self) -> bool {
        while self.0.call("prepare", 0) == 0 {}
        true
    }
}
