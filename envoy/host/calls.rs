//! The host calls themselves, each as one safe function over bytes.
//!
//! The functions of the SDK are not used, because they end the whole virtual machine over a header
//! that is not UTF-8 or a status they do not know, and because their local response has no place for
//! the reason. The one exception is the HTTP call: the SDK must know its token.
#![expect(unsafe_code, reason = "host calls take raw addresses; nowhere else in this crate")]

use super::pairs::{self, MalformedPairs};
use core::fmt;
use std::ptr::{null_mut, slice_from_raw_parts_mut};

/// A host call that Envoy did not carry out, with the status it gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostError {
    call: &'static str,
    status: u32,
}

impl fmt::Display for HostError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "envoy refused the host call {} with status {}", self.call, self.status)
    }
}

impl From<MalformedPairs> for HostError {
    fn from(_: MalformedPairs) -> Self {
        Self { call: "proxy_get_header_map_pairs", status: PARSE_FAILURE }
    }
}

/// Weight of a log line, as Envoy names it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Level {
    /// Worth knowing.
    Info = 2,
    /// Still serving, but not for ever.
    Warning = 3,
    /// Not serving.
    Critical = 5,
}

/// How a metric behaves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MetricKind {
    /// Only grows.
    Counter = 0,
    /// Takes any value.
    Gauge = 1,
    /// Keeps how values are spread.
    Histogram = 2,
}

/// The wall clock in nanoseconds since 1970; zero if the host does not tell.
pub(crate) fn clock_nanoseconds() -> u64 {
    let mut time = 0;
    // SAFETY: the host writes eight bytes to an address that is valid for them.
    match unsafe { proxy_get_current_time_nanoseconds(&raw mut time) } {
        OK => time,
        _ => 0,
    }
}

/// Nanoseconds of a clock that never jumps and is one for the whole process. The end of time if the host
/// does not tell, so that every deadline is over rather than none.
pub(crate) fn steady_nanoseconds() -> u64 {
    let mut time = 0;
    // SAFETY: the host writes eight bytes to an address that is valid for them.
    match unsafe { clock_time_get(MONOTONIC, 1, &raw mut time) } {
        OK => time,
        _ => u64::MAX,
    }
}

/// Writes a line to Envoy's log, which puts the name of the filter before it. There is nobody to tell
/// if that fails.
pub(crate) fn log(level: Level, line: &str) {
    // SAFETY: the host reads the bytes of a live string.
    unsafe { proxy_log(level as u32, line.as_ptr(), line.len()) };
}

/// The lines of a header map of the context in force, in the byte form of `pairs`.
pub(crate) fn header_map(map: HeaderMap) -> Result<Vec<u8>, HostError> {
    let (mut data, mut size) = (null_mut(), 0);
    // SAFETY: the host writes an address and a size to places that are valid for them.
    let status = unsafe { proxy_get_header_map_pairs(map as u32, &raw mut data, &raw mut size) };
    check("proxy_get_header_map_pairs", status)?;
    // SAFETY: both came from the host in this call.
    Ok(unsafe { adopt(data, size) })
}

/// Which headers are meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HeaderMap {
    /// Those of the request.
    Request = 0,
    /// Those behind its body.
    RequestTrailers = 1,
    /// Those of the response to our own HTTP call.
    CallResponse = 6,
}

/// Removes every line with this name.
pub(crate) fn remove_lines(map: HeaderMap, name: &[u8]) -> Result<(), HostError> {
    // SAFETY: the host reads live bytes.
    let status = unsafe { proxy_remove_header_map_value(map as u32, name.as_ptr(), name.len()) };
    check("proxy_remove_header_map_value", status)
}

/// Gives the request one more line. The host need not look for others of the name, as it would to replace them.
pub(crate) fn add_request_header(name: &str, value: &str) -> Result<(), HostError> {
    // SAFETY: the host reads the bytes of live strings.
    let status = unsafe {
        proxy_add_header_map_value(
            HeaderMap::Request as u32,
            name.as_ptr(),
            name.len(),
            value.as_ptr(),
            value.len(),
        )
    };
    check("proxy_add_header_map_value", status)
}

