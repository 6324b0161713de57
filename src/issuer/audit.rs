//! The record of every login attempt: one line of JSON each, written before the answer is sent.

mod attempt;
mod writer;

pub(crate) use self::attempt::{Attempt, Outcome};
pub(crate) use self::writer::Audit;
