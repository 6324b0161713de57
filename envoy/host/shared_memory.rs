//! The memory that all virtual machines of one `vm_id` share: values by name, each with a mark that
//! changes whenever it is written.
#![expect(unsafe_code, reason = "host calls take raw addresses")]

use super::calls::{HostError, OK, adopt, check};
use std::num::NonZeroU32;
use std::ptr::null_mut;

/// Which writing of a value this is. No two writings of a process have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark(NonZeroU32);

impl Mark {
    /// The mark that the host calls `number`; it calls none zero.
    pub(crate) fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }
}

/// When a value may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Whatever is there.
    Always,
    /// If nothing is there.
    Absent,
    /// If the writing with this mark is still there.
    Unchanged(Mark),
}

/// A value, and the mark of its writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) value: Vec<u8>,
    pub(crate) mark: Mark,
}

/// A copy of the value called so.
pub(crate) fn get(name: &str) -> Result<Option<Entry>, HostError> {
    let (mut data, mut size, mut mark) = (null_mut(), 0, 0);
    // SAFETY: the host reads a live string, and writes to places valid for an address and two numbers.
    let status = unsafe {
        proxy_get_shared_data(
            name.as_ptr(),
            name.len(),
            &raw mut data,
            &raw mut size,
            &raw mut mark,
        )
    };
    if status == NOT_FOUND {
        return Ok(None);
    }
    check("proxy_get_shared_data", status)?;
    // SAFETY: both came from the host in this call.
    let value = unsafe { adopt(data, size) };
    Ok(Mark::new(mark).map(|mark| Entry { value, mark }))
}

/// Writes a value; `false` if the condition does not hold.
pub(crate) fn set(name: &str, value: &[u8], condition: Condition) -> Result<bool, HostError> {
    let mark = match condition {
        Condition::Always => 0,
        // The host looks at the mark only where something is, and this one is given last of all.
        Condition::Absent => u32::MAX,
        Condition::Unchanged(Mark(mark)) => mark.get(),
    };
    // SAFETY: the host reads live bytes.
    let status = unsafe {
        proxy_set_shared_data(name.as_ptr(), name.len(), value.as_ptr(), value.len(), mark)
    };
    match status {
        OK => Ok(true),
        MARK_MISMATCH => Ok(false),
        status => check("proxy_set_shared_data", status).map(|()| false),
    }
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_get_shared_data(
        name: *const u8,
        name_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
        mark: *mut u32,
    ) -> u32;
    fn proxy_set_shared_data(
        name: *const u8,
        name_size: usize,
        value: *const u8,
        value_size: usize,
        mark: u32,
    ) -> u32;
}

const NOT_FOUND: u32 = 1;
const MARK_MISMATCH: u32 = 8;
