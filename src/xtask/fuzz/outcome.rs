//! What libFuzzer says about a run, in a line.

/// The end of one target's run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) target: String,
    seconds: u64,
    executions: u64,
    features: u64,
    /// What was found, and where the input is.
    pub(crate) crash: Option<String>,
}

impl Outcome {
    /// Reads the log of a run.
    pub(crate) fn read(target: &str, seconds: u64, success: bool, log: &str) -> Self {
        let executions = number_after(log, "stat::number_of_executed_units:");
        // A fuzzer that did not fuzz found nothing either.
        let crash = (!success || executions == 0).then(|| explain(target, log));
        Self {
            target: target.to_owned(),
            seconds,
            executions,
            features: number_after(log, " ft: "),
            crash,
        }
    }

    /// `fuzz: token 1,234,567 executions in 60 s, 2,345 features, 0 crashes`
    pub(crate) fn summary(&self) -> String {
        let Self { target, seconds, .. } = self;
        let (executions, features) = (grouped(self.executions), grouped(self.features));
        let crashes = u8::from(self.crash.is_some());
        format!(
            "fuzz: {target} {executions} executions in {seconds} s, {features} features, {crashes} crashes"
        )
    }
}

/// The panic, the file with the input, and how to try it again.
fn explain(target: &str, log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let panic = lines.iter().position(|line| line.contains("panicked at"));
    let start = panic.unwrap_or_else(|| lines.len().saturating_sub(20));
    let shown = lines.iter().skip(start).take(6).map(|line| line.chars().take(2000).collect());
    let mut explanation: Vec<String> = shown.collect();
    let written = lines.iter().find_map(|line| line.split_once("Test unit written to "));
    if let Some((_, input)) = written {
        explanation.push(format!("input: {input}"));
        explanation.push(format!("again: cargo xtask fuzz --target {target} --replay {input}"));
    }
    explanation.join("\n")
}

/// The number behind the last `name`.
fn number_after(log: &str, name: &str) -> u64 {
    let text = log.rsplit_once(name).map_or("", |(_, rest)| rest.trim_start());
    let digits = text.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "#2\tINITED cov: 3 ft: 4 corp: 1/1b\n#9\tNEW    cov: 5 ft: 1076 corp: 2/2b\n\
                       stat::number_of_executed_units: 1234567\n";

    #[test]
    fn sums_up_a_run_without_a_crash() {
        let outcome = Outcome::read("token", 60, true, LOG);
        assert!(outcome.crash.is_none());
        assert_eq!(
            outcome.summary(),
            "fuzz: token 1,234,567 executions in 60 s, 1,076 features, 0 crashes"
        );
    }

    #[test]
    fn tells_how_to_try_a_crash_again() {
        let log = "thread '<unnamed>' panicked at tests/fuzz/x.rs:1:1:\nwrong\n\
                   Test unit written to /t/crash-1\nstat::number_of_executed_units: 3\n";
        let outcome = Outcome::read("token", 1, false, log);
        let crash = outcome.crash.as_deref().unwrap_or_default();
        assert!(crash.contains("wrong"), "{crash}");
        assert!(crash.ends_with("again: cargo xtask fuzz --target token --replay /t/crash-1"));
        assert!(outcome.summary().ends_with("1 crashes"));
    }

    #[test]
    fn takes_a_fuzzer_that_did_nothing_for_a_failure() {
        assert!(Outcome::read("token", 1, true, "").crash.is_some());
    }
}
