//! What every description of an API says of refusals: they are problems, also where a handler does not list them.
//!
//! In this one place, because they are made in few: extractors, [`crate::ApiError`], the middleware that all share.
//! Not here: which refusals an operation has of its own, and why. That is told beside its handler.

use contract::{PROBLEM_JSON, Problem};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Content, OpenApi, Ref, RefOr, Response,
        path::{Operation, PathItem},
        schema::Components,
    },
};

const JSON: &str = "application/json";
const PROBLEM: &str = "Problem";
/// Refusals and failures that are not told one by one.
const OTHERS: [(&str, &str); 2] =
    [("4XX", "The request is refused"), ("5XX", "It failed, and not by the request")];

/// Returns the description with a problem as the content of every 4xx and 5xx.
pub(crate) fn with_problems(mut api: OpenApi) -> OpenApi {
    for operation in api.paths.paths.values_mut().flat_map(operations) {
        for (status, description) in OTHERS {
            let others = || Response::new(description).into();
            operation.responses.responses.entry(status.to_owned()).or_insert_with(others);
        }
        for (status, response) in &mut operation.responses.responses {
            if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response) {
                refuse(response);
            }
        }
    }
    let schemas = &mut api.components.get_or_insert_with(Components::new).schemas;
    let mut own = vec![(PROBLEM.to_owned(), Problem::schema())];
    Problem::schemas(&mut own);
    schemas.extend(own);
    api
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, options, head, patch, trace, query, .. } = item;
    [get, put, post, delete, options, head, patch, trace, query].into_iter().flatten()
}

/// A body that is told as JSON is a problem with extensions.
fn refuse(response: &mut Response) {
    if let Some(content) = response.content.shift_remove(JSON) {
        response.content.insert(PROBLEM_JSON.to_owned(), content);
    }
    if response.content.is_empty() {
        let content = Content::new(Some(Ref::from_schema_name(PROBLEM)));
        response.content.insert(PROBLEM_JSON.to_owned(), content.into());
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::{Value, json};
    use utoipa::OpenApi;

    use super::*;

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "described only")]
    struct Extended {
        report: String,
    }

    #[utoipa::path(
        get,
        path = "/a",
        responses(
            (status = OK, body = String, content_type = "text/plain"),
            (status = NOT_FOUND, body = Problem, description = "Gone"),
            (status = CONFLICT, description = "Twice"),
            (status = UNPROCESSABLE_ENTITY, body = Extended),
        )
    )]
    fn a() -> StatusCode {
        StatusCode::OK
    }

    #[utoipa::path(post, path = "/a", responses((status = NO_CONTENT)))]
    fn b() {}

    #[derive(OpenApi)]
    #[openapi(paths(a, b))]
    struct Api;

    #[test]
    fn every_operation_tells_that_refusals_are_problems() {
        a();
        b();
        let api: Value = serde_json::to_value(with_problems(Api::openapi())).unwrap();
        let responses = |method: &str| api["paths"]["/a"][method]["responses"].clone();
        let problem = |name: &str| {
            let schema = format!("#/components/schemas/{name}");
            json!({ "application/problem+json": { "schema": { "$ref": schema } } })
        };
        for (status, name) in
            [("404", "Problem"), ("409", "Problem"), ("422", "Extended"), ("4XX", "Problem")]
        {
            assert_eq!(responses("get")[status]["content"], problem(name), "{status}");
        }
        assert_eq!(responses("get")["404"]["description"], "Gone");
        assert!(responses("get")["200"]["content"]["text/plain"].is_object());
        assert_eq!(responses("post")["5XX"]["content"], problem("Problem"));
        assert!(responses("post")["204"]["content"].is_null());
        for schema in ["Problem", "FieldError"] {
            assert!(api["components"]["schemas"][schema].is_object(), "{schema}");
        }
    }
}
