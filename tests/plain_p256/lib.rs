//! ES256 as the crate `p256` checks it, behind plain WebAssembly functions, for the bench. Built like the core in
//! JavaScript, so that nothing but the arithmetic differs.

#[cfg(target_family = "wasm")]
mod exports;
