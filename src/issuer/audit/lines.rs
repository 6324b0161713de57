//! Whole lines on an output that may fail half way.

use std::io::{self, Write};

/// An output that never joins two lines: after a full disk has cut one off, the next one begins on
/// a line of its own.
pub(super) struct Lines<W> {
    output: W,
    torn: bool,
}

impl<W: Write> Lines<W> {
    pub(super) fn new(output: W) -> Self {
        Self { output, torn: false }
    }

    /// Writes whole lines, each with its end, and first the end of what was cut off before.
    pub(super) fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.torn {
            self.write_part(b"\n")?;
        }
        self.write_part(lines)?;
        self.output.flush()
    }

    fn write_part(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let length = match self.output.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let (written, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
            self.torn = written.last() != Some(&b'\n');
            bytes = rest;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with room for so many bytes.
    struct Disk {
        room: usize,
        holds: Vec<u8>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let length = bytes.len().min(self.room);
            if length == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.room -= length;
            self.holds.extend_from_slice(&bytes[..length]);
            Ok(length)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn check(room: usize, expected: &str) {
        let mut lines = Lines::new(Disk { room, holds: Vec::new() });
        assert!(lines.write(b"first\n").is_err());
        lines.output.room = 100;
        lines.write(b"second\n").unwrap();
        assert_eq!(String::from_utf8_lossy(&lines.output.holds), expected);
    }

    #[test]
    fn begins_a_new_line_after_one_that_was_cut_off() {
        check(3, "fir\nsecond\n");
        check(0, "second\n");
    }
}
