//! One token in, decision out. Either an issuer signs any header and any claims, or an attacker sends any text.
//!
//! ```text
//! 0 1900000000        which route, which second
//! {"alg":"ES256",..}  signed as it stands
//! {"iss":"..",..}
//! 17=A 40- 9+x        changes of the finished text: replace, remove, insert
//! ```
//!
//! or `raw` and the text.

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_core::{Decision, Engine, SignatureCheck, SignatureOutcome, Timestamp, software};

use crate::Verdict;
use crate::host;
use crate::issued;
use crate::oracle::{self, Circumstances, Key, Opinion};
use crate::sent::Sent;

pub(crate) fn run(input: &[u8]) -> Verdict {
    let mut lines = input.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    match (line(), line(), line(), line()) {
        (b"raw", text, ..) => send_raw(&issued::expand(text)),
        (first, header, claims, changes) => {
            let circumstances = Circumstances::parse(first);
            let signed = Signed::new(header, claims);
            let verdict = judge(&signed, header, claims, circumstances);
            let other = change(signed.text.as_bytes(), changes);
            if without_leading_spaces(&other) != signed.text.as_bytes() {
                let decision = signed.send(&mut host::fresh_engine(), &other, circumstances);
                assert!(!host::admits_client(&decision), "a second text of one token is accepted");
            }
            verdict
        }
    }
}

/// The attacker has no key: whatever is admitted was issued as it stands. This is the real arithmetic.
fn send_raw(text: &[u8]) -> Verdict {
    let mut engine = host::fresh_engine();
    let decision = Circumstances::default().sent(text).with(|request| {
        host::decide(&mut engine, request, host::NOW, |check| {
            let outcome = software::verify(check);
            assert_eq!(outcome, issued::answer(check), "{}", text.escape_ascii());
            outcome
        })
    });
    let sent = without_leading_spaces(text);
    let is_issued = issued::tokens().iter().any(|token| token.text.as_bytes() == sent);
    assert!(is_issued || !host::admits_client(&decision), "forged: {}", text.escape_ascii());
    Verdict::new(host::admits_client(&decision))
}

/// Between scheme and token may be any number of spaces (RFC 9110 s11.4), so these are not of the token.
fn without_leading_spaces(mut text: &[u8]) -> &[u8] {
    while let Some(rest) = text.strip_prefix(b" ") {
        text = rest;
    }
    text
}

/// Core and oracle must agree: nothing is admitted that the oracle refuses, and nothing refused that it admits, apart
/// from JSON that two readers could read differently.
fn judge(signed: &Signed, header: &[u8], claims: &[u8], circumstances: Circumstances) -> Verdict {
    let mut engine = host::fresh_engine();
    let text = signed.text.as_bytes();
    let decision = signed.send(&mut engine, text, circumstances);
    let opinion = oracle::judge(header, claims, circumstances);
    let is_right = match opinion {
        Opinion::Refuse => !host::admits_client(&decision),
        Opinion::Accept => host::admits_client(&decision) || text.len() > MAXIMUM_BYTES,
        Opinion::Depends => true,
    };
    assert!(is_right, "the oracle says {opinion:?}: {decision:?}");
    // From what the engine remembers, the same comes out, and the time is asked anew.
    assert_eq!(signed.send(&mut engine, text, circumstances), decision);
    let later = Circumstances { now: Timestamp::from_unix_seconds(FAR_FUTURE), ..circumstances };
    if circumstances.now < later.now && host::admits_client(&decision) {
        let later = signed.send(&mut engine, text, later);
        assert!(!host::admits_client(&later), "accepted for ever");
    }
    Verdict::new(host::admits_client(&decision))
}

/// A token of an issuer that signs anything.
struct Signed {
    key: Option<Key>,
    text: String,
    signature: Vec<u8>,
}

impl Signed {
    fn new(header: &[u8], claims: &[u8]) -> Self {
        let key = oracle::named_key(header);
        let segment = |bytes| Base64UrlUnpadded::encode_string(bytes);
        let message = [segment(header), segment(claims)].join(".");
        // An RSA signature is below the modulus, and no two tokens have the same.
        let mut signature = vec![0; key.map_or(64, |key| key.signature_length)];
        for (place, byte) in signature.iter_mut().skip(1).zip(message.bytes().cycle()) {
            *place = byte;
        }
        let text = [message, segment(&signature)].join(".");
        Self { key, text, signature }
    }

    /// Sends `text`; valid is the signature that was made, over what it was made for, by its key.
    fn send(&self, engine: &mut Engine, text: &[u8], circumstances: Circumstances) -> Decision {
        let message = self.text.rsplit_once('.').map_or("", |(message, _)| message);
        let answer = |check: &SignatureCheck<'_>| {
            let is_signed = self.key.is_some_and(|key| key.id == check.key.key_id())
                && message.as_bytes() == check.message
                && self.signature == check.signature;
            if is_signed { SignatureOutcome::Valid } else { SignatureOutcome::Invalid }
        };
        let sent: Sent = circumstances.sent(text);
        sent.with(|request| host::decide(engine, request, circumstances.now, answer))
    }
}

/// Applies changes such as `17=A`, `40-` and `9+x`; what is none changes nothing.
fn change(text: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    for change in changes.split(|byte| *byte == b' ').take(MAXIMUM_CHANGES) {
        let digits = change.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let Some((place, what)) = change.split_at_checked(digits) else { continue };
        let place = str::from_utf8(place).ok().and_then(|text| text.parse::<usize>().ok());
        let Some(place) = place else {
            continue;
        };
        let range = match what {
            [b'=', ..] | [b'-'] if place < text.len() => place..place + 1,
            [b'+', ..] if place <= text.len() => place..place,
            _ => continue,
        };
        text.splice(range, what.get(1..).unwrap_or_default().iter().copied());
    }
    text
}

/// `maximum_token_bytes` of `policy.json`.
const MAXIMUM_BYTES: usize = 4_096;
/// After every token that the policy allows.
const FAR_FUTURE: u64 = 250_000_000_000;
const MAXIMUM_CHANGES: usize = 8;
