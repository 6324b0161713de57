//! The listener: TLS, both versions of HTTP, limits on everything that a stranger may hold open.

mod connection;
mod descriptors;
mod error;
mod framing;
mod tls;

use core::time::Duration;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

pub use self::error::ServerError;
pub(crate) use self::tls::load as load_tls;
use crate::report::Reminder;

/// How long connections may take to finish their last request after a stop was asked for.
const GRACE: Duration = Duration::from_secs(10);

/// How often to repeat that connections cannot be taken.
const REMIND: Duration = Duration::from_mins(1);

/// A socket that listens and the rules for those who call.
pub(crate) struct Listener {
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
    slots: Arc<Semaphore>,
}

impl Listener {
    pub(crate) async fn bind(
        address: SocketAddr,
        tls: Option<TlsAcceptor>,
        max_connections: u16,
    ) -> Result<Self, ServerError> {
        let socket = TcpListener::bind(address)
            .await
            .map_err(|error| ServerError::from_bind(address, &error))?;
        let slots = descriptors::fitting(max_connections.into());
        Ok(Self { socket, tls, slots: Arc::new(Semaphore::new(slots)) })
    }

    /// The address with the real port, also when port 0 was asked for.
    pub(crate) fn address(&self) -> Result<SocketAddr, ServerError> {
        self.socket.local_addr().map_err(|error| ServerError::Address(error.to_string()))
    }

    /// `https` or `http`.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Serves until `stop` is ready, then lets open requests finish.
    pub(crate) async fn serve(self, router: Router, stop: impl Future<Output = ()>) {
        let (stopping, stopped) = watch::channel(false);
        let mut reminder = Reminder::new(REMIND);
        tokio::pin!(stop);
        loop {
            // The slot first: connections beyond the limit wait in the queue of the system, where
            // they cost us nothing.
            let next = async {
                let slot = Arc::clone(&self.slots).acquire_owned().await;
                (slot, self.socket.accept().await)
            };
            tokio::select! {
                () = &mut stop => break,
                (slot, accepted) = next => match (slot, accepted) {
                    (Ok(slot), Ok((stream, peer))) => {
                        self.spawn(stream, peer, slot, router.clone(), stopped.clone());
                    }
                    (Err(_), _) => break,
                    (_, Err(error)) => pause(&error, &mut reminder).await,
                },
            }
        }
        let Self { socket, slots, .. } = self;
        drop(socket);
        drop(stopped);
        // Nobody may be left to hear it, which is the best case.
        let _ = stopping.send(true);
        drain(&slots, &stopping).await;
    }

    fn spawn(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        slot: OwnedSemaphorePermit,
        router: Router,
        stopped: watch::Receiver<bool>,
    ) {
        let tls = self.tls.clone();
        tokio::spawn(async move {
            connection::serve(stream, peer, tls, router, stopped).await;
            drop(slot);
        });
    }
}

/// Waits for every connection to end, but not for ever.
async fn drain(slots: &Semaphore, stopping: &watch::Sender<bool>) {
    slots.close();
    tokio::select! {
        () = stopping.closed() => {}
        () = sleep(GRACE) => {}
    }
}

/// Out of file descriptors, or a connection that died in the queue: neither may stop us, and
/// neither may make us spin.
async fn pause(error: &io::Error, reminder: &mut Reminder) {
    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        reminder.warn(&ServerError::Accept(error.to_string()));
        sleep(Duration::from_millis(100)).await;
    }
}
