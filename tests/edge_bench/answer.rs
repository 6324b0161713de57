//! As much of an HTTP/1.1 response as the load generator needs.

use super::Failure;

/// Status and length in bytes of the first answer in `bytes`; `None` while it is not whole.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<(u16, usize)>, Failure> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = bytes.get(..end).unwrap_or_default();
    let status = head.get(9..12).and_then(number).ok_or("an answer without a status")?;
    let body = content_length(head).ok_or("an answer without a length")?;
    let length = end + 4 + body;
    Ok((bytes.len() >= length).then_some((u16::try_from(status)?, length)))
}

/// Envoy writes header names in lower case, workerd does not.
fn content_length(head: &[u8]) -> Option<usize> {
    let mut lines = head.split(|byte| *byte == b'\n');
    let value = lines.find_map(|line| {
        let (name, value) = line.split_at_checked(LENGTH.len())?;
        name.eq_ignore_ascii_case(LENGTH).then_some(value)
    })?;
    number(value.strip_suffix(b"\r").unwrap_or(value))
}

fn number(digits: &[u8]) -> Option<usize> {
    core::str::from_utf8(digits).ok()?.parse().ok()
}

const LENGTH: &[u8] = b"content-length: ";

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] =
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nserver: envoy\r\n\r\nokHTTP/1.1 ";

    #[test]
    fn finds_the_end_of_the_first_of_two_answers() {
        let (status, length) = parse(ANSWER).unwrap().unwrap();
        assert_eq!((status, &ANSWER[length..]), (200, &b"HTTP/1.1 "[..]));
    }

    #[test]
    fn waits_for_the_last_byte() {
        for length in 0..ANSWER.len() - 9 - 1 {
            assert_eq!(parse(&ANSWER[..length]).unwrap(), None, "{length} bytes");
        }
    }

    #[test]
    fn finds_the_length_in_any_spelling() {
        assert_eq!(
            parse(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap(),
            Some((200, 38))
        );
    }

    #[test]
    fn refuses_an_answer_without_a_length() {
        assert!(parse(b"HTTP/1.1 200 OK\r\nserver: envoy\r\n\r\n").is_err());
    }
}
