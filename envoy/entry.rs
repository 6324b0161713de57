//! Where Envoy enters.

use crate::{host, root};
use proxy_wasm::traits::RootContext;

proxy_wasm::main! {{
    std::panic::set_hook(Box::new(|panic| report_bug(panic.location())));
    proxy_wasm::set_root_context(|context| -> Box<dyn RootContext> {
        Box::new(root::Root::new(context))
    });
}}

/// The last word of a filter that is about to trap: the place, but not the message of the panic,
/// which may quote what an attacker sent.
fn report_bug(place: Option<&core::panic::Location<'_>>) {
    let (file, line) = place.map_or(("unknown", 0), |place| (place.file(), place.line()));
    host::log(
        host::Level::Critical,
        &format!("a bug stopped the filter at {file}:{line}; please report this line"),
    );
}
