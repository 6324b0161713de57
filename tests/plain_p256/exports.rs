//! The host writes into `input`, then calls.

#![expect(unsafe_code, reason = "exports functions by name")]

use std::cell::RefCell;

use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static KEY: RefCell<Option<VerifyingKey>> = const { RefCell::new(None) };
}

/// Makes room for input of a length and says where.
#[unsafe(no_mangle)]
extern "C" fn input(length: usize) -> *mut u8 {
    INPUT.with_borrow_mut(|input| {
        input.clear();
        input.resize(length, 0);
        input.as_mut_ptr()
    })
}

/// Loads the point in the input (SEC1): 1, or 0 if it is none.
#[unsafe(no_mangle)]
extern "C" fn load_key() -> u32 {
    let key = INPUT.with_borrow(|point| VerifyingKey::from_sec1_bytes(point).ok());
    let is_loaded = key.is_some();
    KEY.set(key);
    u32::from(is_loaded)
}

/// Whether the input is a message of this length with a signature of the loaded key behind it.
#[unsafe(no_mangle)]
extern "C" fn verify(message_length: usize) -> u32 {
    INPUT.with_borrow(|input| {
        let Some((message, signature)) = input.split_at_checked(message_length) else { return 0 };
        let Ok(signature) = Signature::from_slice(signature) else { return 0 };
        KEY.with_borrow(|key| {
            u32::from(key.as_ref().is_some_and(|key| key.verify(message, &signature).is_ok()))
        })
    })
}
