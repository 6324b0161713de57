//! The reasons of the core as the npm package knows them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use edgelatch_core::Rejection;

/// The text of `www/package/reasons.ts`.
pub fn typescript() -> String {
    let mut text = String::from(
        "// The reasons for which a request is refused, as the core has them. Written by `cargo xtask reasons`.\n\n\
         /** Stable codes for logs and metrics. */\nexport type Reason =",
    );
    let codes: BTreeSet<_> = Rejection::ALL.iter().map(|rejection| rejection.code()).collect();
    for code in codes {
        let _ = write!(text, "\n  | \"{code}\"");
    }
    text.push_str(";\n\n/** By the numbers that the core gives them. */\nexport const REASONS: readonly Reason[] = [\n");
    for rejection in Rejection::ALL {
        let _ = writeln!(text, "  \"{}\",", rejection.code());
    }
    text.push_str("];\n");
    text
}

#[cfg(test)]
mod tests {
    use crate::lab;

    #[test]
    fn the_npm_package_has_the_reasons_of_the_core() {
        let path = lab::repository().join("www/package/reasons.ts");
        let found = std::fs::read_to_string(path).unwrap();
        assert_eq!(found, super::typescript(), "run `cargo xtask reasons`");
    }
}
