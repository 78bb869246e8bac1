//! As much of S3 as the registry asks for, in memory.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use time::{
    OffsetDateTime,
    format_description::well_known::{Rfc2822, Rfc3339},
};

type Objects = Arc<Mutex<BTreeMap<String, (Bytes, SystemTime)>>>;

/// Serves an empty bucket for the rest of the test and returns its address.
pub(super) async fn serve() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().fallback(answer).with_state(Objects::default());
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

async fn answer(
    State(objects): State<Objects>,
    method: Method,
    uri: Uri,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !headers.contains_key(header::AUTHORIZATION) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut objects = objects.lock().unwrap();
    let key = uri.path().strip_prefix("/registry").unwrap().trim_start_matches('/').to_owned();
    match method {
        Method::PUT => {
            if headers.contains_key(header::IF_NONE_MATCH) && objects.contains_key(&key) {
                return StatusCode::PRECONDITION_FAILED.into_response();
            }
            let tag = tag(&body);
            objects.insert(key, (body, SystemTime::now()));
            [(header::ETAG, tag)].into_response()
        }
        Method::GET if query.contains_key("list-type") => list(&objects, &query),
        Method::GET | Method::HEAD => match objects.get(&key) {
            None => StatusCode::NOT_FOUND.into_response(),
            Some((bytes, at)) => {
                let at =
                    OffsetDateTime::from(*at).format(&Rfc2822).unwrap().replace("+0000", "GMT");
                let headers = [
                    (header::ETAG, tag(bytes)),
                    (header::LAST_MODIFIED, at),
                    (header::CONTENT_LENGTH, bytes.len().to_string()),
                ];
                let body = if method == Method::HEAD { Bytes::new() } else { bytes.clone() };
                (headers, body).into_response()
            }
        },
        Method::DELETE => {
            objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        // `POST ?delete` with a list of keys.
        Method::POST => {
            let text = String::from_utf8(body.to_vec()).unwrap();
            let mut deleted = String::new();
            for part in text.split("<Key>").skip(1) {
                let key = part.split("</Key>").next().unwrap();
                objects.remove(key);
                write!(deleted, "<Deleted><Key>{key}</Key></Deleted>").unwrap();
            }
            format!("<DeleteResult>{deleted}</DeleteResult>").into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn list(
    objects: &BTreeMap<String, (Bytes, SystemTime)>,
    query: &HashMap<String, String>,
) -> Response {
    let prefix = query.get("prefix").map_or("", String::as_str);
    let mut folders = BTreeSet::new();
    let mut out = String::from("<ListBucketResult><IsTruncated>false</IsTruncated>");
    for (key, (bytes, at)) in objects.iter().filter(|(key, _)| key.starts_with(prefix)) {
        if query.get("delimiter").is_some_and(|delimiter| delimiter == "/")
            && let Some((folder, _)) = key[prefix.len()..].split_once('/')
        {
            folders.insert(format!("{prefix}{folder}/"));
            continue;
        }
        let (at, size) = (OffsetDateTime::from(*at).format(&Rfc3339).unwrap(), bytes.len());
        let tag = tag(bytes).replace('"', "&quot;");
        write!(out, "<Contents><Key>{key}</Key><LastModified>{at}</LastModified>").unwrap();
        write!(out, "<ETag>{tag}</ETag><Size>{size}</Size></Contents>").unwrap();
    }
    for folder in folders {
        write!(out, "<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>").unwrap();
    }
    (out + "</ListBucketResult>").into_response()
}

fn tag(bytes: &Bytes) -> String {
    format!("\"{}\"", hex::encode(Sha256::digest(bytes)))
}
