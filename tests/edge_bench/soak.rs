//! Ten million requests, good and bad, and what becomes of the memory.

use std::path::Path;

use edgelatch_tests::minting::{Keys, Token};
use serde_json::{Value, json};

use super::Failure;
use super::algorithm::Algorithm;
use super::fleet;
use super::load::Until;
use super::memory::megabytes;
use super::rows::{Crowd, EdgeKind};
use super::tokens::Tokens;
use super::traffic::{self, Traffic, turn};

/// The memory of the process, in units of 1,024 times 1,024 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Soak {
    /// After the first million requests, when every cache is full and everything is compiled.
    pub(crate) after_1_million: f64,
    /// After the tenth.
    pub(crate) after_10_million: f64,
}

/// Sends them.
pub(crate) fn run(
    key_set: &Value,
    keys: &Keys,
    tokens: &Tokens,
    folder: &Path,
) -> Result<Soak, Failure> {
    let edge = fleet::start(EdgeKind::Ours(Crowd::Few), key_set, folder)?;
    let mut load = edge.fast_load()?;
    let mut mixed = Mixed::new(tokens.of(Algorithm::Es256), keys)?;
    load.run(&mut mixed, Until::Requests(1_000_000))?;
    let after_1_million = megabytes(edge.resident_bytes()?);
    load.run(&mut mixed, Until::Requests(9_000_000))?;
    let after_10_million = megabytes(edge.resident_bytes()?);
    Ok(Soak { after_1_million, after_10_million })
}

/// Mostly known tokens; now and then one that is new or long forgotten, one of an unknown key, one with a wrong
/// signature, or none.
struct Mixed<'a> {
    tokens: &'a [String],
    paths: [String; 1],
    unknown_key: Vec<String>,
    wrong_signature: Vec<String>,
    position: usize,
}

impl<'a> Mixed<'a> {
    fn new(tokens: &'a [String], keys: &Keys) -> Result<Self, Failure> {
        Ok(Self {
            tokens,
            paths: ["/orders/17".to_owned()],
            unknown_key: (0..BAD)
                .map(|number| unknown_key(number, keys))
                .collect::<Result<_, _>>()?,
            wrong_signature: tokens.windows(2).take(BAD).filter_map(wrong_signature).collect(),
            position: 0,
        })
    }
}

impl Traffic for Mixed<'_> {
    fn next(&mut self, bytes: &mut Vec<u8>) -> u16 {
        self.position += 1;
        let round = self.position / 100;
        let known = self.tokens.get(..KNOWN).unwrap_or(self.tokens);
        let (token, status) = match self.position % 100 {
            0..5 => (turn(self.tokens, round * 5 + self.position % 100), 200),
            5 => (turn(&self.unknown_key, round), 401),
            6 => (turn(&self.wrong_signature, round), 401),
            7 => ("", 401),
            _ => (turn(known, self.position), 200),
        };
        traffic::write(bytes, turn(&self.paths, 0), token);
        status
    }
}

fn unknown_key(number: usize, keys: &Keys) -> Result<String, Failure> {
    let header = json!({ "kid": format!("unknown-{number}") });
    let claims = json!({ "jti": format!("unknown-{number}") });
    Ok(String::from_utf8(Token { header, claims, ..Token::default() }.mint(keys)?)?)
}

/// A token with the signature of another.
fn wrong_signature(pair: &[String]) -> Option<String> {
    let [token, other] = pair else { return None };
    let (message, _) = token.rsplit_once('.')?;
    let (_, signature) = other.rsplit_once('.')?;
    Some(format!("{message}.{signature}"))
}

/// Different bad tokens of a kind.
const BAD: usize = 1_000;
/// Tokens that come all the time.
const KNOWN: usize = 2_000;
