//! Which stored form of a file a client takes.

/// A content coding that files are stored in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As published.
    Identity,
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
}

impl Encoding {
    /// From the smallest result to the largest.
    const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// Returns the `Content-Encoding` token, `None` for identity.
    #[must_use]
    pub fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
        }
    }

    /// Returns what the stored object's name ends in.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// Returns the codings that an `Accept-Encoding` header takes, the best first.
    ///
    /// Higher q-values come first, then smaller results. Identity is always among them: an answer in a
    /// form that the client did not ask for is worth more to it than a 406 (RFC 9110, 12.5.3).
    #[must_use]
    pub fn accepted(header: &str) -> Vec<Self> {
        let mut ranked: Vec<(u16, Self)> = Self::ALL
            .into_iter()
            .map(|encoding| (quality(header, encoding), encoding))
            .filter(|(quality, encoding)| *quality > 0 || *encoding == Self::Identity)
            .collect();
        ranked.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
        ranked.into_iter().map(|(_, encoding)| encoding).collect()
    }
}

/// Returns the q-value of `encoding` in thousandths.
fn quality(header: &str, encoding: Encoding) -> u16 {
    let mut star = None;
    for item in header.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")));
        let weight = weight.map_or(1000, thousandths);
        let token = encoding.token().unwrap_or("identity");
        if name.eq_ignore_ascii_case(token) || (token == "gzip" && name == "x-gzip") {
            return weight;
        }
        if name == "*" {
            star = Some(weight);
        }
    }
    match (star, encoding) {
        // Unlisted identity is acceptable, but only when nothing that was asked for is there.
        (None, Encoding::Identity) => 1,
        (star, _) => star.unwrap_or(0),
    }
}

fn thousandths(weight: &str) -> u16 {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = format!("{part:0<3}");
    match (whole, digits.get(..3).and_then(|digits| digits.parse().ok())) {
        ("1", _) => 1000,
        ("0", Some(part)) => part,
        // Not a weight: do not send what the client may not be able to read.
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Encoding::{self, Brotli, Gzip, Identity};

    #[test]
    fn the_client_decides_and_ties_go_to_the_smaller_form() {
        for (header, expected) in [
            ("", &[Identity][..]),
            ("gzip, deflate, br, zstd", &[Brotli, Gzip, Identity]),
            ("gzip", &[Gzip, Identity]),
            ("GZIP;Q=0.5, br;q=0.4", &[Gzip, Brotli, Identity]),
            ("br;q=0, gzip;q=0.0", &[Identity]),
            ("*", &[Brotli, Gzip, Identity]),
            ("*;q=0.1, br;q=0", &[Gzip, Identity]),
            ("identity, br;q=0.5", &[Identity, Brotli]),
            ("identity;q=0, br", &[Brotli, Identity]),
            ("br;q=nonsense", &[Identity]),
            ("brotli", &[Identity]),
        ] {
            assert_eq!(Encoding::accepted(header), expected, "{header}");
        }
    }
}
