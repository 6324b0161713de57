//! A child process that does not outlive its owner.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::LabError;

/// A running program whose output goes to a file; killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    program: String,
    log: PathBuf,
}

impl Process {
    /// Starts `command` with standard output and standard error in the file `log`.
    pub fn start(mut command: Command, log: &Path) -> Result<Self, LabError> {
        let program = command.get_program().to_string_lossy().into_owned();
        let file = File::create(log).map_err(LabError::file("create", log))?;
        let twin = file.try_clone().map_err(LabError::file("open", log))?;
        command.stdin(Stdio::null()).stdout(file).stderr(twin);
        let child = command.spawn().map_err(LabError::io(format!("start {program}")))?;
        Ok(Self { child, program, log: log.to_owned() })
    }

    /// Asks `ready` every few milliseconds until it answers.
    pub fn wait_until<T>(&mut self, mut ready: impl FnMut() -> Option<T>) -> Result<T, LabError> {
        let deadline = Instant::now() + START_UP;
        while Instant::now() < deadline {
            if let Some(value) = ready() {
                return Ok(value);
            }
            if self.has_ended() {
                return Err(LabError::Ended { program: self.program.clone(), output: self.tail() });
            }
            thread::sleep(PAUSE);
        }
        Err(LabError::NotReady { program: self.program.clone(), output: self.tail() })
    }

    /// Its number in the process table.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether the program is gone.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// The memory that the program takes at the moment; known on Linux only.
    pub fn resident_bytes(&self) -> Result<u64, LabError> {
        let path = PathBuf::from(format!("/proc/{}/status", self.child.id()));
        let status = fs::read_to_string(&path).map_err(LabError::file("read", &path))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        let bytes = kibibytes.and_then(|kibibytes| kibibytes.checked_mul(1024));
        bytes.ok_or_else(|| LabError::answer(format!("{} without VmRSS", path.display())))
    }

    /// Everything that the program has written so far.
    pub fn output(&self) -> String {
        fs::read(&self.log).map_or_else(|_| String::new(), |b| String::from_utf8_lossy(&b).into())
    }

    fn tail(&self) -> String {
        last_lines(&self.output())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing to do about a failure here, and the most likely one is that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs `command` to its end and returns its standard output; an error exit is an error with its last lines.
pub fn run(mut command: Command) -> Result<String, LabError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output =
        command.stdin(Stdio::null()).output().map_err(LabError::io(format!("start {program}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Err(LabError::Ended { program, output: last_lines(&text) })
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    let skipped = lines.len().saturating_sub(20);
    lines.into_iter().skip(skipped).collect::<Vec<_>>().join("\n")
}

/// Envoy compiles the filter at start-up; several at once on a busy machine take their time.
const START_UP: Duration = Duration::from_mins(5);
const PAUSE: Duration = Duration::from_millis(10);
