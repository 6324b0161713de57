//! A small Envoy configuration around given HTTP filters.

use core::fmt::Write;

/// What to put into it. YAML fragments start at the left margin; they are indented here.
#[derive(Debug, Clone, Copy)]
pub struct Bootstrap<'a> {
    /// The loopback port of the listener.
    pub port: u16,
    /// List entries of `http_filters`, without the router, which is added.
    pub filters: &'a str,
    /// The loopback port of the cluster `upstream`, where all requests go.
    pub upstream: u16,
    /// List entries of `clusters`, beside `upstream`.
    pub clusters: &'a str,
}

impl Bootstrap<'_> {
    /// The configuration as YAML.
    pub fn to_yaml(self) -> String {
        let mut yaml = LISTENER.replace("PORT", &self.port.to_string());
        indent(&mut yaml, self.filters, 10);
        indent(&mut yaml, ROUTER, 10);
        yaml.push_str("  clusters:\n");
        indent(&mut yaml, &UPSTREAM.replace("PORT", &self.upstream.to_string()), 2);
        indent(&mut yaml, self.clusters, 2);
        yaml
    }
}

fn indent(yaml: &mut String, fragment: &str, columns: usize) {
    for line in fragment.lines() {
        // Writing to a string does not fail.
        let _ = writeln!(yaml, "{:columns$}{line}", "");
    }
}

const LISTENER: &str = r#"static_resources:
  listeners:
  - name: api
    address: {socket_address: {address: 127.0.0.1, port_value: PORT}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: api
          use_remote_address: true
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes: [{match: {prefix: "/"}, route: {cluster: upstream}}]
          http_filters:
"#;

const ROUTER: &str = r#"- name: envoy.filters.http.router
  typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
"#;

const UPSTREAM: &str = "- name: upstream
  type: STATIC
  load_assignment:
    cluster_name: upstream
    endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: PORT}}}}]}]
";
