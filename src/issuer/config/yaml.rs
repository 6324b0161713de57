//! YAML for people, turned into the JSON that programs agree on.

use core::fmt;

use serde_json::Value;

/// The text is not YAML, or has no equal in JSON. Carries line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError(String);

impl fmt::Display for YamlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl core::error::Error for YamlError {}

/// The same document as JSON. Repeated members are errors, as they are in a policy.
pub fn yaml_to_json(text: &str) -> Result<Value, YamlError> {
    serde_saphyr::from_str(text).map_err(|error| {
        // The library adds a drawing of the place below the message; one line is enough here.
        let message = error.to_string();
        YamlError(message.lines().next().unwrap_or("not YAML").to_owned())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_yaml_and_the_json_within_it() {
        let expected = json!({ "a": [1, true, null, "x"] });
        assert_eq!(yaml_to_json("a:\n - 1\n - true\n - null\n - x\n"), Ok(expected.clone()));
        assert_eq!(yaml_to_json(r#"{"a": [1, true, null, "x"]}"#), Ok(expected));
    }

    #[test]
    fn says_the_line_of_a_mistake_in_one_line() {
        let message = yaml_to_json("a: 1\nb: [\n").unwrap_err().to_string();
        assert!(message.contains("line") && !message.contains('\n'), "{message}");
    }

    #[test]
    fn refuses_repeated_members() {
        assert!(yaml_to_json("a: 1\na: 2\n").is_err());
    }
}
