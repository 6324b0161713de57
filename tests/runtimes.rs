//! The npm package as it is packed, in every runtime that it is for: workerd, Node.js, Deno, Bun, and a page in
//! Chromium.

#![cfg(test)]

#[path = "runtimes/corpus.rs"]
mod corpus;
#[path = "runtimes/installed.rs"]
mod installed;
#[path = "runtimes/package.rs"]
mod package;
#[path = "runtimes/programs.rs"]
mod programs;
#[path = "runtimes/publication.rs"]
mod publication;
#[path = "runtimes/replayed.rs"]
mod replayed;
#[path = "runtimes/runtime.rs"]
mod runtime;
#[path = "runtimes/types.rs"]
mod types;
#[path = "runtimes/workerd.rs"]
mod workerd;
