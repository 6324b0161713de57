//! The shipped Envoy configurations, `envoy/envoy.yaml` and `envoy/egress.yaml`, on ports that are free.

use std::fs;
use std::path::Path;

use super::{LabError, filter, free_port, port_or_free, repository};

/// Where everything listens on loopback.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Envoy's guarded listener.
    pub api: u16,
    /// Envoy's admin interface.
    pub admin: u16,
    /// The issuer.
    pub issuer: u16,
    /// What Envoy guards.
    pub upstream: u16,
    /// The listener of the Envoy that adds tokens.
    pub egress: u16,
    /// Its admin interface.
    pub egress_admin: u16,
}

impl Shipped {
    /// The ports of the file, or others where those are taken.
    pub fn on_its_ports() -> Result<Self, LabError> {
        Ok(Self {
            api: port_or_free(WRITTEN.api)?,
            admin: port_or_free(WRITTEN.admin)?,
            issuer: port_or_free(WRITTEN.issuer)?,
            upstream: port_or_free(WRITTEN.upstream)?,
            egress: port_or_free(WRITTEN.egress)?,
            egress_admin: port_or_free(WRITTEN.egress_admin)?,
        })
    }

    /// Any free ports.
    pub fn on_free_ports() -> Result<Self, LabError> {
        Ok(Self {
            api: free_port()?,
            admin: free_port()?,
            issuer: free_port()?,
            upstream: free_port()?,
            egress: free_port()?,
            egress_admin: free_port()?,
        })
    }

    /// The URL of the issuer, as the configuration names it.
    pub fn issuer_url(self) -> String {
        format!("http://127.0.0.1:{}", self.issuer)
    }

    /// `envoy/envoy.yaml` with these ports, and with the filter that was built.
    pub fn config(self) -> Result<String, LabError> {
        let text = self.read("envoy/envoy.yaml")?;
        Ok(text.replace("dist/edgelatch-envoy.wasm", &filter()?.to_string_lossy()))
    }

    /// `envoy/egress.yaml` with these ports, and with the client's secret in `secret`.
    pub fn egress_config(self, secret: &Path) -> Result<String, LabError> {
        let text = self.read("envoy/egress.yaml")?;
        let place = format!("filename: {}", secret.display());
        Ok(text.replace("filename: egress.secret", &place))
    }

    fn read(self, file: &str) -> Result<String, LabError> {
        let path = repository().join(file);
        let text = fs::read_to_string(&path).map_err(LabError::file("read", &path))?;
        Ok(self.place(&text))
    }

    /// A text with these ports in place of the written ones. In one pass: a port that was put in must not be taken for one that is still to be replaced.
    pub fn place(self, text: &str) -> String {
        let replace = |line: &str| {
            let pairs = [
                (WRITTEN.api, self.api),
                (WRITTEN.admin, self.admin),
                (WRITTEN.issuer, self.issuer),
                (WRITTEN.upstream, self.upstream),
                (WRITTEN.egress, self.egress),
                (WRITTEN.egress_admin, self.egress_admin),
            ];
            for (written, chosen) in pairs {
                for prefix in ["port_value: ", "127.0.0.1:"] {
                    let place = format!("{prefix}{written}");
                    if line.contains(&place) {
                        return line.replace(&place, &format!("{prefix}{chosen}"));
                    }
                }
            }
            line.to_owned()
        };
        text.lines().map(|line| replace(line) + "\n").collect()
    }
}

const WRITTEN: Shipped = Shipped {
    api: 10000,
    admin: 9901,
    issuer: 8080,
    upstream: 9000,
    egress: 10001,
    egress_admin: 9902,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_every_port_once() {
        let ports = Shipped { api: 1, admin: 2, issuer: 9000, upstream: 4, ..WRITTEN };
        let text =
            "a: { port_value: 10000 }\nb: http://127.0.0.1:8080/x\nc: { port_value: 9000 }\n";
        let placed = "a: { port_value: 1 }\nb: http://127.0.0.1:9000/x\nc: { port_value: 4 }\n";
        assert_eq!(ports.place(text), placed);
    }
}
