//! The built filter, looked at from outside: what it asks of its host, and how big it is.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;

use edgelatch_tests::lab;
use wasmparser::{Parser, Payload};

#[test]
fn imports_only_what_envoy_offers() {
    let imports = imports(&fs::read(lab::filter().unwrap()).unwrap());
    for (module, name) in &imports {
        println!("import: {module}.{name}");
        let is_offered = match module.as_str() {
            "env" => name.starts_with("proxy_"),
            "wasi_snapshot_preview1" => OFFERED_BY_ENVOY.contains(&name.as_str()),
            _ => false,
        };
        assert!(is_offered, "Envoy does not offer {module}.{name}");
    }
    assert!(imports.len() > 10, "the list of imports was not read: {imports:?}");
}

/// Verifying needs no chance, so nobody has to trust a source of it inside Envoy.
#[test]
fn asks_its_host_for_no_randomness() {
    let imports = imports(&fs::read(lab::filter().unwrap()).unwrap());
    assert!(imports.iter().any(|(_, name)| name == "proxy_log"), "not read: {imports:?}");
    assert!(!imports.iter().any(|(_, name)| name == "random_get"), "{imports:?}");
}

#[test]
fn stays_under_450_kilobytes() {
    let size = fs::metadata(lab::filter().unwrap()).unwrap().len();
    println!("filter: {size} bytes");
    assert!(size < 450_000, "{size} bytes");
}

fn imports(module: &[u8]) -> BTreeSet<(String, String)> {
    let mut imports = BTreeSet::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::ImportSection(section) = payload.unwrap() else { continue };
        for import in section.into_imports() {
            let import = import.unwrap();
            imports.insert((import.module.to_owned(), import.name.to_owned()));
        }
    }
    imports
}

/// The WASI functions that Envoy's host registers; any other makes it refuse the module.
const OFFERED_BY_ENVOY: [&str; 18] = [
    "args_get",
    "args_sizes_get",
    "clock_time_get",
    "environ_get",
    "environ_sizes_get",
    "fd_close",
    "fd_fdstat_get",
    "fd_fdstat_set_flags",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_read",
    "fd_seek",
    "fd_write",
    "path_open",
    "poll_oneoff",
    "proc_exit",
    "random_get",
    "sched_yield",
];
