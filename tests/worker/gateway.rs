//! What the gateway does beside deciding.

use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::lab::{Echo, NEWEST, Upstream, Way, Workerd};
use serde_json::{Value, json};

use super::ground::{API, Ground, dated_gateway, gateway, send};
use super::patience::{order, warm};

#[test]
fn passes_on_who_calls_and_not_who_claims_to() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let (workerd, port) = gateway(&ground.path("gateway"), &ground.policy(), upstream.address, &[]);
    let token = ground.token();
    warm(port, &token);
    let bearer = format!("Bearer {token}").into_bytes();
    let headers: [(&str, &[u8]); 7] = [
        ("authorization", &bearer),
        ("x-auth-client-id", b"administrator"),
        ("X_Auth_Scope", b"admin"),
        ("x-http-method-override", b"DELETE"),
        ("x-forwarded-host", b"evil.example"),
        ("x-forwarded-proto", b"https"),
        ("x-other", b"kept"),
    ];
    let request = http::request("GET", "/orders/17?full=1&x=%2Fa", "api.example.com", &headers);
    let response = http::exchange(([127, 0, 0, 1], port).into(), &request).unwrap();
    let echo = Echo::of(&response).unwrap();
    let values = |name| echo.header(name).collect::<Vec<_>>();
    assert_eq!((echo.method.as_str(), echo.path.as_str()), ("GET", "/orders/17?full=1&x=%2Fa"));
    assert_eq!(values("x-auth-client-id"), [ground.client.client_id.as_str()]);
    assert_eq!(values("x-auth-scope"), ["orders:read"]);
    assert_eq!(values("x-forwarded-host"), ["api.example.com"]);
    assert_eq!(values("x-forwarded-proto"), ["http"]);
    assert_eq!(values("x-other"), ["kept"]);
    for absent in ["authorization", "x_auth_scope", "x-http-method-override"] {
        assert!(values(absent).is_empty(), "{absent}: {:?}", values(absent));
    }
    let line = last_line(&workerd, 200);
    let decision = json!({
        "outcome": "allowed", "reason": null, "route": "orders", "client_id": ground.client.client_id, "issuer": ground.url,
        "jti_hash": line["edgelatch"]["jti_hash"],
    });
    assert_eq!(line["edgelatch"], decision);
    assert_eq!(line["edgelatch"]["jti_hash"].as_str().unwrap().len(), 32);
    assert_eq!(
        (&line["method"], &line["path"], &line["status"]),
        (&json!("GET"), &json!("/orders/17"), &json!(200))
    );
    assert!(!workerd.log().contains("full=1"), "a query may hold what should not be written down");
}

/// The oldest is from before there was a `FinalizationRegistry`: nothing may depend on being cleaned up.
#[test]
fn decides_alike_in_old_and_new_runtimes_whether_the_upstream_is_a_url_or_a_service() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    for date in ["2025-05-04", "2026-08-03", NEWEST] {
        for way in [Way::Url, Way::Binding] {
            let folder = ground.path(&format!("{date}-{way:?}"));
            let (_workerd, port) =
                dated_gateway(&folder, &ground.policy(), upstream.address, &[], way, date);
            let admitted = order(port, &ground.token());
            assert_eq!(admitted.status, 200, "{date} {way:?}");
            let echo = Echo::of(&admitted).unwrap();
            assert_eq!(echo.path, "/orders/17");
            assert_eq!(echo.header("x-auth-client-id").next(), Some(&*ground.client.client_id));
            assert_eq!(send(port, "GET", "/orders/17", "").status, 401, "{date} {way:?}");
        }
    }
}

