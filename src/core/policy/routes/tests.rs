use std::prelude::v1::*;

use super::*;
use crate::policy::Policy;

/// Routes as `name method host path`; a host of `-` is none.
fn policy(routes: &[&str]) -> Policy {
    let routes: Vec<String> = routes
        .iter()
        .map(|text| {
            let words: Vec<&str> = text.split(' ').collect();
            let &[name, method, host, path] = &words[..] else { unreachable!("{text}") };
            let hosts = if host == "-" { String::new() } else { format!(r#""hosts":["{host}"],"#) };
            format!(
                r#"{{"name":"{name}","methods":["{method}"],{hosts}"path":"{path}","mode":"public"}}"#
            )
        })
        .collect();
    Policy::from_json(format!(r#"{{"routes":[{}]}}"#, routes.join(",")).as_bytes()).unwrap()
}

fn check(policy: &Policy, request: &str, expected: Result<&str, RouteError>) {
    let words: Vec<&str> = request.split(' ').collect();
    let &[method, host, path] = &words[..] else { unreachable!("{request}") };
    let request = Request {
        method: method.as_bytes(),
        authority: host.as_bytes(),
        path: path.as_bytes(),
        headers: &[],
        ..Request::default()
    };
    let found = policy.routes.find(&request);
    let name = found.map(|index| policy.routes.get(index).unwrap().name.as_ref());
    assert_eq!(name, expected, "{request:?}");
}

#[test]
fn prefers_literal_to_parameter_to_rest() {
    let policy = policy(&[
        "rest GET - /files/{path...}",
        "one GET - /files/{id}",
        "special GET - /files/special",
        "deep GET - /files/{id}/parts/{part}",
    ]);
    check(&policy, "GET h /files/special", Ok("special"));
    check(&policy, "GET h /files/7", Ok("one"));
    check(&policy, "GET h /files/7/parts/2?x=/..", Ok("deep"));
    check(&policy, "GET h /files/7/parts", Ok("rest"));
    check(&policy, "GET h /files", Ok("rest"));
    check(&policy, "GET h /files/", Ok("rest"));
    check(&policy, "GET h /file", Err(RouteError::NoRoute));
}

#[test]
fn goes_back_when_the_literal_way_ends() {
    let policy = policy(&["a GET - /a/b", "b GET - /{x}/c", "c POST - /a/c"]);
    check(&policy, "GET h /a/b", Ok("a"));
    check(&policy, "GET h /a/c", Ok("b"));
    check(&policy, "POST h /a/c", Ok("c"));
    check(&policy, "PUT h /a/c", Err(RouteError::NoRoute));
}

#[test]
fn prefers_exact_hosts_and_named_methods() {
    let policy = policy(&[
        "any * - /x",
        "get GET - /x",
        "wild GET *.example.com /x",
        "exact GET api.example.com /x",
    ]);
    check(&policy, "GET api.example.com:443 /x", Ok("exact"));
    check(&policy, "GET www.example.com /x", Ok("wild"));
    check(&policy, "GET other.test /x", Ok("get"));
    check(&policy, "PURGE other.test /x", Ok("any"));
}

#[test]
fn matches_methods_and_paths_byte_by_byte() {
    let policy = policy(&["a GET - /a", "root GET - /"]);
    check(&policy, "get h /a", Err(RouteError::NoRoute));
    check(&policy, "HEAD h /a", Err(RouteError::NoRoute));
    check(&policy, "GET h /A", Err(RouteError::NoRoute));
    check(&policy, "GET h /a/", Err(RouteError::NoRoute));
    check(&policy, "GET h /", Ok("root"));
    check(&policy, "GET h //a", Err(RouteError::AmbiguousPath));
}

#[test]
fn refuses_a_spelling_that_a_lenient_upstream_takes_for_a_literal() {
    let policy = policy(&["admin GET - /users/admin:all", "user GET - /users/{id}"]);
    check(&policy, "GET h /users/admin:all", Ok("admin"));
    check(&policy, "GET h /users/ADMIN:ALL", Err(RouteError::NoRoute));
    check(&policy, "GET h /users/admin%3Aall", Err(RouteError::NoRoute));
    check(&policy, "GET h /users/Bob", Ok("user"));
    check(&policy, "GET h /users/", Err(RouteError::NoRoute));
}

#[test]
fn a_lookalike_does_not_fall_through_to_a_route_further_up() {
    let policy = policy(&[
        "admin GET - /users/admin",
        "user GET - /users/{id}",
        "console GET - /console",
        "index GET - /docs/",
        "site GET - /{rest...}",
    ]);
    check(&policy, "GET h /users/ADMIN", Err(RouteError::NoRoute));
    check(&policy, "GET h /USERS/admin", Err(RouteError::NoRoute));
    check(&policy, "GET h /users/admin/", Err(RouteError::NoRoute));
    check(&policy, "GET h /console/", Err(RouteError::NoRoute));
    check(&policy, "GET h /docs", Err(RouteError::NoRoute));
    check(&policy, "GET h /docs/", Ok("index"));
    check(&policy, "GET h /docs/a", Ok("site"));
    check(&policy, "GET h /other/", Ok("site"));
}

#[test]
fn a_route_leaves_what_is_below_it_to_others() {
    let policy = policy(&["list GET - /orders", "one GET - /orders/{id}", "any GET - /{x...}"]);
    check(&policy, "GET h /orders", Ok("list"));
    check(&policy, "GET h /orders/7", Ok("one"));
    check(&policy, "GET h /orders/", Err(RouteError::NoRoute));
    check(&policy, "GET h /orders/7/lines", Ok("any"));
}

#[test]
fn a_slash_at_the_end_is_no_lookalike_where_no_route_ends_or_all_below_is_one() {
    let policy = policy(&[
        "deep GET - /a/b",
        "top GET - /files",
        "below GET - /files/{x...}",
        "any GET - /{x...}",
    ]);
    check(&policy, "GET h /a/", Ok("any"));
    check(&policy, "GET h /files/", Ok("below"));
    check(&policy, "GET h /files", Ok("top"));
}

#[test]
fn knows_a_literal_in_its_longest_spelling() {
    let policy = policy(&["dollars GET - /$$$", "any GET - /{x}"]);
    check(&policy, "GET h /$$$", Ok("dollars"));
    check(&policy, "GET h /%24%24%24", Err(RouteError::NoRoute));
    check(&policy, "GET h /%24%24%24%24", Ok("any"));
}

#[test]
fn finds_the_deepest_routes_and_none_below_them() {
    let deepest = format!("deepest GET - {}", "/a".repeat(32));
    let policy = policy(&[&deepest, "rest GET - /b/{x...}"]);
    check(&policy, &format!("GET h {}", "/a".repeat(32)), Ok("deepest"));
    for path in ["/a".repeat(31), "/a".repeat(32) + "/", "/a".repeat(33), "/a".repeat(40)] {
        check(&policy, &format!("GET h {path}"), Err(RouteError::NoRoute));
    }
    for path in ["/b".repeat(32), "/b".repeat(33) + "/", "/b".repeat(400)] {
        check(&policy, &format!("GET h {path}"), Ok("rest"));
    }
}

#[test]
fn refuses_hosts_that_could_be_read_as_another() {
    let policy = policy(&[
        "admin GET admin.test /x",
        "public GET pub.test /x",
        "six GET [::1] /x",
        "any GET - /x",
    ]);
    for host in [
        "admin.test.",
        "x@admin.test",
        "pub.test:x@admin.test",
        "%61dmin.test",
        "admin.test.:80",
        "[::1]anything",
        "[::1",
        "a..test",
        ".test",
        "admin.test:",
        "admin.test:123456",
        "",
        "admin.test\\x",
    ] {
        check(&policy, &format!("GET {host} /x"), Err(RouteError::AmbiguousHost));
    }
    check(&policy, "GET ADMIN.test:8443 /x", Ok("admin"));
    check(&policy, "GET [::1]:80 /x", Ok("six"));
    check(&policy, "GET 10.0.0.1 /x", Ok("any"));
}
