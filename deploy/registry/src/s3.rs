//! Registries in S3, or in a store that speaks its protocol.
//!
//! `object_store` reads the configuration from the environment as Amazon's own tools do: `AWS_ACCESS_KEY_ID`,
//! `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`,
//! `AWS_VIRTUAL_HOSTED_STYLE_REQUEST`. The store must know `If-None-Match: *` on `PUT`, which S3 (since
//! 2024), `MinIO`, R2 and Ceph do: releases and publishes stand on it.
//!
//! Not here: TLS. This build speaks plain HTTP to the store, on the same machine or a network that is
//! trusted, or through a proxy there that adds TLS. The libraries for it would add a C compiler's minute to
//! every cold build. Signing needs SHA-256 only, and that is here.

mod http;

use std::sync::Arc;

use hmac::{Hmac, Mac};
use object_store::{
    Error, ObjectStore, Result,
    aws::{AmazonS3Builder, S3ConditionalPut},
    client::{
        CryptoProvider, DigestAlgorithm, DigestContext, HmacContext, Signer, SigningAlgorithm,
    },
    path::Path,
    prefix::PrefixStore,
};
use sha2::{Digest, Sha256};
use url::Url;

/// Opens `s3://bucket/prefix`.
pub(crate) fn open(
    url: &Url,
) -> std::result::Result<Arc<dyn ObjectStore>, Box<dyn std::error::Error + Send + Sync>> {
    let bucket = url.host_str().ok_or("name the bucket: s3://bucket/prefix")?;
    let prefix = Path::from_url_path(url.path())?;
    let store = plain(AmazonS3Builder::from_env()).with_bucket_name(bucket);
    let store = store.with_conditional_put(S3ConditionalPut::ETagMatch).build()?;
    Ok(Arc::new(PrefixStore::new(store, prefix)))
}

/// Gives a store what it takes to talk to a server: signing, and plain HTTP.
#[must_use]
pub fn plain(builder: AmazonS3Builder) -> AmazonS3Builder {
    builder.with_crypto_provider(Arc::new(Sha)).with_http_connector(http::Plain)
}

/// SHA-256 and its HMAC, all that signing a request takes.
#[derive(Debug)]
struct Sha;

struct Running<T> {
    state: T,
    done: Vec<u8>,
}

impl CryptoProvider for Sha {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Box<dyn DigestContext>> {
        match algorithm {
            DigestAlgorithm::Sha256 => {
                Ok(Box::new(Running { state: Sha256::new(), done: Vec::new() }))
            }
            other => Err(unknown(&other)),
        }
    }

    fn hmac(&self, algorithm: DigestAlgorithm, secret: &[u8]) -> Result<Box<dyn HmacContext>> {
        match algorithm {
            DigestAlgorithm::Sha256 => {
                let state = Hmac::<Sha256>::new_from_slice(secret).map_err(|e| unknown(&e))?;
                Ok(Box::new(Running { state, done: Vec::new() }))
            }
            other => Err(unknown(&other)),
        }
    }

    fn sign(&self, algorithm: SigningAlgorithm, _: &[u8]) -> Result<Box<dyn Signer>> {
        Err(unknown(&algorithm))
    }
}

impl DigestContext for Running<Sha256> {
    fn update(&mut self, data: &[u8]) {
        Digest::update(&mut self.state, data);
    }

    fn finish(&mut self) -> Result<&[u8]> {
        self.done = self.state.finalize_reset().to_vec();
        Ok(&self.done)
    }
}

impl HmacContext for Running<Hmac<Sha256>> {
    fn update(&mut self, data: &[u8]) {
        Mac::update(&mut self.state, data);
    }

    fn finish(&mut self) -> Result<&[u8]> {
        self.done = self.state.clone().finalize().into_bytes().to_vec();
        Ok(&self.done)
    }
}

fn unknown(what: &impl std::fmt::Debug) -> Error {
    Error::NotSupported { source: format!("{what:?} is not what S3 needs").into() }
}
