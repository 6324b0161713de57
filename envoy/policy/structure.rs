//! `google.protobuf.Struct`, the form in which Envoy hands over a configuration that was written as
//! YAML beside the rest of its own. Envoy's reference speaks of JSON; Envoy 1.40 passes the protobuf
//! bytes as they are.

use serde_json::{Map, Number, Value};

/// Bytes that are no `Struct`, or one that JSON cannot tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAStruct;

/// The members of a `Struct`. Strict: a byte too many, an unknown field or a number that is not
/// finite make it something else.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, NotAStruct> {
    parse_struct(bytes, MAXIMUM_DEPTH)
}

fn parse_struct(bytes: &[u8], depth: usize) -> Result<Value, NotAStruct> {
    let depth = depth.checked_sub(1).ok_or(NotAStruct)?;
    let mut members = Map::new();
    for field in fields(bytes)? {
        let Field { number: 1, content: Content::Bytes(entry) } = field else {
            return Err(NotAStruct);
        };
        let (name, value) = parse_member(entry, depth)?;
        if members.insert(name, value).is_some() {
            return Err(NotAStruct);
        }
    }
    Ok(Value::Object(members))
}

fn parse_member(bytes: &[u8], depth: usize) -> Result<(String, Value), NotAStruct> {
    let (mut name, mut value) = (String::new(), Value::Null);
    for field in fields(bytes)? {
        match field {
            Field { number: 1, content: Content::Bytes(text) } => name = parse_text(text)?,
            Field { number: 2, content: Content::Bytes(bytes) } => {
                value = parse_value(bytes, depth)?;
            }
            _ => return Err(NotAStruct),
        }
    }
    Ok((name, value))
}

fn parse_value(bytes: &[u8], depth: usize) -> Result<Value, NotAStruct> {
    let mut value = Value::Null;
    for field in fields(bytes)? {
        value = match (field.number, field.content) {
            (1, Content::Integer(0)) => Value::Null,
            (2, Content::Double(number)) => parse_number(number)?,
            (3, Content::Bytes(text)) => Value::String(parse_text(text)?),
            (4, Content::Integer(truth @ 0..=1)) => Value::Bool(truth == 1),
            (5, Content::Bytes(members)) => parse_struct(members, depth)?,
            (6, Content::Bytes(values)) => parse_list(values, depth)?,
            _ => return Err(NotAStruct),
        };
    }
    Ok(value)
}

fn parse_list(bytes: &[u8], depth: usize) -> Result<Value, NotAStruct> {
    let depth = depth.checked_sub(1).ok_or(NotAStruct)?;
    let mut values = Vec::new();
    for field in fields(bytes)? {
        let Field { number: 1, content: Content::Bytes(value) } = field else {
            return Err(NotAStruct);
        };
        values.push(parse_value(value, depth)?);
    }
    Ok(Value::Array(values))
}

/// A `Struct` knows only floating-point numbers; those that are whole were written as whole.
fn parse_number(number: f64) -> Result<Value, NotAStruct> {
    if number.fract() == 0.0 && number.abs() < EXACT_BELOW {
        #[expect(clippy::cast_possible_truncation, reason = "whole and small, as checked above")]
        return Ok(Value::Number(Number::from(number as i64)));
    }
    Number::from_f64(number).map(Value::Number).ok_or(NotAStruct)
}

fn parse_text(bytes: &[u8]) -> Result<String, NotAStruct> {
    str::from_utf8(bytes).map(str::to_owned).map_err(|_| NotAStruct)
}

/// One field of a protobuf message.
#[derive(Clone, Copy, Debug)]
struct Field<'a> {
    number: u64,
    content: Content<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Content<'a> {
    Integer(u64),
    Double(f64),
    Bytes(&'a [u8]),
}

fn fields(mut bytes: &[u8]) -> Result<Vec<Field<'_>>, NotAStruct> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let (tag, rest) = integer(bytes)?;
        let (content, rest) = content(tag & 0b111, rest)?;
        fields.push(Field { number: tag >> 3, content });
        bytes = rest;
    }
    Ok(fields)
}

fn content(wire_type: u64, bytes: &[u8]) -> Result<(Content<'_>, &[u8]), NotAStruct> {
    match wire_type {
        0 => integer(bytes).map(|(value, rest)| (Content::Integer(value), rest)),
        1 => {
            let (value, rest) = bytes.split_first_chunk().ok_or(NotAStruct)?;
            Ok((Content::Double(f64::from_le_bytes(*value)), rest))
        }
        2 => {
            let (size, rest) = integer(bytes)?;
            let size = usize::try_from(size).map_err(|_| NotAStruct)?;
            let (value, rest) = rest.split_at_checked(size).ok_or(NotAStruct)?;
            Ok((Content::Bytes(value), rest))
        }
        _ => Err(NotAStruct),
    }
}