/// Answers the request in place of the upstream. `details` is what `%RESPONSE_CODE_DETAILS%` shows.
pub(crate) fn send_response(
    status: u16,
    details: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<(), HostError> {
    let headers = pairs::serialize(headers).unwrap_or_default();
    // SAFETY: the host reads the bytes of live values.
    let status = unsafe {
        proxy_send_local_response(
            u32::from(status),
            details.as_ptr(),
            details.len(),
            body.as_ptr(),
            body.len(),
            headers.as_ptr(),
            headers.len(),
            NO_GRPC_STATUS,
        )
    };
    check("proxy_send_local_response", status)
}

/// Lets a paused request go on to the next filter.
pub(crate) fn resume_request() -> Result<(), HostError> {
    check("proxy_continue_stream", proxy_continue_stream(REQUEST_STREAM))
}

/// Makes later host calls of this callback concern another context.
pub(crate) fn act_for(context: u32) -> Result<(), HostError> {
    check("proxy_set_effective_context", proxy_set_effective_context(context))
}

/// Asks for a tick of the root context every so many milliseconds, from now on.
pub(crate) fn set_tick_period(milliseconds: u32) -> Result<(), HostError> {
    let status = proxy_set_tick_period_milliseconds(milliseconds);
    check("proxy_set_tick_period_milliseconds", status)
}

/// A property, its path joined by zero bytes; `None` where Envoy has none.
pub(crate) fn property(path: &str) -> Option<Vec<u8>> {
    let (mut data, mut size) = (null_mut(), 0);
    // SAFETY: the host reads a live string, and writes to places valid for an address and a size.
    let status =
        unsafe { proxy_get_property(path.as_ptr(), path.len(), &raw mut data, &raw mut size) };
    check("proxy_get_property", status).ok()?;
    // SAFETY: both came from the host in this call.
    Some(unsafe { adopt(data, size) })
}

/// Sets the filter state `wasm.{name}`, which access logs show as `%FILTER_STATE(wasm.{name}:PLAIN)%`.
pub(crate) fn set_filter_state(name: &str, value: &str) -> Result<(), HostError> {
    // SAFETY: the host reads the bytes of live strings.
    let status =
        unsafe { proxy_set_property(name.as_ptr(), name.len(), value.as_ptr(), value.len()) };
    check("proxy_set_property", status)
}

/// At most `maximum` bytes of a buffer.
pub(crate) fn buffer(buffer: Buffer, maximum: usize) -> Result<Vec<u8>, HostError> {
    let (mut data, mut size) = (null_mut(), 0);
    // SAFETY: the host writes an address and a size to places that are valid for them.
    let status =
        unsafe { proxy_get_buffer_bytes(buffer as u32, 0, maximum, &raw mut data, &raw mut size) };
    check("proxy_get_buffer_bytes", status)?;
    // SAFETY: both came from the host in this call.
    Ok(unsafe { adopt(data, size) })
}

/// Calls a function that only Envoy knows, and returns its answer.
pub(crate) fn call_foreign_function(name: &str, argument: &[u8]) -> Result<Vec<u8>, HostError> {
    let (mut data, mut size) = (null_mut(), 0);
    // SAFETY: the host reads live bytes, and writes to places valid for an address and a size.
    let status = unsafe {
        proxy_call_foreign_function(
            name.as_ptr(),
            name.len(),
            argument.as_ptr(),
            argument.len(),
            &raw mut data,
            &raw mut size,
        )
    };
    check("proxy_call_foreign_function", status)?;
    // SAFETY: both came from the host in this call.
    Ok(unsafe { adopt(data, size) })
}

/// Which buffer is meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Buffer {
    /// The body of the response to our own HTTP call.
    CallResponseBody = 4,
    /// What stands under `configuration` in Envoy's configuration of the filter.
    Configuration = 7,
}

/// Makes a metric known, or finds it; its number is what the other metric calls take.
pub(crate) fn define_metric(kind: MetricKind, name: &str) -> Result<u32, HostError> {
    let mut metric = 0;
    // SAFETY: the host reads a live string and writes four bytes to an address valid for them.
    let status =
        unsafe { proxy_define_metric(kind as u32, name.as_ptr(), name.len(), &raw mut metric) };
    check("proxy_define_metric", status)?;
    Ok(metric)
}

/// Adds to a counter; the host takes no more than half of all numbers at once.
pub(crate) fn count(metric: u32, more: u64) -> Result<(), HostError> {
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    check("proxy_increment_metric", proxy_increment_metric(metric, more))
}

/// Sets a gauge, or adds a value to a histogram.
pub(crate) fn record(metric: u32, value: u64) -> Result<(), HostError> {
    check("proxy_record_metric", proxy_record_metric(metric, value))
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_log(level: u32, line: *const u8, line_size: usize) -> u32;
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
    fn proxy_send_local_response(
        status: u32,
        details: *const u8,
        details_size: usize,
        body: *const u8,
        body_size: usize,
        headers: *const u8,
        headers_size: usize,
        grpc_status: i32,
    ) -> u32;
    safe fn proxy_continue_stream(stream: u32) -> u32;
    safe fn proxy_set_effective_context(context: u32) -> u32;
    safe fn proxy_set_tick_period_milliseconds(period: u32) -> u32;
    fn proxy_get_property(
        path: *const u8,
        path_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> u32;
    fn proxy_set_property(
        path: *const u8,
        path_size: usize,
        value: *const u8,
        value_size: usize,
    ) -> u32;
    fn proxy_get_buffer_bytes(
        buffer: u32,
        start: usize,
        maximum: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> u32;
    fn proxy_call_foreign_function(
        name: *const u8,
        name_size: usize,
        argument: *const u8,
        argument_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> u32;
    fn proxy_define_metric(kind: u32, name: *const u8, name_size: usize, metric: *mut u32) -> u32;
    safe fn proxy_increment_metric(metric: u32, offset: i64) -> u32;
    safe fn proxy_record_metric(metric: u32, value: u64) -> u32;
}

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    fn clock_time_get(clock: u32, precision: u64, time: *mut u64) -> u32;
}

pub(super) const OK: u32 = 0;
const PARSE_FAILURE: u32 = 4;
const MONOTONIC: u32 = 1;
const REQUEST_STREAM: u32 = 0;
/// Envoy derives the gRPC status from the HTTP status.
const NO_GRPC_STATUS: i32 = -1;

pub(super) fn check(call: &'static str, status: u32) -> Result<(), HostError> {
    match status {
        OK => Ok(()),
        status => Err(HostError { call, status }),
    }
}

/// Takes over a buffer that the host has filled.
///
/// # Safety
/// `data` and `size` are what one host call returned: the host gets memory only from the allocator
/// export of the SDK, which gives a boxed slice of exactly `size` bytes away.
pub(super) unsafe fn adopt(data: *mut u8, size: usize) -> Vec<u8> {
    if data.is_null() || size == 0 {
        return Vec::new();
    }
    // SAFETY: see above.
    unsafe { Box::from_raw(slice_from_raw_parts_mut(data, size)) }.into_vec()
}
