//! The root context: one per worker, it takes the policy and keeps the feeds fresh.

use crate::feeds::Feeds;
use crate::gate::{Gate, Shared};
use crate::host::{self, Level};
use crate::policy::{self, Loaded};
use crate::request;
use proxy_wasm::traits::{Context, RootContext};
use std::cell::RefCell;
use std::rc::Rc;

/// The root context of one worker.
#[derive(Debug)]
pub(crate) struct Root {
    context: u32,
    gate: Shared,
    feeds: Feeds,
}

impl Root {
    /// A root that Envoy knows by the number `context`.
    pub(crate) fn new(context: u32) -> Self {
        let gate: Shared = Rc::new(RefCell::new(Gate::closed()));
        request::open(context, Rc::clone(&gate));
        Self { context, gate, feeds: Feeds::default() }
    }
}

impl RootContext for Root {
    /// Runs once in a trial machine and once per worker. `false` makes Envoy refuse the configuration
    /// and keep what it had.
    fn on_configure(&mut self, _size: usize) -> bool {
        let Ok(mut gate) = self.gate.try_borrow_mut() else { return false };
        match policy::load(self.context) {
            Ok(Loaded { engine, feeds, needs }) => {
                gate.open(engine, needs);
                self.feeds = feeds;
                true
            }
            Err(error) => {
                host::log(Level::Critical, &format!("configuration refused: {error}"));
                false
            }
        }
    }

    fn on_tick(&mut self) {
        let Ok(mut gate) = self.gate.try_borrow_mut() else { return };
        let now = host::now();
        self.feeds.tick(self.context, &mut gate, now);
        gate.tick(now);
    }
}

impl Context for Root {
    fn on_http_call_response(&mut self, call: u32, _headers: usize, body: usize, _trailers: usize) {
        let Ok(mut gate) = self.gate.try_borrow_mut() else { return };
        self.feeds.finish(call, body, &mut gate, host::now());
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        request::close(self.context);
    }
}
