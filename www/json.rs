//! JSON for JavaScript, in the few forms that are told. Written out: `serde_json` would bring ten kilobytes along to
//! print fractions that there are none of.

use std::fmt::Write as _;

/// What a member is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Member<'a> {
    Nothing,
    Text(&'a str),
    Whole(u64),
}

/// One object.
pub(crate) fn object(members: &[(&str, Member<'_>)]) -> String {
    let mut json = String::from("{");
    for (name, member) in members {
        if json.len() > 1 {
            json.push(',');
        }
        text(&mut json, name);
        json.push(':');
        match member {
            Member::Nothing => json.push_str("null"),
            Member::Text(value) => text(&mut json, value),
            Member::Whole(number) => json.push_str(&number.to_string()),
        }
    }
    json.push('}');
    json
}

/// RFC 8259 s7: what has to be escaped, and nothing else.
fn text(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            '\0'..='\x1f' => drop(write!(json, "\\u{:04x}", u32::from(character))),
            _ => json.push(character),
        }
    }
    json.push('"');
}

impl<'a> From<&'a str> for Member<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_every_reader_of_json_reads() {
        assert_eq!(object(&[]), "{}");
        let members = [
            ("a", Member::Text("b")),
            ("c", Member::Whole(u64::MAX)),
            ("d", Member::Nothing),
            ("\"", Member::Text("\\ \0\n\u{1f}\u{20}\u{7f}\u{e9}")),
        ];
        assert_eq!(
            object(&members),
            "{\"a\":\"b\",\"c\":18446744073709551615,\"d\":null,\
             \"\\\"\":\"\\\\ \\u0000\\u000a\\u001f \u{7f}\u{e9}\"}"
        );
    }
}
