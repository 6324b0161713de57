//! What every source is read into.

use super::provider::Provider;
use super::rules::Layer;

/// Issuers and rules.
#[derive(Debug)]
pub(super) struct Imported {
    pub(super) providers: Vec<Provider>,
    pub(super) layers: Vec<Layer>,
}
