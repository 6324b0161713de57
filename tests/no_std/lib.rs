//! Proof that the core links where no standard library exists: built for `wasm32v1-none`, which has none.
//!
//! What such a place has to bring along is here: memory, an answer to a panic, and, because the crate `rsa` asks for
//! it by way of getrandom 0.2, a source of randomness. The core never draws from it, so the source is an error.

#![cfg_attr(target_os = "none", no_std)]

#[cfg(target_os = "none")]
mod exports;
#[cfg(target_os = "none")]
mod memory;
