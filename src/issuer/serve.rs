//! A running issuer: listener, watcher and audit together.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::administration::Administration;
use crate::audit::Audit;
use crate::clock;
use crate::config::{Config, ConfigError};
use crate::data_folder::DataFolder;
use crate::error::Error;
use crate::http::{metrics_router, router};
use crate::issuer::Issuer;
use crate::revocation::Revoker;
use crate::server::{Listener, ServerError, load_tls};
use crate::snapshot::{Snapshot, Watcher};

/// An issuer whose address is taken and whose first snapshot is read.
pub struct Server {
    listener: Listener,
    metrics: Option<(Listener, SocketAddr)>,
    watcher: Watcher,
    issuer: Arc<Issuer>,
    address: SocketAddr,
    can_sign: bool,
}

impl Server {
    /// Opens the issuer in a folder and takes its address. Every fault shows here, before the
    /// first caller does. `listen` wins over the configuration; audit lines go to `audit`.
    pub async fn start(
        folder: &DataFolder,
        master_key_text: Option<&str>,
        listen: Option<SocketAddr>,
        audit: impl Write + Send + 'static,
    ) -> Result<Self, Error> {
        let mut opened = Administration::look(folder, master_key_text).await?;
        let listener = bind(opened.config(), listen, folder).await?;
        let address = listener.address()?;
        let metrics = bind_metrics(opened.config(), folder).await?;
        // First now: whatever keeps us from serving has not changed the database.
        opened.migrate().await?;
        let (config, master_key, mut store) = opened.into_parts();
        let contents = store.contents().await?;
        let (snapshot, unusable) = Snapshot::build(contents, &master_key.sealer(), None);
        if let Some(key) = unusable.into_iter().next() {
            return Err(key.into());
        }
        let can_sign = snapshot.signer().is_some();
        let audit = Audit::start(audit).map_err(|error| Error::Audit(error.to_string()))?;
        let (revoker, revocations) = Revoker::channel();
        let pepper = master_key.pepper();
        let issuer = Arc::new(Issuer::new(config.issuer, pepper, audit, revoker, snapshot));
        issuer.publish_status(clock::now())?;
        let watcher = Watcher::new(store, master_key, Arc::clone(&issuer), revocations).await?;
        Ok(Self { listener, metrics, watcher, issuer, address, can_sign })
    }

    /// Whether there is an active signing key; without one every request gets 503.
    pub fn can_sign(&self) -> bool {
        self.can_sign
    }

    /// The address, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where metrics are read, if anywhere.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|(_, address)| *address)
    }

    /// What to call to reach it, such as `http://127.0.0.1:8470`.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.listener.scheme(), self.address)
    }

    /// Serves until `stop` is ready, finishes open requests and writes back what it noted.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let (stop_watching, stopped) = oneshot::channel::<()>();
        let watcher = tokio::spawn(self.watcher.run(async {
            // Also ready when the sender is gone, which means the same.
            let _ = stopped.await;
        }));
        let (stop_metrics, metrics_stopped) = oneshot::channel::<()>();
        let router_of_metrics = metrics_router(Arc::clone(&self.issuer));
        let metrics = self.metrics.map(|(listener, _)| {
            tokio::spawn(listener.serve(router_of_metrics, async {
                let _ = metrics_stopped.await;
            }))
        });
        let issuer = Arc::clone(&self.issuer);
        let stop = async move {
            stop.await;
            // Edges that wait for the next list get the present one.
            issuer.status_feed.close();
        };
        self.listener.serve(router(self.issuer), stop).await;
        drop(stop_metrics);
        if let Some(metrics) = metrics {
            let _ = metrics.await;
        }
        drop(stop_watching);
        let _ = watcher.await;
    }
}

/// Connections for metrics: one or two that read them.
const MAX_METRICS_CONNECTIONS: u16 = 16;

/// Takes the address for metrics, which holds no secret and so needs no TLS.
async fn bind_metrics(
    config: &Config,
    folder: &DataFolder,
) -> Result<Option<(Listener, SocketAddr)>, Error> {
    let Some(address) = config.metrics_listen else { return Ok(None) };
    let listener =
        Listener::bind(address, None, MAX_METRICS_CONNECTIONS).await.map_err(|error| {
            let problem = match error {
                ServerError::AddressInUse(_) => "the address is in use".to_owned(),
                ServerError::Bind(_, problem) => problem,
                other => other.to_string(),
            };
            ConfigError::Field {
                file: folder.config_file(),
                field: "metrics_listen".to_owned(),
                problem,
            }
        })?;
    let address = listener.address()?;
    Ok(Some((listener, address)))
}

/// Takes the address of the command line, else that of the configuration.
async fn bind(
    config: &Config,
    listen: Option<SocketAddr>,
    folder: &DataFolder,
) -> Result<Listener, Error> {
    let file = folder.config_file();
    let place = listen.map_or_else(|| format!("{}: listen", file.display()), |_| "--listen".into());
    let address = listen.unwrap_or(config.listen);
    config.check_listen(address, &place)?;
    let tls = config
        .tls
        .as_ref()
        .map(|files| load_tls(&folder.resolve(&files.certificate), &folder.resolve(&files.key)));
    Ok(Listener::bind(address, tls.transpose()?, config.max_connections).await?)
}
