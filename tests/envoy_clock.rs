//! The clock that the corpus relies on: Envoy's wall clock is the one that a test sets.

#![cfg(test)]

use edgelatch_tests::lab::{Clock, Envoy, EnvoyOptions, free_port, http};

#[test]
fn envoy_reads_the_time_that_a_test_sets() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::create(folder.path().join("clock")).unwrap();
    clock.set(1_900_000_000).unwrap();
    let port = free_port().unwrap();
    let _envoy = Envoy::start(&EnvoyOptions {
        config: CONFIG.replace("PORT", &port.to_string()),
        clock: Some(&clock),
        concurrency: 1,
        log: folder.path().join("envoy.log"),
    })
    .unwrap();

    let check = |now: u64, expected: &str| {
        clock.set(now).unwrap();
        let response = http::get(([127, 0, 0, 1], port).into(), "/").unwrap();
        assert_eq!(response.header("x-time"), Some(expected));
    };
    check(1_900_000_000, "1900000000");
    check(1_700_000_000, "1700000000");
    check(4_000_000_000, "4000000000");
}

#[test]
fn envoy_refuses_a_configuration_with_an_unknown_field() {
    assert_eq!(Envoy::validate(&CONFIG.replace("PORT", "0")), Ok(()));
    let error = Envoy::validate(&CONFIG.replace("domains:", "domain:")).unwrap_err();
    assert!(error.contains("domain"), "{error}");
}

const CONFIG: &str = r#"
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: PORT}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: clock
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              response_headers_to_add: [{header: {key: x-time, value: "%START_TIME(%s)%"}}]
              routes: [{match: {prefix: "/"}, direct_response: {status: 200}}]
"#;
