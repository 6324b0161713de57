//! The core as WebAssembly (`tests/wasm_core`) in an engine that counts its steps. An interpreter's steps are the same
//! on every machine and at every load, which no time is.

use std::fs;

use edgelatch_tests::lab;
use wasmi::{
    CompilationMode, Config, Engine, Error, Func, Instance, Linker, Module, Store, WasmParams,
};

/// The core in memory of its own.
pub(crate) struct Metered {
    store: Store<()>,
    instance: Instance,
}

impl Metered {
    pub(crate) fn start() -> Self {
        let mut config = Config::default();
        // Everything at once, or the first call of a function would take more steps than the second.
        config.consume_fuel(true).compilation_mode(CompilationMode::Eager);
        let engine = Engine::new(&config);
        let module = Module::new(&engine, fs::read(lab::wasm_core().unwrap()).unwrap()).unwrap();
        let mut store = Store::new(&engine, ());
        store.set_fuel(u64::MAX).unwrap();
        let mut linker = Linker::new(&engine);
        for import in module.imports() {
            let name = format!("{}.{}", import.module(), import.name());
            let of_type = import.ty().func().unwrap().clone();
            // The standard library brings them along for a panic. A decision needs none: no clock, no randomness.
            let refusal = move |_: wasmi::Caller<'_, ()>, _: &[_], _: &mut [_]| {
                Err(Error::new(format!("the core called {name}")))
            };
            let refused = Func::new(&mut store, of_type, refusal);
            linker.define(import.module(), import.name(), refused).unwrap();
        }
        let instance = linker.instantiate_and_start(&mut store, &module).unwrap();
        Self { store, instance }
    }

    /// Writes the pieces, one behind the other, where the core looks for its input.
    pub(crate) fn put(&mut self, pieces: &[&[u8]]) {
        let input = pieces.concat();
        let address = self.call("input", u32::try_from(input.len()).unwrap());
        let memory = self.instance.get_memory(&self.store, "memory").unwrap();
        memory.write(&mut self.store, usize::try_from(address).unwrap(), &input).unwrap();
    }

    /// Puts a request: method, authority, path, then names and values of headers in turn.
    pub(crate) fn put_request(&mut self, pieces: &[&[u8]]) {
        let lengths = pieces.iter().map(|piece| u32::try_from(piece.len()).unwrap().to_le_bytes());
        let lengths: Vec<_> = lengths.collect();
        let framed: Vec<&[u8]> =
            lengths.iter().zip(pieces).flat_map(|(length, piece)| [&length[..], piece]).collect();
        self.put(&framed);
    }

    /// Calls a function of the core. A trap is a failed test.
    pub(crate) fn call(&mut self, function: &str, argument: impl WasmParams) -> u32 {
        let function = self.instance.get_typed_func(&self.store, function).unwrap();
        function.call(&mut self.store, argument).unwrap()
    }

    /// What the core said last.
    pub(crate) fn answer(&mut self) -> String {
        let (address, length) = (self.call("answer", ()), self.call("answer_length", ()));
        let mut text = vec![0; usize::try_from(length).unwrap()];
        let memory = self.instance.get_memory(&self.store, "memory").unwrap();
        memory.read(&self.store, usize::try_from(address).unwrap(), &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    /// Steps so far, since the start. Copies count by their length.
    pub(crate) fn steps(&self) -> u64 {
        u64::MAX - self.store.get_fuel().unwrap()
    }
}
