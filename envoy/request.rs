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
    /// What was decided so far; one that waited and was let through later is known to the gate.
    verdict: Verdict,
}

impl Request {
    /// A request that Envoy knows by the number `context`.
    pub(crate) fn new(context: u32, gate: Shared) -> Self {
        Self { context, gate, verdict: Verdict::Hold }
    }

    /// Envoy never calls in while a call is under way, so the gate is free. If that should ever
    /// change, the request stays where it is rather than the whole worker.
    fn action(&self) -> Action {
        let is_released = || self.gate.try_borrow().is_ok_and(|gate| gate.released(self.context));
        match self.verdict {
            Verdict::Pass => Action::Continue,
            Verdict::Hold if is_released() => Action::Continue,
            Verdict::Hold => Action::Pause,
        }
    }
}

impl HttpContext for Request {
    fn on_http_request_headers(&mut self, _count: usize, _end_of_stream: bool) -> Action {
        #[cfg(feature = "forced-trap")]
        crate::trap::spring();
        if let Ok(mut gate) = self.gate.try_borrow_mut() {
            self.verdict = gate.arrive(self.context, host::now());
        }
        self.action()
    }

    /// With `allow_on_headers_stop_iteration` Envoy shows the body of a request that was held at its
    /// headers, and to let a piece of it go on is to let the whole request go on.
    fn on_http_request_body(&mut self, _size: usize, _end_of_stream: bool) -> Action {
        self.action()
    }

    /// Also while the request waits: its trailers may not be shown a second time.
    fn on_http_request_trailers(&mut self, _count: usize) -> Action {
        let cleaned = self.gate.try_borrow_mut().map(|mut gate| gate.clean_trailers(self.context));
        match cleaned {
            Ok(Verdict::Pass) => self.action(),
            Ok(Verdict::Hold) | Err(_) => Action::Pause,
        }
    }
}

impl Context for Request {}

impl Drop for Request {
    /// Envoy says twice that a request is over; to listen once is enough.
    fn drop(&mut self) {
        if let Ok(mut gate) = self.gate.try_borrow_mut() {
            gate.leave(self.context);
        }
    }
}
