//! `/remotes/**`: the published files, immutable, compressed once at publish.

mod files;

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use contract::Descriptor;
use moka::sync::Cache;
use registry::{DESCRIPTOR, Encoding, Registry, RegistryError, SIGNATURE};
use service_kit::{ApiError, Path};

use crate::{AppState, assets::accepted, manifest::unreadable};
use files::ANY;

pub(crate) use files::Files;

/// Descriptors to keep; more than a site has versions in use.
const KEEP: u64 = 1000;

/// The descriptors that were asked for. A published one never changes.
#[derive(Debug)]
pub(crate) struct Descriptors(Cache<String, Arc<Descriptor>>);

impl Default for Descriptors {
    fn default() -> Self {
        Self(Cache::new(KEEP))
    }
}

impl Descriptors {
    async fn get(
        &self,
        registry: &Registry,
        remote: &str,
        version: &str,
    ) -> Result<Option<Arc<Descriptor>>, RegistryError> {
        let key = [remote, version].join("/");
        let known = self.0.get(&key);
        if known.is_some() {
            return Ok(known);
        }
        // That there is none is not kept: it may be published in the next moment.
        let found = registry.descriptor(remote, version).await?.map(Arc::new);
        if let Some(found) = &found {
            self.0.insert(key, found.clone());
        }
        Ok(found)
    }
}

/// Answers with one file of one published version.
pub(crate) async fn file(
    State(state): State<AppState>,
    Path((remote, version, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    answer(&state, (&remote, &version, &file), &headers).await
}

/// Answers with the file of that remote, version and name.
pub(crate) async fn answer(
    state: &AppState,
    (remote, version, file): (&str, &str, &str),
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let found = find(state, remote, version, file, headers).await?;
    found.ok_or_else(|| {
        let detail = format!("{remote} {version} has no file `{file}`, or is not published.");
        ApiError::not_found("no-such-file", detail)
            .with_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
            // Or a JavaScript host elsewhere sees a network error in place of the 404.
            .with_header(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY)
    })
}

async fn find(
    state: &AppState,
    remote: &str,
    version: &str,
    file: &str,
    headers: &HeaderMap,
) -> Result<Option<Response>, ApiError> {
    let descriptor = state.descriptors.get(&state.registry, remote, version).await;
    let Some(descriptor) = descriptor.map_err(unreadable)? else { return Ok(None) };
    let listed = descriptor.files.get(file).map(|info| &*info.integrity);
    if listed.is_none() && file != DESCRIPTOR && file != SIGNATURE {
        return Ok(None);
    }
    for encoding in accepted(headers).into_iter().chain([Encoding::Identity]) {
        let named = (remote, version, file);
        let asset = state.files.get(&state.registry, named, encoding, listed).await;
        if let Some(asset) = asset.map_err(unreadable)? {
            return Ok(Some(asset.respond(headers)));
        }
    }
    Ok(None)
}
