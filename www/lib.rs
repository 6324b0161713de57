//! The decision of `edgelatch-core` for JavaScript: what the npm package calls.
//!
//! The surface is small, since each call across the boundary costs more than a lookup. JavaScript writes the bytes of
//! a request into `Gate::input` and gets one number back: the verdict. What else it wants to know it asks for, and keeps. No object
//! is made for a request. Signatures are checked by JavaScript where its runtime can, and here otherwise.

mod feeds;
mod gate;
mod input;
mod interned;
mod json;
mod keys;
mod known;
mod tell;
mod verdict;
mod waiting;

pub use self::gate::{Gate, check_policy};
