use std::prelude::v1::*;

use super::*;

fn check(text: &str, expected: Result<(), JsonError>) {
    assert_eq!(check_object(text.as_bytes()), expected, "{text}");
}

#[test]
fn accepts_plain_objects() {
    for text in ["{}", " {\"a\":1} ", r#"{"a":{"b":[1,-2.5,"x",null,true,{}]},"c":""}"#] {
        check(text, Ok(()));
    }
}

#[test]
fn refuses_what_is_not_an_object() {
    for text in ["[]", "\"\"", "null", "1", " [1] "] {
        check(text, Err(JsonError::NotAnObject));
    }
}

#[test]
fn refuses_everything_that_is_almost_json() {
    for text in [
        "",
        " ",
        "{",
        "{}x",
        "{} {}",
        "{\"a\":1,}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":NaN}",
        "{\"a\":1}//",
        "/**/{}",
        "\u{feff}{}",
        "{\"a\":01}",
        "{\"a\":1e400}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\\u0000\":1}",
        "{\"a\":[\"\\u0000\"]}",
        "{\"a\":\"\n\"}",
    ] {
        check(text, Err(JsonError::Malformed));
    }
}

#[test]
fn refuses_duplicates_at_any_depth_however_escaped() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"alg":1,"\u0061lg":2}"#,
        r#"{"a":{"b":1,"b":2}}"#,
        r#"{"a":[{"b":1,"b":2}]}"#,
    ] {
        check(text, Err(JsonError::Duplicate));
    }
    check(r#"{"a":{"a":1},"b":{"a":1},"A":1}"#, Ok(()));
}

#[test]
fn counts_depth_with_the_object_itself() {
    let nested =
        |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    check(&nested(16), Ok(()));
    check(&nested(17), Err(JsonError::Malformed));
    check(&nested(100_000), Err(JsonError::Malformed));
}

#[test]
fn limits_the_members_of_one_object() {
    let object = |count: usize| {
        let members: Vec<String> = (0..count).map(|index| format!("\"m{index}\":0")).collect();
        format!("{{{}}}", members.join(","))
    };
    check(&object(64), Ok(()));
    check(&object(65), Err(JsonError::Malformed));
    check(&object(10_000), Err(JsonError::Malformed));
}

#[test]
fn refuses_bytes_that_are_no_utf_8() {
    assert_eq!(check_object(b"{\"a\":\"\xff\"}"), Err(JsonError::Malformed));
}
