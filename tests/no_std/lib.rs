//! Proof that the core links where no standard library exists: built for `wasm32v1-none`, which has none.
//!
//! What such a place has to bring along is here: memory, and an answer to a panic.

#![cfg_attr(target_os = "none", no_std)]

#[cfg(target_os = "none")]
mod exports;
#[cfg(target_os = "none")]
mod memory;
