//! Callers that never stop: good and bad tokens in turn, each request on a connection of its own, so that both
//! workers get their share.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use edgelatch_tests::lab::http;

use super::tokens::Bad;

/// What good tokens are promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Phase {
    /// They pass.
    Served,
    /// 503: the last good keys are too old.
    Dark,
    /// The one turns into the other.
    Between,
}

pub(crate) struct Load {
    shared: Arc<Shared>,
    callers: Vec<JoinHandle<()>>,
}

struct Shared {
    address: SocketAddr,
    phase: AtomicU8,
    is_stopped: AtomicBool,
    good: Mutex<Vec<u8>>,
    bad: Vec<Bad>,
    good_sent: AtomicUsize,
    bad_sent: AtomicUsize,
    wrong_accepts: Mutex<Vec<String>>,
    wrong_refusals: Mutex<Vec<String>>,
}

impl Load {
    pub(crate) fn start(address: SocketAddr, good: Vec<u8>, bad: Vec<Bad>) -> Self {
        let shared = Arc::new(Shared {
            address,
            phase: AtomicU8::new(Phase::Served as u8),
            is_stopped: AtomicBool::new(false),
            good: Mutex::new(good),
            bad,
            good_sent: AtomicUsize::new(0),
            bad_sent: AtomicUsize::new(0),
            wrong_accepts: Mutex::default(),
            wrong_refusals: Mutex::default(),
        });
        let caller = |number| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.call(number))
        };
        let callers = (0..CALLERS).map(caller).collect();
        Self { shared, callers }
    }

    /// From now on good tokens are promised something else.
    pub(crate) fn enter(&self, phase: Phase) {
        self.shared.phase.store(phase as u8, Ordering::SeqCst);
    }

    /// From now on this is the good request.
    pub(crate) fn use_token(&self, request: Vec<u8>) {
        *self.shared.good.lock().unwrap() = request;
    }

    /// Waits until so many requests more were answered: enough to meet both workers in the present state.
    pub(crate) fn wait_for(&self, more: usize) {
        self.wait_for_total(self.total() + more);
    }

    pub(crate) fn wait_for_total(&self, total: usize) {
        let deadline = Instant::now() + Duration::from_mins(10);
        while self.total() < total {
            assert!(Instant::now() < deadline, "the callers got through {} only", self.total());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Stops the callers: good and bad requests sent, bad ones that passed, good ones that did not.
    pub(crate) fn stop(mut self) -> (usize, usize, Vec<String>, Vec<String>) {
        self.shared.is_stopped.store(true, Ordering::SeqCst);
        for caller in self.callers.drain(..) {
            caller.join().unwrap();
        }
        let shared = &self.shared;
        let wrong_accepts = std::mem::take(&mut *shared.wrong_accepts.lock().unwrap());
        let wrong_refusals = std::mem::take(&mut *shared.wrong_refusals.lock().unwrap());
        let (good, bad) = (&shared.good_sent, &shared.bad_sent);
        (good.load(Ordering::SeqCst), bad.load(Ordering::SeqCst), wrong_accepts, wrong_refusals)
    }

    fn total(&self) -> usize {
        let shared = &self.shared;
        shared.good_sent.load(Ordering::SeqCst) + shared.bad_sent.load(Ordering::SeqCst)
    }
}

impl Shared {
    fn call(&self, number: usize) {
        let mut turn = number;
        while !self.is_stopped.load(Ordering::SeqCst) {
            self.send_good();
            self.send_bad(&self.bad[turn % self.bad.len()]);
            turn += CALLERS;
        }
    }

    fn send_good(&self) {
        let before = self.phase.load(Ordering::SeqCst);
        let request = self.good.lock().unwrap().clone();
        let answer = self.status_of(&request);
        // An answer from before or after a change of the promise proves nothing.
        let phase = self.phase.load(Ordering::SeqCst);
        let promised = if phase == Phase::Served as u8 { 200 } else { 503 };
        let is_judged = before == phase && phase != Phase::Between as u8;
        if is_judged && answer != Ok(promised) {
            let mistake = format!("{answer:?} instead of {promised}");
            self.wrong_refusals.lock().unwrap().push(mistake);
        }
        self.good_sent.fetch_add(1, Ordering::SeqCst);
    }

    fn send_bad(&self, (name, request): &Bad) {
        match self.status_of(request) {
            Ok(400 | 401 | 403 | 503) => {}
            other => self.wrong_accepts.lock().unwrap().push(format!("{name}: {other:?}")),
        }
        self.bad_sent.fetch_add(1, Ordering::SeqCst);
    }

    fn status_of(&self, request: &[u8]) -> Result<u16, String> {
        let response = http::exchange(self.address, request);
        response.map(|response| response.status).map_err(|error| error.to_string())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::SeqCst);
    }
}

const CALLERS: usize = 4;
