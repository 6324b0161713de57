//! The JavaScript side: the npm package, the gateway for Workers and the playground.

mod bundles;
mod module;
mod package;
mod size;
mod stamp;
mod tools;

use crate::Failure;
use crate::artifacts::Network;

pub(crate) use module::optimise;

pub(crate) use tools::{Tools, ensure as ensure_tools};

/// Builds whatever has changed since the last time.
pub(crate) fn build(network: Network) -> Result<(), Failure> {
    module::build(network)?;
    tools::ensure(Tools::Building, network)?;
    package::build()?;
    bundles::build()?;
    size::report()
}
