//! An Envoy that fetches the key set over TLS and checks the issuer's certificate.

use std::path::Path;

use edgelatch_tests::lab::{Bootstrap, Shipped, filter};

pub(crate) fn config(ports: Shipped, issuer: &str, authority: &Path) -> String {
    let module = filter().unwrap();
    let filters = FILTER.replace("MODULE", module.to_str().unwrap()).replace("ISSUER", issuer);
    let clusters = CLUSTER
        .replace("PORT", &ports.issuer.to_string())
        .replace("AUTHORITY", authority.to_str().unwrap());
    Bootstrap { port: ports.api, filters: &filters, upstream: ports.upstream, clusters: &clusters }
        .to_yaml()
}

const FILTER: &str = r#"- name: edgelatch
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm
    config:
      name: edgelatch
      failure_policy: FAIL_RELOAD
      vm_config:
        vm_id: edgelatch
        runtime: envoy.wasm.runtime.v8
        code: { local: { filename: MODULE } }
      configuration:
        "@type": type.googleapis.com/google.protobuf.Struct
        value:
          issuers:
          - issuer: ISSUER
            audiences: [https://api.example.com]
            jwks_uri: ISSUER/.well-known/jwks.json
            envoy_cluster: issuer
          routes:
          - { name: read-order, methods: [GET], path: "/orders/{id}", scopes: { all: [orders:read] } }
"#;

const CLUSTER: &str = r#"- name: issuer
  type: STATIC
  load_assignment:
    cluster_name: issuer
    endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: PORT}}}}]}]
  transport_socket:
    name: envoy.transport_sockets.tls
    typed_config:
      "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
      sni: localhost
      common_tls_context:
        validation_context:
          trusted_ca: { filename: AUTHORITY }
          match_typed_subject_alt_names: [{ san_type: DNS, matcher: { exact: localhost } }]
"#;
