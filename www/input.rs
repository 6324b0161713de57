//! The request as JavaScript writes it: the texts one after the other, each character a byte.

use core::net::IpAddr;

use edgelatch_core::Request;

/// How the bytes are to be cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) method: usize,
    pub(crate) authority: usize,
    pub(crate) path: usize,
    pub(crate) source: usize,
    /// Bit 0: a certificate's digest comes first. Bits 1 and 2: the scheme, 1 for http, 2 for https.
    pub(crate) flags: u32,
}

/// Header lines: name and value.
pub(crate) type Lines<'a> = Vec<(&'a [u8], &'a [u8])>;

/// A request whose header lines are still apart.
pub(crate) struct Parsed<'a> {
    request: Request<'a>,
    lines: Lines<'a>,
}

impl Parsed<'_> {
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Request<'_>) -> T) -> T {
        work(&Request { headers: &self.lines, ..self.request })
    }

    /// The only value of a header.
    pub(crate) fn single(&self, name: &[u8]) -> Option<&[u8]> {
        let mut values = self.lines.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        let (_, first) = values.next()?;
        values.next().is_none().then_some(*first)
    }
}

/// Cuts the bytes; none if they do not fit the shape.
pub(crate) fn parse(bytes: &[u8], shape: Shape) -> Option<Parsed<'_>> {
    let mut rest = bytes;
    let certificate = if shape.flags & 1 == 1 {
        let (digest, after) = rest.split_first_chunk::<32>()?;
        rest = after;
        Some(*digest)
    } else {
        None
    };
    let mut take = |length: usize| {
        let (piece, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(piece)
    };
    let request = Request {
        method: take(shape.method)?,
        authority: take(shape.authority)?,
        path: take(shape.path)?,
        source: address(take(shape.source)?),
        scheme: match shape.flags >> 1 {
            1 => b"http",
            2 => b"https",
            _ => b"",
        },
        certificate,
        ..Request::default()
    };
    Some(Parsed { request, lines: lines(rest)? })
}

/// Each line: length of the name and of the value, four bytes each, lowest first; then both.
fn lines(mut rest: &[u8]) -> Option<Lines<'_>> {
    // A request with a known token brings none, and no memory is asked for then.
    let mut lines = Vec::with_capacity(if rest.is_empty() { 0 } else { 4 });
    while !rest.is_empty() {
        let (name, after) = rest.split_first_chunk::<4>()?;
        let (value, after) = after.split_first_chunk::<4>()?;
        let (name, after) = after.split_at_checked(length(*name))?;
        let (value, after) = after.split_at_checked(length(*value))?;
        lines.push((name, value));
        rest = after;
    }
    Some(lines)
}

fn length(bytes: [u8; 4]) -> usize {
    usize::try_from(u32::from_le_bytes(bytes)).unwrap_or(usize::MAX)
}

/// What is no address is none: routes with `networks` then refuse.
fn address(text: &[u8]) -> Option<IpAddr> {
    if text.is_empty() {
        return None;
    }
    core::str::from_utf8(text).ok()?.parse().ok()
}
