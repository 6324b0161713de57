//! A proxy-wasm filter that makes the host calls of ours for a request with a known token, and decides nothing.
//!
//! `cargo xtask bench edge` measures it beside ours: ours cannot cost less,
//! whatever its own code does. As ours it is entered past the SDK.
#![expect(
    unsafe_code,
    reason = "host calls take raw addresses, and the host finds functions by their names"
)]

use core::ptr::{null_mut, slice_from_raw_parts_mut};
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use proxy_wasm::traits::{Context, RootContext};
use proxy_wasm::types::Action;

/// Apart, since what the macro makes is public and has no documentation.
mod entry {
    use super::{ROOT, Relaxed, Root, RootContext};

    proxy_wasm::main! {{
        proxy_wasm::set_root_context(|context| -> Box<dyn RootContext> {
            ROOT.store(context, Relaxed);
            Box::new(Root)
        });
    }}
}

/// The number of the root, which the SDK keeps; it is told of nothing else.
static ROOT: AtomicU32 = AtomicU32::new(0);

#[derive(Debug)]
struct Root;

impl Context for Root {}

impl RootContext for Root {}

#[unsafe(no_mangle)]
extern "C" fn edgelatch_on_context_create(context: u32, root: u32) {
    if root == 0 {
        proxy_on_context_create(context, root);
    }
}

#[unsafe(no_mangle)]
extern "C" fn edgelatch_on_delete(context: u32) {
    if context == ROOT.load(Relaxed) {
        proxy_on_delete(context);
    }
}

/// All header lines and the time in; the token out of the request, and two claims into it. If a call fails the request
/// stays where it is, and the bench with it.
#[unsafe(no_mangle)]
extern "C" fn edgelatch_on_request_headers(
    _context: u32,
    _count: u32,
    _end_of_stream: u32,
) -> Action {
    let is_done = ask() && remove("authorization");
    let is_done =
        is_done && add("x-auth-client-id", "billing") && add("x-auth-scope", "orders:read");
    if is_done { Action::Continue } else { Action::Pause }
}

fn ask() -> bool {
    let (mut data, mut size, mut time) = (null_mut(), 0, 0);
    // SAFETY: the host writes to places that are valid for what it writes.
    let statuses = unsafe {
        [
            proxy_get_header_map_pairs(REQUEST, &raw mut data, &raw mut size),
            proxy_get_current_time_nanoseconds(&raw mut time),
        ]
    };
    if data.is_null() {
        return false;
    }
    // SAFETY: the host gets memory only from the allocator export of the SDK, which gives a boxed slice away.
    drop(unsafe { Box::from_raw(slice_from_raw_parts_mut(data, size)) });
    statuses == [OK; 2] && time > 0
}

fn remove(name: &str) -> bool {
    // SAFETY: the host reads the bytes of a live string.
    OK == unsafe { proxy_remove_header_map_value(REQUEST, name.as_ptr(), name.len()) }
}

fn add(name: &str, value: &str) -> bool {
    let (name_size, value_size) = (name.len(), value.len());
    // SAFETY: the host reads the bytes of live strings.
    OK == unsafe {
        proxy_add_header_map_value(REQUEST, name.as_ptr(), name_size, value.as_ptr(), value_size)
    }
}

unsafe extern "C" {
    safe fn proxy_on_context_create(context: u32, root: u32);
    safe fn proxy_on_delete(context: u32);
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_get_current_time_nanoseconds(time: *mut u64) -> u32;
    fn proxy_get_header_map_pairs(map: u32, data: *mut *mut u8, size: *mut usize) -> u32;
    fn proxy_remove_header_map_value(map: u32, name: *const u8, name_size: usize) -> u32;
    fn proxy_add_header_map_value(
        map: u32,
        name: *const u8,
        name_size: usize,
        value: *const u8,
        value_size: usize,
    ) -> u32;
}

const OK: u32 = 0;
/// The headers of the request.
const REQUEST: u32 = 0;
