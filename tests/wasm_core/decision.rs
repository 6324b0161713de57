//! A policy and requests.

#![expect(unsafe_code, reason = "exports functions by name")]

use std::cell::RefCell;
use std::net::{IpAddr, Ipv4Addr};

use edgelatch_core::{Decision, Engine, Policy, Request, Step, Timestamp, software};

use crate::memory::{say, with_input};

thread_local! {
    static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) };
}

/// Puts the policy in the input to work: 1, or 0 with what is wrong as the answer.
#[unsafe(no_mangle)]
extern "C" fn load_policy() -> u32 {
    match with_input(Policy::from_json) {
        Ok(policy) => {
            ENGINE.set(Some(Engine::new(policy)));
            1
        }
        Err(error) => {
            ENGINE.set(None);
            say(error.to_string());
            0
        }
    }
}

/// The HTTP status for the request in the input, 200 if it may pass; the answer is the reason. The input is method,
/// authority, path, then names and values of headers in turn, each behind its length in four bytes, lowest first. It comes from this machine.
#[unsafe(no_mangle)]
extern "C" fn decide(now: u32) -> u32 {
    with_input(|input| {
        let pieces = pieces(input);
        let [method, authority, path, headers @ ..] = pieces.as_slice() else { return 0 };
        let headers: Vec<(&[u8], &[u8])> =
            headers.as_chunks().0.iter().map(|[name, value]| (*name, *value)).collect();
        let source = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let request =
            Request { method, authority, path, headers: &headers, source, ..Request::default() };
        ENGINE.with_borrow_mut(|engine| {
            let Some(engine) = engine else { return 0 };
            answer(&judge(engine, &request, Timestamp::from_unix_seconds(now.into())))
        })
    })
}

fn judge(engine: &mut Engine, request: &Request<'_>, now: Timestamp) -> Decision {
    let mut step = engine.begin(request, now);
    loop {
        match step {
            Step::Decided(decision) | Step::Refresh { otherwise: decision, .. } => return decision,
            Step::Verify(pending) => {
                let outcome = software::verify(&pending.check());
                step = engine.finish(pending, outcome, now);
            }
        }
    }
}

fn answer(decision: &Decision) -> u32 {
    match decision {
        Decision::Allow(allow) => {
            say(allow.would_deny.map_or("", |reason| reason.code()));
            200
        }
        Decision::Deny(deny) => {
            say(deny.rejection.code());
            // The host wants what it would send, and what that costs.
            u32::from(deny.response().status)
        }
    }
}

fn pieces(mut input: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while let Some((length, rest)) = input.split_first_chunk() {
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let Some((piece, rest)) = rest.split_at_checked(length) else { break };
        pieces.push(piece);
        input = rest;
    }
    pieces
}