/// A number in groups of seven bits, the lowest first, each but the last with the high bit set.
fn integer(bytes: &[u8]) -> Result<(u64, &[u8]), NotAStruct> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(MAXIMUM_INTEGER_BYTES) {
        value |= u64::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((value, bytes.get(index + 1..).unwrap_or_default()));
        }
    }
    Err(NotAStruct)
}

/// Levels of members and lists; a policy needs six.
const MAXIMUM_DEPTH: usize = 32;

/// Nine groups of seven bits: more than any size or tag needs, and no shift can overflow.
const MAXIMUM_INTEGER_BYTES: usize = 9;

/// Below it every whole number has a floating-point number of its own (2^53).
const EXACT_BELOW: f64 = 9_007_199_254_740_992.0;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Writes a length-delimited field, for contents of less than 128 bytes.
    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, u8::try_from(content.len()).unwrap()], content].concat()
    }

    fn member(name: &str, value: &[u8]) -> Vec<u8> {
        field(1, &[field(1, name.as_bytes()), field(2, value)].concat())
    }

    fn number(value: f64) -> Vec<u8> {
        [&[0x11][..], &value.to_le_bytes()].concat()
    }

    #[test]
    fn every_kind_of_value_becomes_its_json() {
        let list = [field(1, &field(3, b"GET")), field(1, &[0x08, 0x00])].concat();
        let bytes = [
            member("list", &field(6, &list)),
            member("number", &number(300.0)),
            member("half", &number(-0.5)),
            member("truth", &[0x20, 0x01]),
            member("inner", &field(5, &member("text", &field(3, "\u{e9}".as_bytes())))),
        ]
        .concat();
        let expected = json!({
            "list": ["GET", null], "number": 300, "half": -0.5, "truth": true,
            "inner": { "text": "\u{e9}" },
        });
        assert_eq!(parse(&bytes).unwrap(), expected);
    }

    #[test]
    fn whole_numbers_become_integers_while_they_are_exact() {
        assert_eq!(
            parse(&member("n", &number(9_007_199_254_740_991.0))).unwrap().to_string(),
            r#"{"n":9007199254740991}"#
        );
        assert_eq!(parse(&member("n", &number(1e300))).unwrap().to_string(), r#"{"n":1e+300}"#);
        assert_eq!(parse(&member("n", &number(f64::NAN))), Err(NotAStruct));
        assert_eq!(parse(&member("n", &number(f64::INFINITY))), Err(NotAStruct));
    }

    #[test]
    fn refuses_every_truncation() {
        let bytes = member("a", &field(5, &member("b", &number(1.5))));
        for length in 1..bytes.len() {
            assert_eq!(parse(&bytes[..length]), Err(NotAStruct), "{length} bytes");
        }
    }

    #[test]
    fn refuses_json_text_even_if_it_begins_with_a_line_break() {
        assert_eq!(parse(br#"{"routes":[]}"#), Err(NotAStruct));
        assert_eq!(parse(b"\n{\n  \"routes\": []\n}"), Err(NotAStruct));
    }

    #[test]
    fn refuses_a_member_given_twice() {
        let bytes = [member("a", &[0x20, 0x01]), member("a", &[0x20, 0x00])].concat();
        assert_eq!(parse(&bytes), Err(NotAStruct));
    }

    #[test]
    fn refuses_nesting_without_end() {
        let nested = |levels| {
            (1..levels).fold(Vec::new(), |inner, _| {
                // Sizes here outgrow one byte, so they are written by hand.
                let list = tagged(1, &inner);
                tagged(6, &list)
            })
        };
        assert!(parse(&tagged(1, &[field(1, b"a"), tagged(2, &nested(30))].concat())).is_ok());
        let deep = tagged(1, &[field(1, b"a"), tagged(2, &nested(40))].concat());
        assert_eq!(parse(&deep), Err(NotAStruct));
    }

    fn tagged(number: u8, content: &[u8]) -> Vec<u8> {
        let size = u16::try_from(content.len()).unwrap();
        let [low, high] = [size & 0x7F | 0x80, size >> 7].map(|part| u8::try_from(part).unwrap());
        [&[number << 3 | 2, low, high], content].concat()
    }
}
