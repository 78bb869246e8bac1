//! `GET /api/ask/conversations/{id}/export`.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use contract::Problem;
use mfe_ask_api::{Conversation, History};
use serde::Deserialize;
use service_kit::{ApiError, Path, Query};
use utoipa::IntoParams;

use crate::{AppState, Asker, markdown, standing};

/// Longest part of a file's name that is of the title.
const LONGEST: usize = 60;

/// As what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Form {
    /// `md`, a page to read, or `json`, everything.
    #[param(pattern = "^(md|json)$")]
    format: Option<String>,
}

/// A whole conversation as a file.
#[utoipa::path(
    get,
    path = mfe_ask_api::EXPORT,
    params(("id" = String, Path, description = "Of a conversation of the session, or shared with it"), Form),
    responses(
        (status = 200, content(
            (String = "text/markdown"),
            (History = "application/json"),
        )),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 422, body = Problem),
    ),
)]
pub(super) async fn export(
    State(state): State<AppState>,
    asker: Asker,
    Path(id): Path<String>,
    Query(Form { format }): Query<Form>,
) -> Result<Response, ApiError> {
    let as_json = match format.as_deref() {
        Some("md") => false,
        Some("json") => true,
        _ => return Err(ApiError::invalid_field("format", "must be `md` or `json`")),
    };
    let mut history = state.conversations.export(asker, &id).await?;
    // While the stories are not read yet nothing is known against any of them.
    if let Ok(snapshot) = state.snapshot() {
        standing::review(&snapshot.corpus, &mut history);
    }
    let (media, ending, text) = match as_json {
        true => {
            let text = serde_json::to_string_pretty(&history).map_err(ApiError::internal)?;
            ("application/json", "json", text)
        }
        false => ("text/markdown; charset=utf-8", "md", markdown::page(&history)),
    };
    let name = file_name(&history.conversation, ending);
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, &disposition)], text)
        .into_response())
}

/// Returns a name that every system takes: of letters, digits, `-` and one dot.
fn file_name(Conversation { title, updated_at, .. }: &Conversation, ending: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut name = updated_at.get(.."yyyy-mm-dd".len()).unwrap_or("conversation").to_owned();
    for word in words {
        if name.len() + word.len() > LONGEST {
            break;
        }
        name.push('-');
        name.push_str(&word.to_ascii_lowercase());
    }
    [&name, ".", ending].concat()
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::Conversation;
    use proptest::prelude::*;

    use super::file_name;

    fn named(title: &str) -> String {
        let at = || "2026-11-27T06:30:45.123Z".to_owned();
        let (id, title) = ("id".to_owned(), title.to_owned());
        let (created_at, updated_at) = (at(), at());
        let whole = Conversation { id, title, created_at, updated_at, ..Conversation::default() };
        file_name(&whole, "md")
    }

    #[test]
    fn a_file_is_named_after_the_day_and_the_title() {
        for (title, name) in [
            ("Why Kafka?", "2026-11-27-why-kafka.md"),
            ("../../etc/passwd\"; x=\r\n", "2026-11-27-etc-passwd-x.md"),
            ("为什么?", "2026-11-27.md"),
        ] {
            assert_eq!(named(title), name);
        }
    }

    proptest! {
        #[test]
        fn any_title_makes_a_safe_name(title in "(.|\\s)*") {
            let name = named(&title);
            let stem = name.strip_suffix(".md").unwrap();
            prop_assert!(stem.len() <= 61);
            prop_assert!(stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        }
    }
}
