//! What is no policy at all, and what is said about it.

use super::*;

fn message(text: &str) -> String {
    Policy::from_json(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_document_is_one_object_without_doubles() {
    for (text, expected) in [
        ("", "not one JSON document"),
        ("{} {}", "not one JSON document"),
        ("[]", "no object; a policy begins with {"),
        ("null", "no object; a policy begins with {"),
        (r#"{"routes":[],"routes":[]}"#, "a member occurs twice in one object"),
        (r#"{"routes":["\u0000"]}"#, "a NUL in a text"),
    ] {
        let message = message(text);
        assert!(message.contains(expected), "{text}: {message}");
        assert!(message.ends_with(" [cfg.field]"), "{message}");
    }
}

#[test]
fn a_document_that_is_no_json_is_told_where() {
    let message = message("{\n  \"routes\": [}");
    assert!(message.contains("line 2 column 14"), "{message}");
    let error = Policy::from_json(b"{\"routes\": \"\xe9\"}").unwrap_err().to_string();
    assert!(error.starts_with("not UTF-8 from byte 12 on; "), "{error}");
}

#[test]
fn a_mistake_in_the_whole_document_has_no_place() {
    let error = Policy::from_json(b"[]").unwrap_err();
    assert_eq!(error.path(), "");
    assert!(error.to_string().starts_with("no object"), "{error}");
}

#[test]
fn says_what_stands_where_something_else_should() {
    for (value, found) in [
        (Value::Null, "nothing"),
        (json!(true), "a boolean"),
        (json!(1), "a number"),
        (json!("a"), "a text"),
        (json!([]), "a list"),
        (json!({}), "an object"),
    ] {
        for (field, expected) in
            [("name", "a text"), ("methods", "a list"), ("scopes", "an object")]
        {
            let optional = field == "scopes" && value.is_null();
            if found == expected || optional {
                continue;
            }
            let mut route = route(&json!({}));
            route[field] = value.clone();
            let message = message(&json!({ "routes": [route] }).to_string());
            let expected = format!("routes[0].{field}: {found} instead of {expected} [cfg.field]");
            assert_eq!(message, expected);
        }
    }
    let message = message(r#"{"forward":{"headers":[]}}"#);
    assert_eq!(message, "forward.headers: a list instead of an object [cfg.field]");
}

#[test]
fn names_a_field_that_is_missing() {
    for field in ["name", "methods", "path"] {
        let text = document(&json!({ "routes": [route(&json!({ field: null }))] })).to_string();
        assert_eq!(message(&text), format!("routes[0]: missing field `{field}` [cfg.field]"));
    }
}

#[test]
fn a_number_is_whole_and_from_zero_on() {
    let with = |number: &str| format!(r#"{{"maximum_token_bytes":{number}}}"#);
    for number in ["4096", "4096.0", "4.096e3"] {
        assert!(Policy::from_json(with(number).as_bytes()).is_ok(), "{number}");
    }
    for number in ["-4096", "-4096.0", "4096.5", "1e300"] {
        let message = message(&with(number));
        assert!(message.contains(": not a whole number from zero on [cfg.field]"), "{message}");
    }
    // The first double beyond which not every whole number is one.
    assert!(message(&with("9007199254740992.0")).ends_with(" [cfg.value]"));
    assert!(message(&with("9007199254740994.0")).ends_with(" [cfg.field]"));
    assert_eq!(
        message(&with("\"4096\"")),
        "maximum_token_bytes: a text instead of a whole number from zero on [cfg.field]"
    );
}

#[test]
fn an_unknown_word_is_told_the_known_ones() {
    let text = document(&json!({ "routes": [route(&json!({ "mode": "off" }))] })).to_string();
    let message = message(&text);
    assert!(message.contains("unknown variant `off`, expected one of `"), "{message}");
    assert!(message.contains("`observe`"), "{message}");
}

#[test]
fn every_mistake_in_a_path_has_a_hint() {
    let segments = |count: usize| "/a".repeat(count);
    for (path, hint) in [
        ("orders", "a path begins with `/`"),
        ("/a//b", "a literal segment holds"),
        ("/..", "a literal segment holds"),
        ("/{id", "a parameter is a whole segment"),
        ("/{rest...}/b", "must be the last segment"),
        (&segments(33), "at most 32 segments"),
    ] {
        let text = document(&json!({ "routes": [route(&json!({ "path": path }))] })).to_string();
        let message = message(&text);
        assert!(message.starts_with("routes[0].path: ") && message.contains(hint), "{message}");
    }
    check_route(&json!({ "path": segments(32) }), Ok(()));
}
