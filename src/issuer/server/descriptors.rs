//! How many connections the operating system lets this process hold.

use std::fs;

/// Descriptors for everything else: database, log, listener, what libraries open.
const RESERVE: usize = 64;

/// The configured number, or less when the limit of open files would be reached before: it is
/// better to leave connections in the queue of the system than to fail at every one.
pub(super) fn fitting(configured: usize) -> usize {
    match soft_limit() {
        Some(limit) => configured.min(limit.saturating_sub(RESERVE).max(1)),
        None => configured,
    }
}

/// From `/proc`, where there is one: asking the system itself would need unsafe code.
fn soft_limit() -> Option<usize> {
    parse(&fs::read_to_string("/proc/self/limits").ok()?)
}

/// The first number of `Max open files   1024   524288   files`; `unlimited` is none.
fn parse(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_soft_limit() {
        let limits = "Limit   Soft Limit   Hard Limit   Units\n\
                      Max processes   7   8   processes\n\
                      Max open files   1024   524288   files\n";
        assert_eq!(parse(limits), Some(1024));
        assert_eq!(parse("Max open files   unlimited   unlimited   files\n"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn never_exceeds_the_configuration() {
        assert_eq!(fitting(1), 1);
        assert!(fitting(usize::MAX) > 1);
    }
}
