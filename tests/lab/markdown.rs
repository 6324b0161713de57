//! What a document shows, for tests that run it.

/// The contents of fenced blocks in one of these languages.
pub fn blocks(markdown: &str, languages: &[&str]) -> Vec<String> {
    let fenced = markdown.split("\n```").skip(1).step_by(2);
    let blocks = fenced.filter_map(|block| block.split_once('\n'));
    blocks
        .filter(|(language, _)| languages.contains(&language.trim()))
        .map(|(_, text)| text.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_blocks_of_a_language() {
        let markdown = "a\n```sh\none\n```\nb\n```yaml\nx: 1\n```\n";
        assert_eq!(blocks(markdown, &["yaml"]), ["x: 1"]);
        assert_eq!(blocks(markdown, &["sh", "yaml"]).len(), 2);
    }
}
