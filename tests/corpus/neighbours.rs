//! The neighbours of a valid token: every flipped bit, every missing and every additional byte (P20).

use super::{CorpusError, Exchange, Expanded, ExpandedCase, HeaderValue, Host, Trial};

/// The cases that accept a token of each algorithm: their tokens have the neighbours.
const ORIGINALS: &str = "accepts a token of a known key";

/// The corpus without all cases but those whose tokens have neighbours here.
pub fn originals(mut corpus: Expanded) -> Expanded {
    corpus.cases.retain(|case| case.name.starts_with(ORIGINALS));
    corpus
}

/// Sends each original, which must pass, and every `step`th of its neighbours, which must be refused
/// as the caller's fault. How many were.
pub fn refuse_neighbours(
    originals: &Expanded,
    host: &mut impl Host,
    step: usize,
) -> Result<usize, CorpusError> {
    let mut refused = 0;
    for case in &originals.cases {
        let policy = originals.policies.get(&case.policy).map_or("", String::as_str);
        host.begin(case, policy)?;
        let (exchange, token) = original(case)?;
        expect(host, exchange, &token, &[200]).map_err(|error| error.at(&case.name))?;
        for neighbour in neighbours(&token).iter().step_by(step) {
            expect(host, exchange, neighbour, &[400, 401]).map_err(|error| error.at(&case.name))?;
            refused += 1;
        }
        expect(host, exchange, &token, &[200]).map_err(|error| error.at(&case.name))?;
    }
    Ok(refused)
}

fn neighbours(token: &[u8]) -> Vec<Vec<u8>> {
    let flipped = (0..token.len() * 8)
        .map(|bit| changed(token, bit / 8, |byte| vec![byte ^ (1 << (bit % 8))]));
    let shortened = (0..token.len()).map(|length| token.iter().take(length).copied().collect());
    let less_one = (0..token.len()).map(|at| changed(token, at, |_| Vec::new()));
    let doubled = (0..token.len()).map(|at| changed(token, at, |byte| vec![byte, byte]));
    let extended = (b'!'..=b'~').map(|byte| [token, &[byte]].concat());
    flipped.chain(shortened).chain(less_one).chain(doubled).chain(extended).collect()
}

/// The token with other bytes in the place of one.
fn changed(token: &[u8], at: usize, change: impl Fn(u8) -> Vec<u8>) -> Vec<u8> {
    let bytes = token.iter().enumerate();
    bytes.flat_map(|(index, byte)| if index == at { change(*byte) } else { vec![*byte] }).collect()
}

fn original(case: &ExpandedCase) -> Result<(&Exchange, Vec<u8>), CorpusError> {
    let Trial::Requests(exchanges) = &case.trial else {
        return Err(CorpusError::new("no request to take a token from"));
    };
    let exchange = exchanges.first();
    let value = exchange.and_then(|exchange| exchange.headers.first()).map(|(_, value)| value);
    let token = value.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let both = exchange.zip(token.map(<[u8]>::to_vec));
    both.ok_or_else(|| CorpusError::new("no token in the request"))
}

fn expect(
    host: &mut impl Host,
    exchange: &Exchange,
    token: &[u8],
    statuses: &[u16],
) -> Result<(), CorpusError> {
    let value = HeaderValue([b"Bearer ", token].concat());
    let headers = vec![("authorization".to_owned(), value.clone())];
    let status = host.answer(&Exchange { headers, ..exchange.clone() })?.status;
    if statuses.contains(&status) {
        return Ok(());
    }
    Err(CorpusError::new(format!("expected one of {statuses:?}, got {status} for {value:?}")))
}
