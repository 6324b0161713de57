//! The shipped Envoy configuration, `envoy/envoy.yaml`, on ports that are free.

use std::fs;

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
}

impl Shipped {
    /// The ports of the file, or others where those are taken.
    pub fn on_its_ports() -> Result<Self, LabError> {
        Ok(Self {
            api: port_or_free(WRITTEN.api)?,
            admin: port_or_free(WRITTEN.admin)?,
            issuer: port_or_free(WRITTEN.issuer)?,
            upstream: port_or_free(WRITTEN.upstream)?,
        })
    }

    /// Any free ports.
    pub fn on_free_ports() -> Result<Self, LabError> {
        Ok(Self {
            api: free_port()?,
            admin: free_port()?,
            issuer: free_port()?,
            upstream: free_port()?,
        })
    }

    /// The URL of the issuer, as the configuration names it.
    pub fn issuer_url(self) -> String {
        format!("http://127.0.0.1:{}", self.issuer)
    }

    /// The file with these ports, and with the filter that was built.
    pub fn config(self) -> Result<String, LabError> {
        let path = repository().join("envoy/envoy.yaml");
        let text = fs::read_to_string(&path).map_err(LabError::file("read", &path))?;
        let text = text.replace("dist/edgelatch-envoy.wasm", &filter()?.to_string_lossy());
        Ok(self.place(&text))
    }

    /// In one pass: a port that was put in must not be taken for one that is still to be replaced.
    fn place(self, text: &str) -> String {
        let replace = |line: &str| {
            let pairs = [
                (WRITTEN.api, self.api),
                (WRITTEN.admin, self.admin),
                (WRITTEN.issuer, self.issuer),
                (WRITTEN.upstream, self.upstream),
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

const WRITTEN: Shipped = Shipped { api: 10000, admin: 9901, issuer: 8080, upstream: 9000 };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_every_port_once() {
        let ports = Shipped { api: 1, admin: 2, issuer: 9000, upstream: 4 };
        let text =
            "a: { port_value: 10000 }\nb: http://127.0.0.1:8080/x\nc: { port_value: 9000 }\n";
        let placed = "a: { port_value: 1 }\nb: http://127.0.0.1:9000/x\nc: { port_value: 4 }\n";
        assert_eq!(ports.place(text), placed);
    }
}
