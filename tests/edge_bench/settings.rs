//! What the command line asks for.

use std::time::Duration;

use super::Failure;
use super::rows::ALL;

/// How long and what to measure.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// How often all Envoys are started anew.
    pub(crate) starts: u32,
    /// How often each row is measured in Envoys of one start.
    pub(crate) rounds: u32,
    /// Length of a warm window.
    pub(crate) window: Duration,
    /// Requests in a cold window, and with them tokens.
    pub(crate) new_tokens: u32,
    /// Requests before the first window.
    pub(crate) warm_up: u32,
    /// Rounds of taking access away.
    pub(crate) revocations: u32,
    /// Whether ten million requests are sent.
    pub(crate) soak: bool,
    /// Parts of names of rows; empty means all.
    chosen: Vec<String>,
}

impl Settings {
    /// Reads the arguments of the program.
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut settings = Self::full();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--soak" => settings.soak = true,
                "--rows" => {
                    let names = arguments.next().ok_or(USAGE)?;
                    settings.chosen = names.split(',').map(str::to_owned).collect();
                }
                "--starts" => settings.starts = number(arguments.next())?,
                "--rounds" => settings.rounds = number(arguments.next())?,
                _ => return Err(USAGE.into()),
            }
        }
        // Every window of every round takes tokens that were never sent.
        let tokens = settings.warm_up + settings.rounds * settings.new_tokens;
        if usize::try_from(tokens)? > ALL {
            settings.new_tokens = (u32::try_from(ALL)? - settings.warm_up) / settings.rounds;
        }
        Ok(settings)
    }

    fn full() -> Self {
        Self {
            starts: 3,
            rounds: 9,
            // Many short windows: two rows of a round are then measured within seconds of each other, and what
            // else the machine does hits both.
            window: Duration::from_millis(300),
            new_tokens: 2_000,
            // V8 compiles a function well only after it has run many thousand times.
            warm_up: 30_000,
            revocations: 100,
            soak: false,
            chosen: Vec::new(),
        }
    }

    /// Whether a row, or a part such as `memory`, is to be measured.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.chosen.is_empty() || self.chosen.iter().any(|chosen| name.contains(chosen.as_str()))
    }
}

/// At least one.
fn number(argument: Option<String>) -> Result<u32, Failure> {
    let number = argument.ok_or(USAGE)?.parse().map_err(|_| USAGE)?;
    if number == 0 { Err(USAGE.into()) } else { Ok(number) }
}

const USAGE: &str = "usage: cargo xtask bench edge [--soak] [--starts N] [--rounds N] [--rows NAME,NAME..]
  --soak      also send ten million requests and watch the memory
  --starts N  how often all Envoys are started anew (3)
  --rounds N  how often each row is measured between two starts (9)
  --rows      only what has one of these texts in its name, such as `ours_2000`, `cold`, `memory`, `revocation`";
