//! What the npm package promises to programs: it accepts nothing that jose refuses, and nothing that a program hands it
//! makes it fail in a way that is not its own.

#![cfg(test)]

#[path = "package/differential.rs"]
mod differential;
#[path = "package/hostile.rs"]
mod hostile;
#[path = "package/node.rs"]
mod node;
#[path = "package/readme.rs"]
mod readme;
