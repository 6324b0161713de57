//! Where a host may enter the filter.
//!
//! The SDK exports a function for everything that a host can announce. Envoy calls each one that is there, for every request,
//! whether it does anything or not; entering the machine costs more than looking up a token. And where the filter
//! has a function of its own, under a name of its own since the other is taken, it gets the place of the SDK's.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use wasm_encoder::reencode::utils::parse_export;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, Module};
use wasmparser::{Export, Parser, Payload};

use crate::Failure;

/// What stays: the callbacks of a filter that looks at requests only, and what every host asks for. A context is
/// forgotten in `proxy_on_delete`.
const EXPORTS: [&str; 13] = [
    "_initialize",
    "memory",
    "proxy_abi_version_0_2_1",
    "proxy_on_configure",
    "proxy_on_context_create",
    "proxy_on_delete",
    "proxy_on_http_call_response",
    "proxy_on_memory_allocate",
    "proxy_on_request_body",
    "proxy_on_request_headers",
    "proxy_on_request_trailers",
    "proxy_on_tick",
    "proxy_on_vm_start",
];

/// Writes the module at `from` to `to`, with these exports only. All must be there: a callback that went missing, such
/// as that of the trailers, would be a check that went missing.
pub(crate) fn choose(from: &Path, to: &Path) -> Result<(), Failure> {
    let module = fs::read(from).map_err(Failure::file("read", from))?;
    let chosen = chosen(&module).map_err(|error| error.to_string());
    let checked = chosen.and_then(|chosen| check(&module, &chosen).map(|()| chosen));
    let unfit = |reason: String| io::Error::new(io::ErrorKind::InvalidData, reason);
    let chosen = checked.map_err(unfit).map_err(Failure::file("choose the exports of", from))?;
    fs::write(to, chosen).map_err(Failure::file("write", to))
}

/// That nothing which should be called is missing in what was chosen of a module.
fn check(module: &[u8], chosen: &[u8]) -> Result<(), String> {
    let names = names(chosen).map_err(|error| error.to_string())?;
    if let Some(name) = EXPORTS.iter().find(|name| !names.contains(**name)) {
        return Err(format!("it has no {name}"));
    }
    let ours = replaced(module).map_err(|error| error.to_string())?;
    match ours.iter().find(|name| !EXPORTS.contains(&name.as_str())) {
        Some(name) => Err(format!("it has a function for {name}, which is not in the list")),
        None => Ok(()),
    }
}

fn chosen(module: &[u8]) -> Result<Vec<u8>, Error> {
    let mut choice = Choice { replaced: replaced(module)? };
    let mut chosen = Module::new();
    choice.parse_core_module(&mut chosen, Parser::new(0), module)?;
    Ok(chosen.finish())
}

/// The names for which there is a function of ours.
fn replaced(module: &[u8]) -> Result<BTreeSet<String>, Error> {
    Ok(names(module)?.iter().filter_map(|name| name_for_host(name)).collect())
}

/// The exported names.
fn names(module: &[u8]) -> Result<BTreeSet<String>, Error> {
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ExportSection(exports) = payload? {
            for export in exports {
                names.insert(export?.name.to_owned());
            }
        }
    }
    Ok(names)
}

fn name_for_host(name: &str) -> Option<String> {
    name.strip_prefix(OURS).map(|rest| format!("{THE_HOSTS}{rest}"))
}

struct Choice {
    replaced: BTreeSet<String>,
}

impl Reencode for Choice {
    type Error = core::convert::Infallible;

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), Error> {
        let own = name_for_host(export.name);
        let name = own.as_deref().unwrap_or(export.name);
        let is_replaced = own.is_none() && self.replaced.contains(name);
        if is_replaced || !EXPORTS.contains(&name) {
            return Ok(());
        }
        parse_export(self, exports, Export { name, ..export })
    }
}

const OURS: &str = "edgelatch_on_";
const THE_HOSTS: &str = "proxy_on_";

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, ExportKind, Function, FunctionSection, Instruction, TypeSection,
    };

    /// A module that exports a function under each of the names.
    fn module(names: &[&str]) -> Vec<u8> {
        let (mut functions, mut exports) = (FunctionSection::new(), ExportSection::new());
        let mut code = CodeSection::new();
        for (index, name) in (0..).zip(names) {
            functions.function(0);
            exports.export(name, ExportKind::Func, index);
            let mut body = Function::new([]);
            body.instruction(&Instruction::End);
            code.function(&body);
        }
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    /// The exported names, each with the number of its function.
    fn exports(module: &[u8]) -> Vec<(String, u32)> {
        let mut found = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::ExportSection(exports) = payload.unwrap() {
                found.extend(exports.into_iter().map(|export| {
                    let export = export.unwrap();
                    (export.name.to_owned(), export.index)
                }));
            }
        }
        found
    }

    #[test]
    fn ours_take_the_place_of_those_of_the_sdk() {
        let names = ["proxy_on_tick", "proxy_on_delete", "edgelatch_on_delete", "memory"];
        let expected = [("proxy_on_tick", 0), ("proxy_on_delete", 2), ("memory", 3)];
        let expected = expected.map(|(name, index)| (name.to_owned(), index));
        assert_eq!(exports(&chosen(&module(&names)).unwrap()), expected);
    }

    #[test]
    fn what_would_be_called_for_nothing_goes() {
        let names = ["proxy_on_log", "proxy_on_delete", "edgelatch_on_log", "main"];
        let chosen = chosen(&module(&names)).unwrap();
        assert_eq!(exports(&chosen), [("proxy_on_delete".to_owned(), 1)]);
    }

    #[test]
    fn nothing_that_should_be_called_may_be_missing() {
        let check = |names: &[&str]| check(&module(names), &chosen(&module(names)).unwrap());
        assert_eq!(check(&EXPORTS), Ok(()));
        let ours = ["edgelatch_on_delete"];
        assert_eq!(check(&[&EXPORTS[..], &ours].concat()), Ok(()));
        let unlisted = ["edgelatch_on_log"];
        let refused = check(&[&EXPORTS[..], &unlisted].concat()).unwrap_err();
        assert!(refused.contains("proxy_on_log"), "{refused}");
        for missing in EXPORTS {
            let others: Vec<&str> = EXPORTS.into_iter().filter(|name| *name != missing).collect();
            assert!(check(&others).unwrap_err().ends_with(missing), "{missing}");
        }
    }

    #[test]
    fn what_is_no_module_is_refused() {
        let module = module(&["proxy_on_tick"]);
        assert!(chosen(module.split_last().unwrap().1).is_err());
    }
}
