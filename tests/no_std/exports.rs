//! One function to the outside, so that the linker has to keep the whole decision.

#![expect(unsafe_code, reason = "exports a function by name and takes bytes from outside")]

use core::panic::PanicInfo;
use core::slice;

use edgelatch_core::{Decision, Engine, Policy, Request, Step, Timestamp, software};

/// The HTTP status for a GET under a policy; 200 if it may pass, 500 for an invalid policy.
#[unsafe(no_mangle)]
unsafe extern "C" fn decide(
    policy: *const u8,
    policy_length: usize,
    authorization: *const u8,
    authorization_length: usize,
    now: u64,
) -> u16 {
    // SAFETY: the caller passes two areas of its memory with their lengths.
    let (policy, authorization) = unsafe {
        (
            slice::from_raw_parts(policy, policy_length),
            slice::from_raw_parts(authorization, authorization_length),
        )
    };
    let Ok(policy) = Policy::from_json(policy) else { return 500 };
    judge(Engine::new(policy), authorization, Timestamp::from_unix_seconds(now))
}

fn judge(mut engine: Engine, authorization: &[u8], now: Timestamp) -> u16 {
    let headers = [(&b"authorization"[..], authorization)];
    let (method, authority, path) = (&b"GET"[..], &b"api.example.com"[..], &b"/orders/17"[..]);
    let request = Request { method, authority, path, headers: &headers, ..Request::default() };
    let mut step = engine.begin(&request, now);
    let decision = loop {
        match step {
            Step::Decided(decision) | Step::Refresh { otherwise: decision, .. } => break decision,
            Step::Verify(pending) => {
                let outcome = software::verify(&pending.check());
                step = engine.finish(pending, outcome, now);
            }
        }
    };
    match decision {
        Decision::Allow(_) => 200,
        Decision::Deny(deny) => deny.response().status,
    }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
