//! Writes lines in groups: whoever waits for its line is answered once it is written.

use core::fmt;
use std::io::Write;
use std::thread;

use tokio::sync::{mpsc, oneshot};

use super::Attempt;
use crate::report::warn;

/// Lines that may wait for the writer; beyond it, requests wait too.
const QUEUE: usize = 1024;

/// The audit cannot be written, so nothing may be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AuditError;

impl fmt::Display for AuditError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "audit cannot be written: standard output; requests get 503 until it can, check who \
             reads it",
        )
    }
}

impl core::error::Error for AuditError {}

struct Entry {
    line: Vec<u8>,
    written: oneshot::Sender<Result<(), AuditError>>,
}

/// The way to the audit. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Audit(mpsc::Sender<Entry>);

impl Audit {
    /// Starts the writer. It ends when the last handle is dropped.
    ///
    /// A thread of its own: a reader that is slow must not stop the threads that serve.
    pub(crate) fn start(output: impl Write + Send + 'static) -> Result<Self, AuditError> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || write_all(receiver, output))
            .map_err(|_| AuditError)?;
        Ok(Self(sender))
    }

    /// Writes the attempt and returns once it is out of our hands.
    pub(crate) async fn record(&self, attempt: &Attempt) -> Result<(), AuditError> {
        let mut line = attempt.to_line();
        line.push(b'\n');
        let (written, answer) = oneshot::channel();
        self.0.send(Entry { line, written }).await.map_err(|_| AuditError)?;
        answer.await.unwrap_or(Err(AuditError))
    }
}

fn write_all(mut receiver: mpsc::Receiver<Entry>, mut output: impl Write) {
    let mut group = Vec::new();
    let mut was_failing = false;
    // One write for all that wait: under load the cost per request falls.
    while receiver.blocking_recv_many(&mut group, QUEUE) > 0 {
        let lines: Vec<u8> = group.iter().flat_map(|entry| entry.line.iter().copied()).collect();
        let result = output.write_all(&lines).and_then(|()| output.flush()).map_err(|_| AuditError);
        // Said once, not once per request.
        if let (Err(error), false) = (&result, was_failing) {
            warn(error);
        }
        was_failing = result.is_err();
        for entry in group.drain(..) {
            // A caller that has gone away needs no answer.
            let _ = entry.written.send(result);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::net::Ipv4Addr;

    use super::*;

    struct Broken;

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn says_when_a_line_could_not_be_written() {
        let audit = Audit::start(Broken).unwrap();
        let attempt = Attempt::begin(Ipv4Addr::LOCALHOST.into());
        assert_eq!(audit.record(&attempt).await, Err(AuditError));
    }
}
