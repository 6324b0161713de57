//! A proxy-wasm filter that lets every request pass unseen.
//!
//! `cargo xtask bench edge` measures it beside ours and leaves it the same exports: what it costs is the price of entering
//! the virtual machine as often as ours does, though through the SDK.

use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};

/// Apart, since what the macro makes is public and has no documentation.
mod entry {
    use super::{Empty, RootContext};

    proxy_wasm::main! {{
        proxy_wasm::set_root_context(|_| -> Box<dyn RootContext> { Box::new(Empty) });
    }}
}

#[derive(Debug)]
struct Empty;

impl RootContext for Empty {
    fn create_http_context(&self, _context: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Self))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

impl HttpContext for Empty {
    fn on_http_request_headers(&mut self, _count: usize, _end_of_stream: bool) -> Action {
        Action::Continue
    }
}

impl Context for Empty {}
