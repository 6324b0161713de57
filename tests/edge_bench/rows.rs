//! What is measured: which filters, and which tokens they are sent.

use super::algorithm::Algorithm;

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// Its name in the report and for `--rows`.
    pub(crate) key: &'static str,
    /// Its name for people.
    pub(crate) title: &'static str,
    /// The Envoy that is asked.
    pub(crate) edge: EdgeKind,
    /// What the tokens are signed with.
    pub(crate) algorithm: Algorithm,
    /// Which tokens are sent.
    pub(crate) tokens: Sent,
    /// The row of the native chain that does the same job.
    pub(crate) native: &'static str,
}

/// Which tokens are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sent {
    /// So many in turn, each of which the Envoy has seen before.
    Again(usize),
    /// Every request has one that the Envoy has never seen.
    New,
}

/// An Envoy process. Rows with the same kind share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EdgeKind {
    NoFilter,
    EmptyWasm,
    AskingWasm,
    JwtAuthn,
    /// With a cache that has room for so many tokens.
    JwtAuthnCache(usize),
    FullNative,
    FullNativeCache(usize),
    /// Ours on the one route of the native chain.
    Ours(Crowd),
    /// Ours with so many routes.
    OursRoutes(usize),
}

/// Who asks ours: separate processes, so that no row pushes another's tokens out of the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Crowd {
    Few,
    New,
    Known(usize),
}

impl EdgeKind {
    /// A name for the log of the process.
    pub(crate) fn name(self) -> String {
        format!("{self:?}").replace(['(', ')'], "-").to_lowercase()
    }
}

const fn row(
    key: &'static str,
    title: &'static str,
    edge: EdgeKind,
    algorithm: Algorithm,
    tokens: Sent,
) -> Row {
    let native = match (tokens, algorithm) {
        (Sent::Again(_), Algorithm::Es256) => "full_native_2000",
        (Sent::Again(_), Algorithm::Rs256) => "full_native_rs256",
        (Sent::Again(_), Algorithm::Ed25519) => "full_native_ed25519",
        (Sent::New, Algorithm::Es256) => "full_native_cold_es256",
        (Sent::New, Algorithm::Rs256) => "full_native_cold_rs256",
        (Sent::New, Algorithm::Ed25519) => "full_native_cold_ed25519",
    };
    Row { key, title, edge, algorithm, tokens, native }
}

/// The full matrix would be five times as long and say little more: without a cache it does not matter how often a
/// token comes, and with one the algorithm hardly does. Rows that are compared follow each other: the machine may be
/// another one some seconds later.
pub(crate) const ROWS: [Row; 28] = {
    use Algorithm::{Ed25519, Es256, Rs256};
    use Crowd::{Few, Known, New as Strangers};
    use EdgeKind::{
        AskingWasm, EmptyWasm, FullNative, FullNativeCache, JwtAuthn, JwtAuthnCache, NoFilter,
        Ours, OursRoutes,
    };
    use Sent::{Again, New};
    [
        row("no_filter", "no filter", NoFilter, Es256, Again(2_000)),
        row("empty_wasm", "empty wasm filter", EmptyWasm, Es256, Again(2_000)),
        row("asking_wasm", "host calls of ours only", AskingWasm, Es256, Again(2_000)),
        row("full_native_2000", "full native, cache", FullNativeCache(FEW), Es256, Again(2_000)),
        row("ours_2000", "ours", Ours(Few), Es256, Again(2_000)),
        row("ours_20000", "ours", Ours(Known(20_000)), Es256, Again(20_000)),
        row("ours_routes_1", "ours, 1 route", OursRoutes(1), Es256, Again(2_000)),
        row("ours_routes_10000", "ours, 10,000 routes", OursRoutes(10_000), Es256, Again(2_000)),
        row("ours_1", "ours", Ours(Few), Es256, Again(1)),
        row("full_native_1", "full native, cache", FullNativeCache(FEW), Es256, Again(1)),
        row("jwt_authn_cache_1", "jwt_authn, cache", JwtAuthnCache(FEW), Es256, Again(1)),
        row("jwt_authn_cache_2000", "jwt_authn, cache", JwtAuthnCache(FEW), Es256, Again(2_000)),
        row("full_native_50000", "full native, cache", FullNativeCache(ALL), Es256, Again(ALL)),
        row("ours_50000", "ours", Ours(Known(ALL)), Es256, Again(ALL)),
        row("jwt_authn_cache_50000", "jwt_authn, cache", JwtAuthnCache(ALL), Es256, Again(ALL)),
        row("full_native_rs256", "full native, cache", FullNativeCache(FEW), Rs256, Again(2_000)),
        row("ours_rs256", "ours", Ours(Few), Rs256, Again(2_000)),
        row(
            "full_native_ed25519",
            "full native, cache",
            FullNativeCache(FEW),
            Ed25519,
            Again(2_000),
        ),
        row("ours_ed25519", "ours", Ours(Few), Ed25519, Again(2_000)),
        row("jwt_authn_es256", "jwt_authn", JwtAuthn, Es256, New),
        row("full_native_cold_es256", "full native, no cache", FullNative, Es256, New),
        row("ours_cold_es256", "ours", Ours(Strangers), Es256, New),
        row("jwt_authn_rs256", "jwt_authn", JwtAuthn, Rs256, New),
        row("full_native_cold_rs256", "full native, no cache", FullNative, Rs256, New),
        row("ours_cold_rs256", "ours", Ours(Strangers), Rs256, New),
        row("jwt_authn_ed25519", "jwt_authn", JwtAuthn, Ed25519, New),
        row("full_native_cold_ed25519", "full native, no cache", FullNative, Ed25519, New),
        row("ours_cold_ed25519", "ours", Ours(Strangers), Ed25519, New),
    ]
};

/// Room for the tokens of all warm rows but the largest.
const FEW: usize = 10_000;
/// All tokens of an algorithm.
pub(crate) const ALL: usize = 50_000;
