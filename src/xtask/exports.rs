//! Takes exports out of a WebAssembly module.
//!
//! The SDK of the filter exports a function for everything that a host can announce. Envoy calls each one that is
//! there, for every request, whether it does anything or not; entering the machine costs more than looking up a token.

use std::fs;
use std::path::Path;

use crate::Failure;

/// The callbacks of a filter that does not look at responses, connections, gRPC calls or queues. A context is forgotten
/// in `proxy_on_delete`, which stays.
pub(crate) const UNUSED: [&str; 18] = [
    "proxy_on_done",
    "proxy_on_downstream_connection_close",
    "proxy_on_downstream_data",
    "proxy_on_foreign_function",
    "proxy_on_grpc_close",
    "proxy_on_grpc_receive",
    "proxy_on_grpc_receive_initial_metadata",
    "proxy_on_grpc_receive_trailing_metadata",
    "proxy_on_log",
    "proxy_on_new_connection",
    "proxy_on_queue_ready",
    "proxy_on_request_metadata",
    "proxy_on_response_body",
    "proxy_on_response_headers",
    "proxy_on_response_metadata",
    "proxy_on_response_trailers",
    "proxy_on_upstream_connection_close",
    "proxy_on_upstream_data",
];

/// Writes a copy of the module at `from` to `to`, without the exports called so.
pub(crate) fn strip(from: &Path, to: &Path, names: &[&str]) -> Result<(), Failure> {
    let module = fs::read(from).map_err(Failure::file("read", from))?;
    let stripped = without(&module, names).ok_or_else(|| Failure::step("reading the module"))?;
    fs::write(to, stripped).map_err(Failure::file("write", to))
}

/// The module without these exports; none if it is not WebAssembly.
fn without(module: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let (header, mut rest) = module.split_at_checked(HEADER)?;
    let mut result = header.to_vec();
    while let Some((&kind, after)) = rest.split_first() {
        let (size, after) = number(after)?;
        let (content, after) = after.split_at_checked(size)?;
        let section = if kind == EXPORTS { kept(content, names)? } else { content.to_vec() };
        result.push(kind);
        write_number(&mut result, section.len());
        result.extend(section);
        rest = after;
    }
    Some(result)
}

/// An export section: a count, then for each export its name, a kind and an index.
fn kept(content: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let (count, mut rest) = number(content)?;
    let mut exports = Vec::new();
    for _ in 0..count {
        let (length, after) = number(rest)?;
        let (name, after) = after.split_at_checked(length)?;
        let (_, after) = number(after.get(1..)?)?;
        let (export, after) = rest.split_at_checked(rest.len() - after.len())?;
        if !names.iter().any(|unwanted| unwanted.as_bytes() == name) {
            exports.push(export);
        }
        rest = after;
    }
    let mut section = Vec::new();
    write_number(&mut section, exports.len());
    section.extend(exports.concat());
    Some(section)
}

/// Unsigned LEB128.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let length = bytes.iter().position(|byte| byte & 0x80 == 0)? + 1;
    let (digits, rest) = bytes.split_at_checked(length)?;
    if length > MAXIMUM_DIGITS {
        return None;
    }
    let value = digits.iter().rev().fold(0, |value, digit| value << 7 | usize::from(digit & 0x7f));
    Some((value, rest))
}

fn write_number(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7f).unwrap_or_default() | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap_or_default());
}

/// Magic and version.
const HEADER: usize = 8;
const EXPORTS: u8 = 7;
/// Digits of a 32-bit number.
const MAXIMUM_DIGITS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &[u8] =
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x07\x0e\x02\x01a\0\x00\x05proxy\0\x81\x01\x0a\x01\0";

    #[test]
    fn takes_out_the_named_exports_and_nothing_else() {
        let expected: &[u8] =
            b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x07\x05\x01\x01a\0\x00\x0a\x01\0";
        assert_eq!(without(MODULE, &["proxy", "absent"]).unwrap(), expected);
        assert_eq!(without(MODULE, &["prox"]).unwrap(), MODULE);
    }

    #[test]
    fn refuses_what_is_cut_off() {
        for length in [0, 7, 9, 12, 20, 25] {
            assert_eq!(without(&MODULE[..length], &["a"]), None, "{length}");
        }
    }

    #[test]
    fn writes_numbers_as_it_reads_them() {
        for value in [0, 1, 127, 128, 300, 16_384, 1 << 27] {
            let mut bytes = Vec::new();
            write_number(&mut bytes, value);
            assert_eq!(number(&bytes), Some((value, &[][..])));
        }
        assert_eq!(number(&[0x80; 6]), None);
        assert_eq!(number(&[0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), None);
    }
}
