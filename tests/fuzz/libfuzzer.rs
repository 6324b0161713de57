//! All fuzz targets in one program; `EDGELATCH_FUZZ_TARGET` says which one.

#![no_main]

use std::sync::LazyLock;

use edgelatch_fuzz::Target;
use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<Option<Target>> = LazyLock::new(|| {
    let name = std::env::var("EDGELATCH_FUZZ_TARGET").unwrap_or_default();
    Target::ALL.into_iter().find(|target| target.name() == name)
});

fuzz_target!(|input: &[u8]| {
    assert!(TARGET.is_some(), "EDGELATCH_FUZZ_TARGET names no target");
    if let Some(target) = *TARGET {
        target.run(input);
    }
});
