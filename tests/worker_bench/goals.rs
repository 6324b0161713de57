//! What is promised about Workers and JavaScript.

use super::goal::Goal;
use super::node::Costs;
use super::statistics::{Figures, added_ratio, ratio};

/// All promises beside what was measured.
pub(crate) fn judge(workers: &Figures, node: &Costs, brotli: f64) -> Vec<Goal> {
    let goal = |key, title, at_most, value| Goal { key, title, at_most, value };
    let added = |ours, jose, empty| added_ratio(workers, ours, jose, empty);
    vec![
        goal(
            "warm_added_vs_jose_es256",
            "known tokens, ES256: added CPU, to jose",
            WARM,
            added("ours_warm_es256", "jose_es256", "empty_es256"),
        ),
        goal(
            "warm_added_vs_jose_rs256",
            "known tokens, RS256: added CPU, to jose",
            WARM,
            added("ours_warm_rs256", "jose_rs256", "empty_rs256"),
        ),
        goal(
            "warm_added_vs_jose_ed25519",
            "known tokens, Ed25519: added CPU, to jose",
            WARM,
            added("ours_warm_ed25519", "jose_ed25519", "empty_ed25519"),
        ),
        goal(
            "cold_added_vs_jose_es256",
            "new tokens, ES256: added CPU, to jose",
            COLD,
            added("ours_cold_es256", "jose_es256", "empty_es256"),
        ),
        goal(
            "cold_added_vs_jose_rs256",
            "new tokens, RS256: added CPU, to jose",
            COLD,
            added("ours_cold_rs256", "jose_rs256", "empty_rs256"),
        ),
        goal(
            "cold_added_vs_jose_ed25519",
            "new tokens, Ed25519: added CPU, to jose",
            COLD,
            added("ours_cold_ed25519", "jose_ed25519", "empty_ed25519"),
        ),
        goal(
            "es256_sync_vs_plain_p256",
            "verifySync, ES256: CPU, to the signature alone by p256",
            0.25,
            ratio(&node.cpu, "ours_sync_es256", "plain_p256"),
        ),
        goal("brotli_kb", "the package in a Worker, KiB by brotli", 90.0, Some(brotli)),
    ]
}

/// What a known token may cost in proportion to its verification by jose.
const WARM: f64 = 0.15;
/// The same of a new one, with the policy.
const COLD: f64 = 1.0;
