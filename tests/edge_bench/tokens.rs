//! Tens of thousands of sound tokens, no two alike.

use std::time::{SystemTime, UNIX_EPOCH};
use std::{mem, thread};

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_tests::minting::Keys;
use serde_json::json;

use super::Failure;
use super::algorithm::Algorithm;
use super::signer::Signer;

/// The issuer and audience of all tokens, as the policies name them.
pub(crate) const ISSUER: &str = "https://issuer.example.com";
pub(crate) const AUDIENCE: &str = "https://api.example.com";

/// All tokens of the run.
pub(crate) struct Tokens {
    es256: Vec<String>,
    rs256: Vec<String>,
    ed25519: Vec<String>,
}

impl Tokens {
    /// Mints so many of each algorithm.
    pub(crate) fn mint(each: usize, keys: &Keys) -> Result<Self, Failure> {
        Ok(Self {
            es256: mint(Algorithm::Es256, each, keys)?,
            rs256: mint(Algorithm::Rs256, each, keys)?,
            ed25519: mint(Algorithm::Ed25519, each, keys)?,
        })
    }

    /// The tokens of one algorithm.
    pub(crate) fn of(&self, algorithm: Algorithm) -> &[String] {
        match algorithm {
            Algorithm::Es256 => &self.es256,
            Algorithm::Rs256 => &self.rs256,
            Algorithm::Ed25519 => &self.ed25519,
        }
    }
}

/// The public keys of all algorithms as one key set.
pub(crate) fn key_set(keys: &Keys) -> Result<serde_json::Value, Failure> {
    let keys: Result<Vec<_>, _> =
        Algorithm::ALL.iter().map(|algorithm| keys.public(algorithm.key_id())).collect();
    Ok(json!({ "keys": keys? }))
}

fn mint(algorithm: Algorithm, count: usize, keys: &Keys) -> Result<Vec<String>, Failure> {
    let signer = Signer::new(algorithm, keys)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut tokens = vec![String::new(); count];
    let share = count.div_ceil(THREADS).max(1);
    thread::scope(|scope| {
        let workers: Vec<_> = tokens
            .chunks_mut(share)
            .enumerate()
            .map(|(worker, places)| {
                let signer = &signer;
                scope.spawn(move || fill(places, worker * share, algorithm, signer, now))
            })
            .collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(outcome) => outcome,
            Err(_) => Err("a thread that mints tokens broke".into()),
        })
    })?;
    Ok(mem::take(&mut tokens))
}

fn fill(
    places: &mut [String],
    first: usize,
    algorithm: Algorithm,
    signer: &Signer,
    now: u64,
) -> Result<(), Failure> {
    let header =
        json!({ "alg": algorithm.wire_name(), "typ": "at+jwt", "kid": algorithm.key_id() });
    let header = Base64UrlUnpadded::encode_string(header.to_string().as_bytes());
    for (offset, place) in places.iter_mut().enumerate() {
        let claims = json!({
            "iss": ISSUER,
            "sub": "billing",
            "client_id": "billing",
            "aud": AUDIENCE,
            "scope": "orders:read",
            // As long as the 128 random bits of a real one.
            "jti": format!("{}-{:016}", algorithm.wire_name(), first + offset),
            "iat": now.saturating_sub(5),
            "exp": now.saturating_add(LIFETIME),
        });
        let claims = Base64UrlUnpadded::encode_string(claims.to_string().as_bytes());
        let message = format!("{header}.{claims}");
        let signature = signer.sign(message.as_bytes())?;
        *place = format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature));
    }
    Ok(())
}

const THREADS: usize = 2;
/// Longer than the longest run.
const LIFETIME: u64 = 2 * 3600;
