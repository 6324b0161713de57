//! Lines reached and not reached, out of the report of `cov show`.

use std::path::Path;

/// The lines of the core and its arithmetic that hold code of their own.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(crate) total: usize,
    /// `src/core/engine.rs:12`
    pub(crate) missed: Vec<String>,
}

impl Lines {
    /// Reads the report: the path of a file in a line of its own, and below it its lines as `number|hits|text`, with no
    /// hits where there is no code. What is in `folder` below `root` counts, but for tests.
    pub(crate) fn read(report: &str, root: &Path, folder: &str) -> Self {
        let mut lines = Self::default();
        let mut file = None;
        let mut is_test = false;
        for line in report.lines() {
            let Some((number, hits, text)) = split(line) else {
                let path = Path::new(line).strip_prefix(root).ok();
                let path = path.filter(|path| path.starts_with(folder));
                file = path.map(Path::to_string_lossy);
                is_test = file.as_ref().is_some_and(|file| is_test_file(file));
                continue;
            };
            // By the rules of the house, tests are at the foot of a file.
            is_test |= text.trim_start() == "#[cfg(test)]";
            let (Some(file), false) = (&file, is_test) else { continue };
            if let Ok(hits) = hits.parse::<u64>() {
                lines.total += 1;
                if hits == 0 {
                    lines.missed.push(format!("{file}:{number}: {}", text.trim()));
                }
            }
        }
        lines
    }

    /// Counts these lines too.
    pub(crate) fn add(&mut self, other: Self) {
        self.total += other.total;
        self.missed.extend(other.missed);
    }

    pub(crate) fn permille(&self) -> usize {
        let reached = self.total - self.missed.len();
        (reached * 1000).checked_div(self.total).unwrap_or(0)
    }

    /// `coverage: core 97.4 percent of 3210 lines`
    pub(crate) fn summary(&self) -> String {
        let permille = self.permille();
        let (percent, tenth) = (permille / 10, permille % 10);
        format!("coverage: core {percent}.{tenth} percent of {} lines", self.total)
    }
}

fn split(line: &str) -> Option<(&str, &str, &str)> {
    let (number, rest) = line.split_once('|')?;
    let (hits, text) = rest.split_once('|')?;
    let number = number.trim();
    number.parse::<usize>().ok()?;
    Some((number, hits.trim(), text))
}

fn is_test_file(file: &str) -> bool {
    file.ends_with("tests.rs") || file.contains("tests/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_with_code_outside_of_tests() {
        let report = "/r/src/core/a.rs\n    1|       |use b;\n    2|      3|fn a() {\n    3|      0|    b(1 | 2);\n\
                      \x20   4|       |#[cfg(test)]\n    5|      0|mod tests {\n\n/r/src/core/a/tests.rs\n    1|      0|fn t() {}\n\n\
                      /other/c.rs\n    1|      0|fn c() {}\n";
        let lines = Lines::read(report, Path::new("/r"), "src/core");
        assert_eq!(lines.total, 2);
        assert_eq!(lines.missed, ["src/core/a.rs:3: b(1 | 2);"]);
        assert_eq!(lines.summary(), "coverage: core 50.0 percent of 2 lines");
    }
}
