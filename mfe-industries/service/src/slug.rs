//! Names as they stand in paths.
//!
//! A slug follows from its name alone, so that a story that is added never moves another page. For that
//! `&` and `/` must leave a trace: "AI & Data", "AI / Data" and "AI Data" are three names.
//!
//! Not here: what happens to two names that differ in nothing that a path shows.

/// Returns `name` in lower case with what stands between its words as a dash.
///
/// `&`, `+` and `#` are spelled out, `/` becomes an underscore. A name without any letter or digit becomes
/// `unnamed`, because an empty path segment finds nothing.
pub(crate) fn slug(name: &str) -> String {
    let spelled = name.replace('&', " and ").replace('+', " plus ").replace('#', " sharp ");
    let mut slug = String::new();
    let mut gap = None;
    for c in spelled.chars().flat_map(char::to_lowercase) {
        if !c.is_alphanumeric() {
            gap = if c == '/' { Some('_') } else { gap.or(Some('-')) };
            continue;
        }
        if let Some(gap) = gap.take()
            && !slug.is_empty()
        {
            slug.push(gap);
        }
        slug.push(c);
    }
    if slug.is_empty() { "unnamed".to_owned() } else { slug }
}

/// Returns the slug that version 0.1.0 of this service gave: `&` and `/` left no trace in it.
pub(crate) fn former(name: &str) -> String {
    let words: Vec<_> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() { "unnamed".to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::{former, slug};

    #[test]
    fn names_become_path_segments() {
        for (name, expected) in [
            ("Financial Services", "financial-services"),
            ("Transportation & Logistics", "transportation-and-logistics"),
            ("AI & Data", "ai-and-data"),
            ("AI / Data", "ai_data"),
            ("AI/Data", "ai_data"),
            ("AI Data", "ai-data"),
            ("I/O", "i_o"),
            ("DevOps & CI/CD", "devops-and-ci_cd"),
            ("  Retail, E-Commerce  ", "retail-e-commerce"),
            ("/etc/", "etc"),
            ("C++", "c-plus-plus"),
            ("C#", "c-sharp"),
            ("Web3", "web3"),
            ("Café", "café"),
            ("../..", "unnamed"),
            ("", "unnamed"),
        ] {
            assert_eq!(slug(name), expected);
        }
    }

    #[test]
    fn former_slugs_had_words_only() {
        for (name, expected) in [
            ("Financial Services", "financial-services"),
            ("Transportation & Logistics", "transportation-logistics"),
            ("  Retail / E-Commerce  ", "retail-e-commerce"),
            ("&", "unnamed"),
        ] {
            assert_eq!(former(name), expected);
        }
    }
}
