//! One connection, from handshake to close.

use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::{Extension, Router};
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::framing;
use crate::http::Source;

/// A handshake is a few round trips; whoever takes longer holds a slot for nothing.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// From the first byte of a request head to its last; also how long a new connection may stay
/// silent, and, since hyper counts so, an HTTP/1.1 connection between two requests.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// An HTTP/2 connection without a request for this long is closed.
const IDLE_TIME: Duration = Duration::from_mins(1);

const MAX_HEADER_BYTES: usize = 32 * 1024;
const MAX_HEADERS: usize = 64;

/// What one HTTP/2 connection may hold in our memory: all its requests at once, with their bodies.
const MAX_STREAMS: u32 = 16;
const MAX_HEADER_LIST_BYTES: u32 = 8 * 1024;
const STREAM_WINDOW_BYTES: u32 = 32 * 1024;
const CONNECTION_WINDOW_BYTES: u32 = 64 * 1024;
const SEND_BUFFER_BYTES: usize = 64 * 1024;

/// Serves one connection. Errors of the peer are its own affair and are not logged: they would
/// give strangers a way to fill a disk.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    // Replies are single small writes; waiting to fill a packet would only add delay.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return serve_http(stream, peer, router, stopped).await };
    let handshake = tokio::select! {
        handshake = timeout(HANDSHAKE_TIME, tls.accept(stream)) => handshake,
        // Nothing was asked for yet, so nothing is lost.
        _ = stopped.wait_for(|stop| *stop) => return,
    };
    if let Ok(Ok(stream)) = handshake {
        serve_http(stream, peer, router, stopped).await;
    }
}

async fn serve_http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let activity = Arc::new(Activity::default());
    let router = router.layer(Extension(Source(peer.ip().to_canonical())));
    let counted = Arc::clone(&activity);
    let service = service_fn(move |request: Request<Incoming>| {
        let (mut router, activity) = (router.clone(), Arc::clone(&counted));
        async move {
            let _busy = activity.begin();
            match framing::refuse(&request) {
                None => tower_service::Service::call(&mut router, request.map(Body::new)).await,
                Some(refusal) => Ok(refusal),
            }
        }
    });
    let builder = builder();
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stop| *stop) => {}
        () = activity.idle() => {}
    }
    // Finishes the request in progress, then closes.
    connection.as_mut().graceful_shutdown();
    let _ = timeout(HEADER_TIME, connection).await;
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(MAX_HEADER_BYTES)
        .max_headers(MAX_HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(IDLE_TIME)
        .keep_alive_timeout(HEADER_TIME)
        .max_header_list_size(MAX_HEADER_LIST_BYTES)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(SEND_BUFFER_BYTES)
        .max_concurrent_streams(MAX_STREAMS);
    builder
}

/// Whether a connection still does anything: hyper has no idle limit for HTTP/2, nor for a
/// connection that has not yet said which version it speaks.
struct Activity {
    began: Instant,
    has_served: AtomicBool,
    busy: AtomicUsize,
    last_milliseconds: AtomicU64,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            has_served: AtomicBool::new(false),
            busy: AtomicUsize::new(0),
            last_milliseconds: AtomicU64::new(0),
        }
    }
}

/// Counts a request until it is dropped.
struct Busy<'a>(&'a Activity);

impl Activity {
    fn begin(&self) -> Busy<'_> {
        self.has_served.store(true, Ordering::Relaxed);
        self.busy.fetch_add(1, Ordering::Relaxed);
        Busy(self)
    }

    /// Ready when there was no request for longer than allowed.
    async fn idle(&self) {
        loop {
            let rest = self.limit().saturating_sub(self.quiet());
            if !rest.is_zero() {
                sleep(rest).await;
            } else if self.busy.load(Ordering::Relaxed) > 0 {
                sleep(IDLE_TIME).await;
            } else {
                return;
            }
        }
    }

    fn limit(&self) -> Duration {
        if self.has_served.load(Ordering::Relaxed) { IDLE_TIME } else { HEADER_TIME }
    }

    fn quiet(&self) -> Duration {
        let last = Duration::from_millis(self.last_milliseconds.load(Ordering::Relaxed));
        self.began.elapsed().saturating_sub(last)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let now = u64::try_from(self.0.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.last_milliseconds.store(now, Ordering::Relaxed);
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}
