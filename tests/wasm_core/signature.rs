//! A key set and signatures over any bytes.

#![expect(unsafe_code, reason = "exports functions by name")]

use std::cell::RefCell;

use edgelatch_core::{Algorithm, KeySet, SignatureCheck, SignatureOutcome, VerifyingKey, software};

use crate::memory::{say, with_input};

thread_local! {
    static KEY: RefCell<Option<VerifyingKey>> = const { RefCell::new(None) };
}

/// Loads the key set in the input for the algorithms whose places in [`Algorithm::ALL`] are the bits of the argument: 1
/// if its first key may be used, else 0 with the reason as the answer.
#[unsafe(no_mangle)]
extern "C" fn load_keys(algorithms: u32) -> u32 {
    KEY.set(None);
    let allowed: Vec<Algorithm> = (0..)
        .zip(Algorithm::ALL)
        .filter(|(place, _)| algorithms >> place & 1 == 1)
        .map(|(_, algorithm)| algorithm)
        .collect();
    match with_input(|set| KeySet::load(set, &allowed)) {
        Ok(loaded) => {
            KEY.set(loaded.keys.iter().next().cloned());
            1
        }
        Err(error) => {
            say(error.code());
            0
        }
    }
}

/// Takes a step towards faster checks by the loaded key: 1 if there is nothing left to do.
#[unsafe(no_mangle)]
extern "C" fn prepare(_: u32) -> u32 {
    KEY.with_borrow(|key| {
        let Some(key) = key else { return 1 };
        software::prepare(key);
        u32::from(software::is_prepared(key))
    })
}

/// Whether the input is a message of this length with a signature of the loaded key behind it.
#[unsafe(no_mangle)]
extern "C" fn verify(message_length: usize) -> u32 {
    with_input(|input| {
        let Some((message, signature)) = input.split_at_checked(message_length) else { return 0 };
        KEY.with_borrow(|key| {
            let Some(key) = key else { return 0 };
            let check = SignatureCheck { algorithm: key.algorithm(), key, message, signature };
            u32::from(software::verify(&check) == SignatureOutcome::Valid)
        })
    })
}
