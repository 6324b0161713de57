//! Signatures by public keys that stay: ES256, Ed25519 and RSA in Rust, for hosts without crypto of their own or with a
//! slower one. Verification only: no secret is near, so time and memory may depend on every number, and that is what
//! makes it fast.
//!
//! There is only arithmetic here. The core decides which key may sign with which algorithm.

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))] // an overflow is a trap in some builds

extern crate alloc;
#[cfg(test)]
#[macro_use]
extern crate std;

pub mod ed25519;
pub mod es256;
mod hash;
mod inverse;
mod limbs;
mod pair;
pub mod rsa;
mod table;
mod windows;

pub use self::hash::Hash;
