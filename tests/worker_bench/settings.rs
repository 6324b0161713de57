//! What the command line asks for.

use std::time::Duration;

use super::Failure;

/// How long and what to measure.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Each row is measured once per round.
    pub(crate) rounds: u32,
    /// Length of a window of known tokens.
    pub(crate) window: Duration,
    /// Requests in a window of new tokens.
    pub(crate) new_tokens: u32,
    /// Requests before the first window.
    pub(crate) warm_up: u32,
    /// Calls in a window on Node.js.
    pub(crate) calls: u32,
    /// Calls before the first of them.
    pub(crate) first_calls: u32,
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
                "--rows" => {
                    let names = arguments.next().ok_or(USAGE)?;
                    settings.chosen = names.split(',').map(str::to_owned).collect();
                }
                "--rounds" => {
                    settings.rounds = arguments.next().ok_or(USAGE)?.parse().map_err(|_| USAGE)?;
                }
                _ => return Err(USAGE.into()),
            }
        }
        Ok(settings)
    }

    fn full() -> Self {
        Self {
            // Many short windows: two rows of a round are then measured within a tenth of a second of each other, and
            // what else the machine does hits both.
            rounds: 151,
            window: Duration::from_millis(25),
            new_tokens: 80,
            // V8 compiles a function well only after it has run many thousand times, and a core that has met new
            // tokens all along has as many as it keeps: each new one pushes an old one out.
            warm_up: 21_000,
            calls: 60,
            first_calls: 4_000,
            chosen: Vec::new(),
        }
    }

    /// Whether a row is to be measured.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.chosen.is_empty() || self.chosen.iter().any(|chosen| name.contains(chosen.as_str()))
    }

    /// Tokens of each algorithm, of which none is sent twice as a new one.
    pub(crate) fn tokens(&self) -> Result<usize, Failure> {
        let workers = self.warm_up + self.rounds * self.new_tokens;
        Ok(usize::try_from(workers)?.max(self.tokens_for_node()?))
    }

    /// The known ones, then new ones for each row and round.
    pub(crate) fn tokens_for_node(&self) -> Result<usize, Failure> {
        let calls = self.first_calls + self.rounds * self.calls;
        Ok(KNOWN + usize::try_from(calls)?)
    }
}

/// Tokens that come again and again.
pub(crate) const KNOWN: usize = 2_000;

const USAGE: &str = "usage: cargo xtask bench worker [--rounds N] [--rows NAME,NAME..]
  --rounds N  how often each row is measured (151)
  --rows      only what has one of these texts in its name, such as `ours_warm`, `es256`, `empty`";
