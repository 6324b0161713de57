//! What is measured on Node.js.

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// Its name in the report, for `--rows`, and in the script.
    pub(crate) key: &'static str,
    /// Its name for people.
    pub(crate) title: &'static str,
    /// The script in this folder, `node_<library>.js`.
    pub(crate) library: &'static str,
    pub(crate) tokens: Sent,
}

/// Which tokens it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// Those that it was given before.
    Known,
    /// Each once.
    New,
}

const fn row(key: &'static str, title: &'static str, library: &'static str, tokens: Sent) -> Row {
    Row { key, title, library, tokens }
}

pub(crate) const ROWS: [Row; 12] = {
    use Sent::{Known, New};
    [
        row("ours_sync_es256", "verifySync, ES256", "ours", New),
        row("plain_p256", "p256 alone in wasm, ES256", "plain_p256", New),
        row("fast_jwt_es256", "fast-jwt, ES256", "fast_jwt", New),
        row("ours_async_es256", "verify, ES256", "ours", New),
        row("jose_es256", "jose, ES256", "jose", New),
        row("ours_sync_ed25519", "verifySync, Ed25519", "ours", New),
        row("fast_jwt_ed25519", "fast-jwt, Ed25519", "fast_jwt", New),
        row("ours_async_ed25519", "verify, Ed25519", "ours", New),
        row("jose_ed25519", "jose, Ed25519", "jose", New),
        row("ours_guard_known", "guard.check, ES256", "ours", Known),
        row("ours_sync_known", "verifySync, ES256", "ours", Known),
        row("fast_jwt_known", "fast-jwt with its cache, ES256", "fast_jwt", Known),
    ]
};