#[test]
fn refuses_with_the_answer_of_the_core_and_says_where_tokens_come_from() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let variables = [("RESOURCE", API)];
    let (workerd, port) =
        gateway(&ground.path("gateway"), &ground.policy(), upstream.address, &variables);
    let response = send(port, "GET", "/orders/17", "");
    let place = format!(r#"Bearer resource_metadata="{API}{METADATA}""#);
    assert_eq!((response.status, response.header("www-authenticate")), (401, Some(place.as_str())));
    assert_eq!(
        last_line(&workerd, 401)["edgelatch"],
        json!({ "outcome": "denied", "reason": "hdr.missing", "route": "orders" })
    );

    let metadata = send(port, "GET", METADATA, "").json().unwrap();
    assert_eq!(metadata["resource"], API);
    assert_eq!(metadata["authorization_servers"], json!([ground.url]));
    assert_eq!(metadata["bearer_methods_supported"], json!(["header"]));
    assert_eq!(send(port, "POST", METADATA, "").status, 403, "only reading is the gateway's own");
}

#[test]
fn says_how_it_is_without_telling_secrets() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let (_workerd, port) =
        gateway(&ground.path("gateway"), &ground.policy(), upstream.address, &[]);
    assert_eq!(freshness(&send(port, "GET", "/healthz", "")), "empty");
    assert_eq!(order(port, &ground.token()).status, 200);
    let health = send(port, "GET", "/healthz", "");
    assert_eq!(freshness(&health), "fresh");
    assert_eq!((health.status, health.header("cache-control")), (200, Some("no-store")));
}

#[test]
fn lets_pass_on_a_route_that_only_observes_and_says_who_would_be_refused() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let (workerd, port) = gateway(&ground.path("gateway"), &ground.policy(), upstream.address, &[]);
    let response = send(port, "GET", "/observed", "");
    assert_eq!(response.status, 200);
    assert_eq!(Echo::of(&response).unwrap().header("x-auth-client-id").count(), 0);
    let decision = json!({ "outcome": "would_deny", "reason": "hdr.missing", "route": "observed" });
    assert_eq!(last_line(&workerd, 200)["edgelatch"], decision);
}

#[test]
fn opens_nothing_with_a_policy_or_a_setting_that_is_wrong() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let mut misspelt = ground.policy();
    misspelt["routes"][2]["mod"] = json!("public");
    let unreadable = json!({ "issuers": "https://issuer.example.com" });
    let cases = [
        (misspelt, None, "routes[2]"),
        (unreadable, None, "issuers"),
        (ground.policy(), Some(("PLATFORM", "nobody")), "PLATFORM"),
        (ground.policy(), Some(("UPSTREAM_TIMEOUT_MS", "soon")), "UPSTREAM_TIMEOUT_MS"),
    ];
    for (policy, variable, place) in cases {
        let (folder, variables) = (ground.path(place), Vec::from_iter(variable));
        let (workerd, port) = gateway(&folder, &policy, upstream.address, &variables);
        for path in ["/public/a", "/orders/17", "/healthz"] {
            let response = send(port, "GET", path, &ground.token());
            assert_eq!((response.status, response.header("retry-after")), (503, Some("2")));
            assert!(!response.text().contains(place), "callers learn nothing of the policy");
        }
        let line = last_line(&workerd, 503);
        assert_eq!(line["edgelatch"]["reason"], "cfg.none");
        assert!(line["problem"].as_str().unwrap().contains(place), "{line}");
    }
}

fn freshness(health: &Response) -> String {
    health.json().unwrap()["feeds"][0]["freshness"].as_str().unwrap().to_owned()
}

/// The line of the last request, which had this answer. It comes in a moment; each test sends one request at a time.
fn last_line(workerd: &Workerd, status: u16) -> Value {
    for _ in 0..1_500 {
        if let Some(line) = last_line_so_far(workerd).filter(|line| line["status"] == status) {
            return line;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("no line of {status} in the log: {}", workerd.log());
}

fn last_line_so_far(workerd: &Workerd) -> Option<Value> {
    let log = workerd.log();
    let lines = log.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    // Fetches that bring nothing have lines of their own.
    lines
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .rfind(|line| line["status"].is_u64())
}

const METADATA: &str = "/.well-known/oauth-protected-resource";
