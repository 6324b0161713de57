//! A library in a Node.js process of its own, which is told what to measure.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::Failure;

/// The process; it ends when this is dropped.
pub(crate) struct Program {
    library: &'static str,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What one call takes, in microseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
}

impl Program {
    /// Starts `node_main.js` in `folder` with what stands in its file `node.json`.
    pub(crate) fn start(library: &'static str, folder: &Path) -> Result<Self, Failure> {
        let mut node = Command::new("node");
        node.current_dir(folder).args(["node_main.js", library, "node.json"]);
        let mut child = node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take().ok_or("no standard input")?;
        let output = BufReader::new(child.stdout.take().ok_or("no standard output")?);
        Ok(Self { library, child, input, output })
    }

    /// Fails unless the row refuses a forged token and takes a sound one: one that checks nothing would be the fastest.
    pub(crate) fn prove(&mut self, row: &str) -> Result<(), Failure> {
        match self.ask(&format!("prove {row}"))?.as_str() {
            "sound" => Ok(()),
            _ => Err(format!("{row} takes a forged token, or refuses a sound one").into()),
        }
    }

    /// Measures a row with `count` tokens from the place `from` on.
    pub(crate) fn measure(&mut self, row: &str, from: u32, count: u32) -> Result<Cost, Failure> {
        let answer = self.ask(&format!("measure {row} {from} {count}"))?;
        let (cpu, wall) = answer.split_once(' ').ok_or("not two figures")?;
        Ok(Cost { cpu: cpu.parse()?, wall: wall.parse()? })
    }

    fn ask(&mut self, line: &str) -> Result<String, Failure> {
        writeln!(self.input, "{line}")?;
        let mut answer = String::new();
        if self.output.read_line(&mut answer)? == 0 {
            return Err(format!("node_{}.js ended, asked to {line}", self.library).into());
        }
        Ok(answer.trim_end().to_owned())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Nothing to do about a failure here, and the most likely one is that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
