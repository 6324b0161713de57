//! The record of every login attempt: one line of JSON each, written before the answer is sent.

mod attempt;
mod error;
mod health;
mod lines;
mod writer;

pub(crate) use self::attempt::{Attempt, Event, Outcome};
pub(crate) use self::error::AuditError;
pub(crate) use self::writer::Audit;
