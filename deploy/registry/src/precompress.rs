//! Compressing once, at publish, as hard as it goes, so that no request pays for it.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

/// Largest window that every browser's brotli decoder takes, as a power of two.
const WINDOW: i32 = 24;

/// The smaller forms of a file; a form that is not smaller is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precompressed {
    /// Brotli, quality 11.
    pub brotli: Option<Vec<u8>>,
    /// Gzip, level 9.
    pub gzip: Option<Vec<u8>>,
}

/// Returns the smaller forms of `bytes`. Takes about a second a megabyte: not for a request's path.
#[must_use]
pub fn precompress(bytes: &[u8]) -> Precompressed {
    Precompressed { brotli: brotli(bytes), gzip: gzip(bytes) }
}

/// Returns `bytes` as brotli, `None` when that is not smaller.
#[must_use]
pub fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: WINDOW,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params).ok()?;
    (out.len() < bytes.len()).then_some(out)
}

/// Returns `bytes` as gzip, `None` when that is not smaller.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    let out = encoder.finish().ok()?;
    (out.len() < bytes.len()).then_some(out)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Precompressed, precompress};

    #[test]
    fn smaller_forms_give_the_same_bytes_back() {
        let text = b"export const mount = async () => {};\n".repeat(500);
        let Precompressed { brotli: Some(brotli), gzip: Some(gzip) } = precompress(&text) else {
            panic!("repetition compresses");
        };
        assert!(brotli.len() < gzip.len() && gzip.len() < text.len());
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli, &mut back).unwrap();
        assert_eq!(back, text);
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&*gzip).read_to_end(&mut back).unwrap();
        assert_eq!(back, text);
    }

    #[test]
    fn what_does_not_shrink_is_left_out() {
        assert_eq!(precompress(b"x"), Precompressed::default());
    }
}
