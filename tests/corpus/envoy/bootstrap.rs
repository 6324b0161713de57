//! Envoy's configuration for the corpus: as little of Envoy between the wire and the filter as can be.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::minting::merge;

/// What all configurations have in common.
#[derive(Debug)]
pub(super) struct Bootstrap {
    /// The built filter.
    pub(super) filter: PathBuf,
    /// The echo server.
    pub(super) upstream: SocketAddr,
    /// The server of key sets.
    pub(super) key_sets: SocketAddr,
    /// More of the filter's configuration; merged over the usual one.
    pub(super) plugin: Value,
}

impl Bootstrap {
    /// A configuration with one listener per policy. JSON is YAML.
    pub(super) fn config(&self, policies: &BTreeMap<String, String>) -> String {
        json!({
            "static_resources": { "listeners": self.listeners(policies), "clusters": self.clusters() },
        })
        .to_string()
    }

    /// A configuration whose listeners are in a file: one that is wrong then does not keep Envoy from its start.
    pub(super) fn config_with(&self, listeners: &Path) -> String {
        json!({
            "node": { "id": "corpus", "cluster": "test" },
            "dynamic_resources": { "lds_config": { "path_config_source": { "path": listeners } } },
            "static_resources": { "clusters": self.clusters() },
        })
        .to_string()
    }

    /// The content of that file.
    pub(super) fn resources(&self, policies: &BTreeMap<String, String>) -> String {
        let mut resources = self.listeners(policies);
        for resource in &mut resources {
            merge(
                resource,
                &json!({ "@type": "type.googleapis.com/envoy.config.listener.v3.Listener" }),
            );
        }
        json!({ "resources": resources }).to_string()
    }

    fn listeners(&self, policies: &BTreeMap<String, String>) -> Vec<Value> {
        policies.iter().map(|(name, policy)| self.listener(name, policy)).collect()
    }

    fn clusters(&self) -> [Value; 3] {
        [
            cluster("upstream", self.upstream),
            cluster("keys", self.key_sets),
            // Nobody listens on the discard port: key sets cannot be fetched here.
            cluster("nowhere", SocketAddr::from(([127, 0, 0, 1], 9))),
        ]
    }

    fn listener(&self, name: &str, policy: &str) -> Value {
        json!({
            "name": name,
            "address": { "socket_address": { "address": "127.0.0.1", "port_value": 0 } },
            "filter_chains": [{ "filters": [{
                "name": "envoy.filters.network.http_connection_manager",
                "typed_config": self.connection_manager(name, policy),
            }] }],
        })
    }

    fn connection_manager(&self, name: &str, policy: &str) -> Value {
        json!({
            "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "corpus",
            // Paths go to the filter as they came: ambiguous ones are its business here.
            "normalize_path": false,
            "merge_slashes": false,
            "use_remote_address": true,
            "upgrade_configs": [{ "upgrade_type": "websocket" }, { "upgrade_type": "CONNECT" }],
            "local_reply_config": { "mappers": [mapper()] },
            "http_filters": [
                { "name": "edgelatch", "typed_config": self.filter(name, policy) },
                {
                    "name": "envoy.filters.http.router",
                    "typed_config": { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
                },
            ],
            "route_config": {
                "virtual_hosts": [{
                    "name": "all",
                    "domains": ["*"],
                    "response_headers_to_add": [
                        header("x-corpus-details", "%RESPONSE_CODE_DETAILS%"),
                        header("x-corpus-reason", "%FILTER_STATE(wasm.edgelatch.reason:PLAIN)%"),
                    ],
                    "routes": [
                        { "match": { "connect_matcher": {} }, "route": { "cluster": "upstream" } },
                        { "match": { "prefix": "/" }, "route": { "cluster": "upstream" } },
                        { "match": { "path": "*" }, "route": { "cluster": "upstream" } },
                    ],
                }],
            },
        })
    }

    fn filter(&self, name: &str, policy: &str) -> Value {
        let mut config = json!({
            "name": "edgelatch",
            // Plugins with equal configurations would share an engine; listeners must not.
            "root_id": name,
            "failure_policy": "FAIL_RELOAD",
            "vm_config": {
                "vm_id": "corpus",
                "runtime": "envoy.wasm.runtime.v8",
                "code": { "local": { "filename": self.filter } },
            },
            // A text and not a Struct: the policy's bytes as they are, duplicates included.
            "configuration": {
                "@type": "type.googleapis.com/google.protobuf.StringValue",
                "value": policy,
            },
        });
        merge(&mut config, &self.plugin);
        json!({
            "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
            "config": config,
        })
    }
}

/// Shows the reason of every answer that Envoy gives itself.
fn mapper() -> Value {
    json!({
        "filter": { "status_code_filter": { "comparison": {
            "op": "GE",
            "value": { "default_value": 0, "runtime_key": "corpus" },
        } } },
        "headers_to_add": [header("x-corpus-details", "%RESPONSE_CODE_DETAILS%")],
    })
}

fn header(name: &str, value: &str) -> Value {
    json!({
        "header": { "key": name, "value": value },
        "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
    })
}

fn cluster(name: &str, address: SocketAddr) -> Value {
    json!({
        "name": name,
        "type": "STATIC",
        "connect_timeout": "1s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{ "lb_endpoints": [{ "endpoint": { "address": { "socket_address": {
                "address": address.ip().to_string(),
                "port_value": address.port(),
            } } } }] }],
        },
    })
}
