use std::borrow::Cow;
use std::prelude::v1::*;

use super::*;

/// What a text is, or the name of the reason why it is not read.
fn check(text: &str, expected: Result<(), &str>) {
    let found = parse(text.as_bytes()).map(drop).map_err(|error| match error {
        JsonError::Duplicate => "duplicate",
        JsonError::Malformed(_) => "malformed",
        JsonError::NotAnObject => "no object",
        JsonError::NotText(_) => "no text",
        JsonError::Refused => "refused",
    });
    assert_eq!(found, expected, "{text}");
}

#[test]
fn accepts_plain_objects() {
    for text in ["{}", " {\"a\":1} ", r#"{"a":{"b":[1,-2.5,"x",null,true,{}]},"c":""}"#] {
        check(text, Ok(()));
    }
}

#[test]
fn refuses_what_is_not_an_object() {
    for text in ["[]", "\"\"", "null", "1", "-1.5", "true", " [1] ", "[{}]"] {
        check(text, Err("no object"));
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
        "[] []",
        "{\"a\":1,}",
        "{'a':1}",
        "{a:1}",
        "{1:1}",
        "{\"a\":NaN}",
        "{\"a\":1}//",
        "/**/{}",
        "\u{feff}{}",
        "{\"a\":01}",
        "{\"a\":1e400}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\0\"}",
        "{\"\0\":1}",
    ] {
        check(text, Err("malformed"));
    }
}

#[test]
fn refuses_what_is_not_text_wherever_it_is() {
    for (bytes, place) in [
        (&b"{\"a\":\"\xff\"}"[..], 6),
        (b"{\"\xc3\":1}", 2),
        (b"{}\xff", 2),
        (b"\xff\xfe{\0}\0", 0),
    ] {
        assert!(matches!(parse(bytes), Err(JsonError::NotText(at)) if at == place), "{bytes:?}");
    }
}

#[test]
fn refuses_a_nul_in_names_and_texts() {
    for text in [
        r#"{"a":"\u0000"}"#,
        r#"{"a":"b\u0000c"}"#,
        r#"{"a\u0000":1}"#,
        r#"{"a":["\u0000"]}"#,
        r#"{"a":{"\u0000":1}}"#,
    ] {
        check(text, Err("refused"));
    }
    check(r#"{"\u0001":"\u0001"}"#, Ok(()));
}

#[test]
fn refuses_duplicates_at_any_depth_however_escaped() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"alg":1,"\u0061lg":2}"#,
        r#"{"a":{"b":1,"b":2}}"#,
        r#"{"a":[{"b":1,"b":2}]}"#,
        r#"{"a":1,"b":2,"a":1}"#,
    ] {
        check(text, Err("duplicate"));
    }
    check(r#"{"a":{"a":1},"b":{"a":1},"A":1}"#, Ok(()));
}

#[test]
fn counts_depth_with_the_object_itself() {
    let lists =
        |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    check(&lists(16), Ok(()));
    check(&lists(17), Err("refused"));
    check(&lists(100_000), Err("refused"));
    let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    check(&objects(16), Ok(()));
    check(&objects(17), Err("refused"));
    let beside = format!("{{\"a\":[{}]}}", ["[]"; 100].join(","));
    check(&beside, Ok(()));
}

#[test]
fn limits_the_members_of_one_object() {
    let object = |count: usize| {
        let members: Vec<String> = (0..count).map(|index| format!("\"m{index}\":0")).collect();
        format!("{{{}}}", members.join(","))
    };
    check(&object(64), Ok(()));
    check(&object(65), Err("refused"));
    check(&object(10_000), Err("refused"));
    check(&format!("{{\"a\":[{},{}]}}", object(64), object(64)), Ok(()));
}

#[test]
fn says_where_a_text_is_no_json() {
    let Err(JsonError::Malformed(error)) = parse(b"{\n  \"a\": x }") else { unreachable!() };
    assert_eq!((error.line(), error.column()), (2, 8));
}

#[test]
fn reads_every_kind_of_value() {
    let text = r#"{"n":null,"b":true,"w":18446744073709551615,"m":-1,"f":1.5,"h":1e19,"z":-0,"t":"x",
        "l":["y"],"o":{"i":1}}"#;
    let object = parse(text.as_bytes()).unwrap();
    let inner = parse(br#"{"i":1}"#).unwrap();
    for (name, expected) in [
        ("n", Value::Null),
        ("b", Value::Boolean),
        ("w", Value::Whole(u64::MAX)),
        ("m", Value::Number(-1.0)),
        ("f", Value::Number(1.5)),
        ("h", Value::Number(1e19)),
        ("z", Value::Number(-0.0)),
        ("t", Value::Text("x".into())),
        ("l", Value::List(vec![Value::Text("y".into())])),
        ("o", Value::Object(inner)),
    ] {
        assert_eq!(object.get(name), Some(&expected));
    }
    assert_eq!(object.names().collect::<String>(), "nbwmfhztlo");
    assert_eq!(object.iter().count(), 10);
    assert_eq!(object.get("N"), None);
}

#[test]
fn a_value_is_read_as_what_it_is_only() {
    let text = br#"{"t":"x","w":7,"f":7.5,"l":["a","b"],"m":["a",1],"o":{"t":"y"},"n":null}"#;
    let object = parse(text).unwrap();
    let value = |name| object.get(name).unwrap();
    assert_eq!((value("t").text(), value("w").text()), (Some("x"), None));
    assert_eq!((value("w").whole(), value("f").whole(), value("t").whole()), (Some(7), None, None));
    assert_eq!(value("l").list().map(<[_]>::len), Some(2));
    assert_eq!((value("o").list(), value("t").list()), (None, None));
    assert_eq!(value("l").texts(), Some(vec!["a", "b"]));
    assert_eq!((value("m").texts(), value("t").texts()), (None, None));
    assert_eq!(value("o").object().and_then(|inner| inner.text("t")), Some("y"));
    assert_eq!(value("l").object(), None);
    assert_eq!((object.text("t"), object.text("w"), object.text("x")), (Some("x"), None, None));
    assert_eq!(object.optional("t", Value::text), Ok(Some("x")));
    assert_eq!(object.optional("n", Value::text), Ok(None));
    assert_eq!(object.optional("x", Value::text), Ok(None));
    assert_eq!(object.optional("w", Value::text), Err(Unexpected));
    assert_eq!(object.into_member("w"), Some(Value::Whole(7)));
}

#[test]
fn borrows_what_was_not_escaped() {
    let object = parse(br#"{"a":"plain","b":"\u0065scaped"}"#).unwrap();
    assert!(matches!(object.get("a"), Some(Value::Text(Cow::Borrowed("plain")))));
    assert!(matches!(object.get("b"), Some(Value::Text(Cow::Owned(text))) if text == "escaped"));
}
