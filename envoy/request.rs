//! One request: judged at its headers, before a byte of its body goes anywhere.

use crate::gate::{Shared, Verdict};
use crate::host;
use proxy_wasm::traits::{Context, HttpContext};
use proxy_wasm::types::Action;

/// The context of one HTTP stream.
#[derive(Debug)]
pub(crate) struct Request {
    context: u32,
    gate: Shared,
}

impl Request {
    /// A request that Envoy knows by the number `context`.
    pub(crate) fn new(context: u32, gate: Shared) -> Self {
        Self { context, gate }
    }
}

impl HttpContext for Request {
    fn on_http_request_headers(&mut self, _count: usize, _end_of_stream: bool) -> Action {
        // Envoy never calls in while a call is under way, so the gate is free. If that should ever
        // change, the request stays where it is rather than the whole worker.
        let Ok(mut gate) = self.gate.try_borrow_mut() else {
            return Action::Pause;
        };
        match gate.arrive(self.context, host::now()) {
            Verdict::Pass => Action::Continue,
            Verdict::Hold => Action::Pause,
        }
    }
}

impl Context for Request {
    fn on_done(&mut self) -> bool {
        if let Ok(mut gate) = self.gate.try_borrow_mut() {
            gate.leave(self.context);
        }
        true
    }
}
