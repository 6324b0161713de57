//! The root context: one per worker, it takes the policy and keeps the key sets fresh.

use crate::fetch;
use crate::gate::{Gate, Shared};
use crate::host::{self, Level};
use crate::policy;
use crate::request::Request;
use edgelatch_core::Fetch;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::ContextType;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The root context of one worker.
#[derive(Debug)]
pub(crate) struct Root {
    context: u32,
    gate: Shared,
    /// What each HTTP call under way is for.
    calls: BTreeMap<u32, Fetch>,
}

impl Root {
    /// A root that Envoy knows by the number `context`.
    pub(crate) fn new(context: u32) -> Self {
        let gate = Rc::new(RefCell::new(Gate::closed()));
        Self { context, gate, calls: BTreeMap::new() }
    }

    /// Starts the fetches that are due. Only the root makes calls: those of a request die with it.
    fn fetch(&mut self) {
        let now = host::now();
        let Ok(mut gate) = self.gate.try_borrow_mut() else { return };
        for _ in 0..MAXIMUM_FETCHES {
            let Some(fetch) = gate.poll(now) else { return };
            // A fetch that failed at once may have left a request in force.
            if let Err(error) = host::act_for(self.context) {
                host::log(Level::Warning, &format!("a fetch is lost, as {error}"));
            }
            match fetch::start(&fetch) {
                Some(call) => {
                    self.calls.insert(call, fetch);
                }
                None => fetch::fail(&mut gate, &fetch, now),
            }
        }
    }
}

impl RootContext for Root {
    /// Runs once in a trial machine and once per worker. `false` makes Envoy refuse the configuration
    /// and keep what it had.
    fn on_configure(&mut self, _size: usize) -> bool {
        let Ok(mut gate) = self.gate.try_borrow_mut() else { return false };
        match policy::load() {
            Ok(engine) => {
                gate.open(engine);
                true
            }
            Err(error) => {
                host::log(Level::Critical, &format!("configuration refused: {error}"));
                false
            }
        }
    }

    fn on_tick(&mut self) {
        self.fetch();
        if let Ok(mut gate) = self.gate.try_borrow_mut() {
            gate.tick(host::now());
        }
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
        let Some(fetch) = self.calls.remove(&call) else { return };
        let Ok(mut gate) = self.gate.try_borrow_mut() else { return };
        fetch::finish(&mut gate, &fetch, body, host::now());
    }
}

/// Fetches started in one tick: more than a policy has issuers.
const MAXIMUM_FETCHES: usize = 64;
