//! What is promised, and whether it was kept.

use super::goal::Goal;
use super::statistics::{Figures, added_ratio, ratio};

/// Figures that are not CPU time of rows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Others {
    pub(crate) wasm_kb: Option<f64>,
    pub(crate) vm_mb: Option<f64>,
    pub(crate) forgotten: Option<f64>,
    pub(crate) soak_growth_mb: Option<f64>,
    pub(crate) revocation_p99: Option<f64>,
}

/// All promises beside what was measured.
pub(crate) fn judge(rows: &Figures, others: Others) -> Vec<Goal> {
    let goal = |key, title, at_most, value| Goal { key, title, at_most, value };
    let native = |row, peer| ratio(rows, row, peer);
    vec![
        goal(
            "warm_total_vs_full_native",
            "warm, 2,000 tokens: all CPU, to full native with cache",
            0.80,
            native("ours_2000", "full_native_2000"),
        ),
        goal(
            "warm_added_vs_full_native",
            "warm, 2,000 tokens: added CPU, to full native with cache",
            0.50,
            added_ratio(rows, "ours_2000", "full_native_2000", "no_filter"),
        ),
        goal(
            "cold_es256_vs_full_native",
            "cold, ES256: all CPU, to full native",
            0.95,
            native("ours_cold_es256", "full_native_cold_es256"),
        ),
        goal(
            "cold_rs256_vs_full_native",
            "cold, RS256: all CPU, to full native",
            0.95,
            native("ours_cold_rs256", "full_native_cold_rs256"),
        ),
        goal(
            "cold_ed25519_vs_full_native",
            "cold, Ed25519: all CPU, to full native",
            1.10,
            native("ours_cold_ed25519", "full_native_cold_ed25519"),
        ),
        goal(
            "routes_10000_vs_1",
            "warm: 10,000 routes, to one",
            1.20,
            native("ours_routes_10000", "ours_routes_1"),
        ),
        goal(
            "cached_tokens_20000_vs_1",
            "warm: 20,000 cached tokens, to one",
            1.20,
            native("ours_20000", "ours_1"),
        ),
        goal("wasm_kb", "the filter's file, KiB", 450.0, others.wasm_kb),
        goal("vm_mb", "one machine with 20,000 cached tokens, MiB", 24.0, others.vm_mb),
        goal("forgotten_tokens", "of 20,000 tokens, forgotten", 0.0, others.forgotten),
        goal(
            "soak_growth_mb",
            "memory gained from 1 to 10 million requests, MiB",
            1.0,
            others.soak_growth_mb,
        ),
        goal(
            "revocation_to_refusal_ms_p99",
            "client disabled to refused by both workers, ms, p99",
            1_000.0,
            others.revocation_p99,
        ),
    ]
}
