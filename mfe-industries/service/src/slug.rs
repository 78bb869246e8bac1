//! Names as they stand in paths.

/// Returns `name` in lower case with everything but letters and digits as single dashes.
///
/// A name without any letter or digit becomes `unnamed`, because an empty path segment finds nothing.
pub(crate) fn slug(name: &str) -> String {
    let words: Vec<_> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() { "unnamed".to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn names_become_path_segments() {
        for (name, expected) in [
            ("Financial Services", "financial-services"),
            ("Transportation & Logistics", "transportation-logistics"),
            ("  Retail / E-Commerce  ", "retail-e-commerce"),
            ("Web3", "web3"),
            ("Café", "café"),
            ("&", "unnamed"),
            ("", "unnamed"),
        ] {
            assert_eq!(slug(name), expected);
        }
    }
}
