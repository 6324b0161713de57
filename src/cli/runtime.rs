//! The runtime under commands that wait for something.

use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;

/// For commands that do one thing.
pub(crate) fn single() -> Result<Runtime, Failure> {
    Builder::new_current_thread().enable_all().build().map_err(|error| refuse(&error))
}

/// For `serve`: a thread per core.
pub(crate) fn many() -> Result<Runtime, Failure> {
    Builder::new_multi_thread().enable_all().build().map_err(|error| refuse(&error))
}

fn refuse(error: &std::io::Error) -> Failure {
    Failure::Mistake(format!("cannot start: threads ({error}); raise the limits of this user"))
}
