//! A policy file, in YAML or JSON.

use std::fs;
use std::path::Path;

use edgelatch_core::Policy;
use edgelatch_issuer::yaml_to_json;
use serde_json::Value;

/// A policy that an edge would take, and the document it came from.
pub(super) struct Loaded {
    pub(super) document: Value,
    pub(super) policy: Policy,
}

/// Reads and checks a file; the error is one line that names file and field.
pub(super) fn load(file: &Path) -> Result<Loaded, String> {
    let name = file.display();
    let bytes = fs::read(file).map_err(|error| {
        format!("cannot read the policy: {name} ({error}); check the path and its mode")
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("policy is not text: {name}; save it as UTF-8"))?;
    // JSON goes as it is: an edge reads the same bytes, repeated members and all.
    let is_json = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let json = if is_json { text } else { from_yaml(&text, file)? };
    let policy = Policy::from_json(json.as_bytes()).map_err(|error| {
        let problem = error.to_string();
        let problem = if is_json { problem } else { without_place(&problem) };
        format!("policy is wrong: {name}: {problem}")
    })?;
    let document = serde_json::from_str(&json)
        .map_err(|error| format!("policy is wrong: {name}: {error}; correct the JSON"))?;
    Ok(Loaded { document, policy })
}

fn from_yaml(text: &str, file: &Path) -> Result<String, String> {
    let value = yaml_to_json(text).map_err(|error| {
        format!("policy is not YAML: {}: {error}; correct this line", file.display())
    })?;
    Ok(value.to_string())
}

/// Drops `at line 1 column 268`, which speaks of the JSON that was made of the YAML.
fn without_place(problem: &str) -> String {
    let Some((before, place)) = problem.split_once(" at line ") else { return problem.to_owned() };
    let is_place = |letter: char| letter.is_ascii_digit() || letter == ' ';
    let after = place.replacen("column", "", 1);
    format!("{before} {}", after.trim_start_matches(is_place)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_the_place_and_nothing_else() {
        let problem = "routes[1].nam: unknown field `nam` at line 1 column 268 [cfg.field]";
        assert_eq!(without_place(problem), "routes[1].nam: unknown field `nam` [cfg.field]");
        assert_eq!(without_place("routes: missing [cfg.value]"), "routes: missing [cfg.value]");
    }
}
