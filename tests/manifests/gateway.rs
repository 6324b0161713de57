//! What Istio and Envoy Gateway make of their manifests, in a real Envoy: the policy as a text, the cluster under the
//! name that they give it, and the filter where they put it.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::lab::{
    self, ClientOptions, Echo, Envoy, EnvoyOptions, Issuer, IssuerOptions, Upstream, free_port,
};
use serde_json::{Value, json};

use crate::token;

/// Whose work is imitated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gateway {
    Istio,
    EnvoyGateway,
}

/// A real issuer of the name in the policy, reached through the cluster of the name in the policy: its tokens open
/// what the policy says, and nothing else does.
pub(crate) fn guards(policy: &Value, gateway: Gateway) {
    let folder = tempfile::tempdir().unwrap();
    let listen = loopback(free_port().unwrap());
    let options = IssuerOptions {
        data: folder.path().join("issuer"),
        url: policy["issuers"][0]["issuer"].as_str().unwrap(),
        listen,
        tls: None,
        arguments: &[],
    };
    let reader = ClientOptions {
        name: "order-reader",
        scopes: &["orders:read"],
        resources: &["https://api.example.com"],
        token_lifetime: None,
    };
    let (_issuer, [client]) = Issuer::start_with(&options, [reader]).unwrap();
    let upstream = Upstream::start().unwrap();
    let address = loopback(free_port().unwrap());
    let config = bootstrap(policy, gateway, address, upstream.address, listen);
    let log = folder.path().join("envoy.log");
    let envoy = Envoy::start(&EnvoyOptions { config, clock: None, concurrency: 1, log }).unwrap();

    let token = token::fetch(listen, &client);
    let answer = settled(address, &token);
    assert_eq!(answer.status, 200, "{}\n{}", answer.text(), envoy.log());
    assert_eq!(Echo::of(&answer).unwrap().path, "/orders/17");
    for (method, path, token, status) in [
        ("GET", "/healthz", None, 200),
        ("GET", "/orders/17", None, 401),
        ("GET", "/orders/17", Some("x.y.z"), 401),
        ("POST", "/orders", Some(token.as_str()), 403),
        ("GET", "/elsewhere", Some(token.as_str()), 403),
        ("GET", "/admin/x", Some(token.as_str()), 403),
    ] {
        assert_eq!(ask(address, method, path, token).status, status, "{method} {path}");
    }
}

/// The answer once the filter has the key set: until then it is 503.
fn settled(address: SocketAddr, token: &str) -> Response {
    for _ in 0..2_400 {
        let answer = ask(address, "GET", "/orders/17", Some(token));
        if answer.status != 503 {
            return answer;
        }
        thread::sleep(Duration::from_millis(50));
    }
    ask(address, "GET", "/orders/17", Some(token))
}

fn ask(address: SocketAddr, method: &str, path: &str, token: Option<&str>) -> Response {
    let value = token.map(|token| format!("Bearer {token}"));
    let headers: Vec<_> = value.iter().map(|value| ("authorization", value.as_bytes())).collect();
    http::exchange(address, &http::request(method, path, "api.example.com", &headers)).unwrap()
}

fn bootstrap(
    policy: &Value,
    gateway: Gateway,
    listen: SocketAddr,
    upstream: SocketAddr,
    issuer: SocketAddr,
) -> String {
    let mut route = json!({ "match": { "prefix": "/" }, "route": { "cluster": "upstream" } });
    if gateway == Gateway::EnvoyGateway {
        // Its filters are off until a route turns them on.
        let enabled = json!({ "@type": type_of("config.route.v3.FilterConfig"), "config": {} });
        route["typed_per_filter_config"] = json!({ NAME: enabled });
    }
    json!({
        "static_resources": {
            "listeners": [{
                "name": "api",
                "address": socket(listen),
                "filter_chains": [{ "filters": [{
                    "name": "envoy.filters.network.http_connection_manager",
                    "typed_config": {
                        "@type": type_of(
                            "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
                        ),
                        "stat_prefix": "api",
                        "use_remote_address": true,
                        "http_filters": [filter(policy, gateway), {
                            "name": "envoy.filters.http.router",
                            "typed_config": { "@type": type_of("extensions.filters.http.router.v3.Router") },
                        }],
                        "route_config": {
                            "virtual_hosts": [{ "name": "all", "domains": ["*"], "routes": [route] }],
                        },
                    },
                }] }],
            }],
            "clusters": [
                cluster("upstream", upstream),
                cluster(policy["issuers"][0]["envoy_cluster"].as_str().unwrap(), issuer),
            ],
        },
    })
    .to_string()
}

fn filter(policy: &Value, gateway: Gateway) -> Value {
    let code = json!({ "local": { "filename": lab::filter().unwrap() } });
    let mut config = json!({
        "name": NAME,
        "vm_config": { "runtime": "envoy.wasm.runtime.v8", "code": code },
        "configuration": {
            "@type": "type.googleapis.com/google.protobuf.StringValue",
            "value": policy.to_string(),
        },
    });
    match gateway {
        Gateway::Istio => config["failure_policy"] = json!("FAIL_RELOAD"),
        Gateway::EnvoyGateway => config["vm_config"]["vm_id"] = json!(NAME),
    }
    json!({
        "name": NAME,
        "disabled": gateway == Gateway::EnvoyGateway,
        "typed_config": { "@type": type_of("extensions.filters.http.wasm.v3.Wasm"), "config": config },
    })
}

fn cluster(name: &str, address: SocketAddr) -> Value {
    let endpoint = json!({ "endpoint": { "address": socket(address) } });
    json!({
        "name": name,
        "type": "STATIC",
        "load_assignment": { "cluster_name": name, "endpoints": [{ "lb_endpoints": [endpoint] }] },
    })
}

fn socket(address: SocketAddr) -> Value {
    let (ip, port) = (address.ip().to_string(), address.port());
    json!({ "socket_address": { "address": ip, "port_value": port } })
}

fn type_of(message: &str) -> String {
    format!("type.googleapis.com/envoy.{message}")
}

pub(crate) fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

const NAME: &str = "envoy.filters.http.wasm/edgelatch";
