//! The root context: one per worker, it takes the policy and keeps the feeds fresh.

use crate::feeds::Feeds;
use crate::gate::{Gate, Shared};
use crate::host::{self, Level};
use crate::policy::{self, Loaded};
use crate::request::Request;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::ContextType;
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
        Self { context, gate: Rc::new(RefCell::new(Gate::closed())), feeds: Feeds::default() }
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

    fn create_http_context(&self, context: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Request::new(context, Rc::clone(&self.gate))))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

impl Context for Root {
    fn on_http_call_response(&mut self, call: u32, _headers: usize, body: usize, _trailers: usize) {
        let Ok(mut gate) = self.gate.try_borrow_mut() else { return };
        self.feeds.finish(call, body, &mut gate, host::now());
    }
}
