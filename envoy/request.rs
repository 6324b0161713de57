//! One request: judged at its headers, before a byte of its body goes anywhere.
//!
//! Envoy enters here, past the SDK, which keeps roots and HTTP calls only: to find a request in its maps, and to make and drop
//! a box for each, took longer than to look up a token, and over a number that it does not know it ends the machine.
//! It exports functions of the names that Envoy looks for, so those here have others; the build gives them theirs.
#![expect(unsafe_code, reason = "the host finds functions by their names")]

use crate::gate::{Gate, Shared, Verdict};
use crate::host;
use crate::streams::Streams;
use proxy_wasm::types::Action;
use std::cell::RefCell;

thread_local! {
    static STREAMS: RefCell<Streams<Shared>> = const { RefCell::new(Streams::new()) };
}

/// From now on there is a root that judges by `gate`.
pub(crate) fn open(root: u32, gate: Shared) {
    with(|streams| streams.open(root, gate));
}

/// From now on there is no such root.
pub(crate) fn close(root: u32) {
    with(|streams| streams.close(root));
}

unsafe extern "C" {
    safe fn proxy_on_context_create(context: u32, root: u32);
    safe fn proxy_on_delete(context: u32);
}

#[unsafe(no_mangle)]
extern "C" fn edgelatch_on_context_create(context: u32, root: u32) {
    if root == 0 {
        proxy_on_context_create(context, root);
    } else {
        with(|streams| streams.begin(context, root));
    }
}

#[unsafe(no_mangle)]
extern "C" fn edgelatch_on_request_headers(
    context: u32,
    _count: u32,
    _end_of_stream: u32,
) -> Action {
    #[cfg(feature = "forced-trap")]
    crate::trap::spring();
    judge(context, |gate, verdict| {
        *verdict = gate.arrive(context, host::now());
        action(context, gate, *verdict)
    })
}

/// With `allow_on_headers_stop_iteration` Envoy shows the body of a request that was held at its headers, and to let a
/// piece of it go on is to let the whole request go on.
#[unsafe(no_mangle)]
extern "C" fn edgelatch_on_request_body(context: u32, _size: u32, _end_of_stream: u32) -> Action {
    judge(context, |gate, verdict| action(context, gate, *verdict))
}

/// Also while the request waits: its trailers may not be shown a second time.
#[unsafe(no_mangle)]
extern "C" fn edgelatch_on_request_trailers(context: u32, _count: u32) -> Action {
    judge(context, |gate, verdict| match gate.clean_trailers(context) {
        Verdict::Pass => action(context, gate, *verdict),
        Verdict::Hold => Action::Pause,
    })
}

/// A number that is neither a request nor a root is none of ours, and the SDK would end the machine over it.
#[unsafe(no_mangle)]
extern "C" fn edgelatch_on_delete(context: u32) {
    let ended = with(|streams| (streams.end(context), streams.is_root(context)));
    let Some((gate, is_root)) = ended else { return };
    if let Some(gate) = gate
        && let Ok(mut gate) = gate.try_borrow_mut()
    {
        gate.leave(context);
    }
    if is_root {
        proxy_on_delete(context);
    }
}

/// Asks the gate of a request. Without one the request stays where it is.
fn judge(context: u32, ask: impl FnOnce(&mut Gate, &mut Verdict) -> Action) -> Action {
    with(|streams| {
        let (gate, verdict) = streams.find(context)?;
        Some(ask(&mut *gate.try_borrow_mut().ok()?, verdict))
    })
    .flatten()
    .unwrap_or(Action::Pause)
}

fn action(context: u32, gate: &Gate, verdict: Verdict) -> Action {
    match verdict {
        Verdict::Pass => Action::Continue,
        Verdict::Hold if gate.released(context) => Action::Continue,
        Verdict::Hold => Action::Pause,
    }
}

/// Envoy never calls in while a call is under way, so nobody else is at it. If that should ever change, the request
/// stays where it is rather than the whole worker.
fn with<T>(work: impl FnOnce(&mut Streams<Shared>) -> T) -> Option<T> {
    STREAMS.with(|streams| streams.try_borrow_mut().ok().map(|mut streams| work(&mut streams)))
}
