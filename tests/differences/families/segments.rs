//! Junk inside each of the three segments, before signing, so that a decoder that lets it pass finds a valid
//! signature.

use serde_json::{Value, json};

use super::Member;

pub(super) fn members() -> Vec<Member> {
    let junk = PLACES.iter().flat_map(|place| JUNK.iter().map(move |junk| inserted(place, junk)));
    let texts = TEXTS.iter().flat_map(|(words, text)| {
        ["header", "claims"].map(|part| {
            let token = json!({ format!("{part}_text"): text });
            Member::token("P09", format!("{part} with {words}"), token)
        })
    });
    let types = TYPES.map(|name| {
        let token = json!({ "header": { "typ": name } });
        Member::token("P16", format!("typ {name}"), token)
    });
    junk.chain(texts).chain(types).collect()
}

fn inserted(place: &str, junk: &str) -> Member {
    let (segment, words, change): (_, _, Value) = match place.split_once(' ') {
        Some((segment, "end")) => (segment, "at the end of", json!({ "append": junk })),
        Some((segment, "start")) => (segment, "at the start of", json!({ "prepend": junk })),
        Some((segment, _)) => (segment, "inside", json!({ "insert": [4, junk] })),
        None => (place, "inside", json!({ "insert": [4, junk] })),
    };
    let token = json!({ format!("{segment}_segment"): [change] });
    Member::token("P06", format!("{junk} {words} the {segment} segment"), token)
}

const PLACES: [&str; 9] = [
    "header start",
    "header middle",
    "header end",
    "claims start",
    "claims middle",
    "claims end",
    "signature start",
    "signature middle",
    "signature end",
];
const JUNK: [&str; 8] = ["=", "==", "+", "/", "~", ".", "%3D", "A"];

/// Texts that lenient JSON parsers take; `$members` are the right ones.
const TEXTS: [(&str, &str); 14] = [
    ("a comment", "{$members/* */}"),
    ("a hash comment", "{$members} # a"),
    ("a trailing comma", "{$members,}"),
    ("two commas", "{$members,,\"a\":1}"),
    ("a comma in front", "{,$members}"),
    ("a bare name", "{$members,a:1}"),
    ("a name in single quotes", "{$members,'a':1}"),
    ("a value in single quotes", "{$members,\"a\":'b'}"),
    ("a hexadecimal number", "{$members,\"a\":0x10}"),
    ("a number with a plus sign", "{$members,\"a\":+1}"),
    ("a number that ends in a dot", "{$members,\"a\":1.}"),
    ("True as in Python", "{$members,\"a\":True}"),
    ("undefined", "{$members,\"a\":undefined}"),
    ("two values for one name", "{$members,\"a\":1,\"a\":2}"),
];

const TYPES: [&str; 10] = [
    "at+jwt",
    "AT+JWT",
    "application/at+jwt",
    "JWT",
    "jwt",
    "id+jwt",
    "dpop+jwt",
    "logout+jwt",
    "secevent+jwt",
    "JOSE",
];
