//! Ten million requests, good and bad, and what becomes of the memory.

use edgelatch_tests::minting::{Keys, Token};
use serde_json::json;

use super::Failure;
use super::algorithm::Algorithm;
use super::edge::Edge;
use super::fleet;
use super::ground::Ground;
use super::load::Until;
use super::memory::megabytes;
use super::rows::{Crowd, EdgeKind};
use super::traffic::{self, Traffic, turn};

/// The memory after the first million requests, when every cache is full and everything is compiled, and after the
/// tenth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Soak {
    pub(crate) after_1_million: Size,
    pub(crate) after_10_million: Size,
}

/// In units of 1,024 times 1,024 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// The whole process.
    pub(crate) process: f64,
    /// The linear memory of the filter in the worker.
    pub(crate) machine: f64,
}

/// Sends them.
pub(crate) fn run(ground: &Ground) -> Result<Soak, Failure> {
    let mut edge = fleet::start(EdgeKind::Ours(Crowd::Few), ground)?;
    let mut mixed = Mixed::new(ground.tokens.of(Algorithm::Es256), &ground.keys)?;
    edge.send(&mut mixed, Until::Requests(1_000_000))?;
    let after_1_million = size(&edge)?;
    edge.send(&mut mixed, Until::Requests(9_000_000))?;
    Ok(Soak { after_1_million, after_10_million: size(&edge)? })
}

fn size(edge: &Edge) -> Result<Size, Failure> {
    Ok(Size {
        process: megabytes(edge.resident_bytes()?),
        machine: megabytes(edge.machine_bytes()?),
    })
}

/// Mostly known tokens; now and then one that is new or long forgotten, and comes twice or once, one of an unknown key, one
/// with a wrong signature, or none. A token is kept when it comes for the second time, and of those that do there are
/// enough in the first million requests for the cache to be full: what it takes until then is no leak.
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
            place @ 0..6 => (turn(self.tokens, round * 3 + place / 2), 200),
            6 => (turn(self.tokens, round + self.tokens.len() / 2), 200),
            7 => (turn(&self.unknown_key, round), 401),
            8 => (turn(&self.wrong_signature, round), 401),
            9 => ("", 401),
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
