//! The certificate, from its files, and again when they change.
//!
//! | metric | |
//! |---|---|
//! | `tls_certificate_not_after_timestamp_seconds` | when the first certificate of the chain in use ends, in seconds since 1970 |
//!
//! Not here: getting certificates (ACME), client certificates.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject},
    },
};
use x509_parser::parse_x509_certificate;

/// HTTP/2, as ALPN names it.
pub(super) const H2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// Where certificate and key are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsFiles {
    /// `tls.certificate`: the chain in PEM, the server's own first.
    pub certificate: Option<PathBuf>,
    /// `tls.key`: its private key in PEM.
    pub key: Option<PathBuf>,
}

/// A certificate in use.
pub(crate) struct Tls {
    pub(super) server: Arc<ServerConfig>,
    pub(crate) stamp: Stamp,
    /// When the first of the chain ends, in seconds since 1970; `None` of one that only TLS can read.
    not_after: Option<i64>,
}

impl Tls {
    /// Brings the gauge up to date.
    pub(crate) fn show(&self) {
        if let Some(end) = self.not_after {
            metrics::gauge!("tls_certificate_not_after_timestamp_seconds").set(end as f64);
        }
    }
}

/// Tells one state of the files from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp([(SystemTime, u64); 2]);

/// A certificate that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// One of the two files is not named.
    #[error("`tls.certificate` and `tls.key` belong together: set both or none")]
    Half,
    /// A file cannot be read.
    #[error("cannot read {}", file.display())]
    Read {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{} is no {what} in PEM", file.display())]
    Pem {
        /// Which.
        file: PathBuf,
        /// What was looked for.
        what: &'static str,
        /// Why.
        #[source]
        source: pem::Error,
    },
    /// The certificate is not of this key, or of a kind that TLS does not have.
    #[error("certificate and key do not fit")]
    Unusable(#[from] rustls::Error),
}

impl TlsFiles {
    fn both(&self) -> Result<Option<(&Path, &Path)>, TlsError> {
        match (&self.certificate, &self.key) {
            (Some(certificate), Some(key)) => Ok(Some((certificate, key))),
            (None, None) => Ok(None),
            _ => Err(TlsError::Half),
        }
    }

    /// Reads the files; without any there is no TLS.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub(crate) fn load(&self) -> Result<Option<Tls>, TlsError> {
        let Some((certificate, key)) = self.both()? else { return Ok(None) };
        // Before reading: what is written meanwhile is then seen as a change.
        let stamp = Stamp([stamp(certificate)?, stamp(key)?]);
        let broken = |file: &Path, what| {
            let file = file.to_owned();
            move |source| TlsError::Pem { file, what, source }
        };
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(broken(certificate, "certificate"))?;
        let not_after = not_after(&chain);
        let key = PrivateKeyDer::from_pem_file(key).map_err(broken(key, "private key"))?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        server.alpn_protocols = vec![H2.to_vec(), HTTP1.to_vec()];
        Ok(Some(Tls { server: Arc::new(server), stamp, not_after }))
    }

    /// Looks at the files without reading them; `None` when there are none, or one is missing just now.
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        let (certificate, key) = self.both().ok()??;
        Some(Stamp([stamp(certificate).ok()?, stamp(key).ok()?]))
    }
}

/// Returns when a chain ends to be valid: with the first of its certificates.
fn not_after(chain: &[CertificateDer<'_>]) -> Option<i64> {
    let ends = chain.iter().filter_map(|der| parse_x509_certificate(der).ok());
    ends.map(|(_, certificate)| certificate.validity().not_after.timestamp()).min()
}

fn stamp(file: &Path) -> Result<(SystemTime, u64), TlsError> {
    let look = || {
        let about = fs::metadata(file)?;
        Ok((about.modified()?, about.len()))
    };
    look().map_err(|source| TlsError::Read { file: file.to_owned(), source })
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("stamp", &self.stamp).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_ends_with_the_first_of_its_certificates() {
        let until = |year| {
            let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
            params.not_after = rcgen::date_time_ymd(year, 1, 1);
            params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().clone()
        };
        let chain = [until(2035), until(2030), until(2040)];
        assert_eq!(not_after(&chain), Some(1_893_456_000));
        assert_eq!(not_after(&[CertificateDer::from_slice(b"nonsense")]), None);
    }
}
