//! Conversations that their owner lets the organisation read, over real sockets.

use axum::http::{Method, StatusCode};
use contract::Problem;
use mfe_ask_api::{
    Answer, CONVERSATIONS, Conversation, ConversationList, FEEDBACK, GENERATE, HISTORY, History,
    STOP,
};
use mfe_ask_service::router;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use service_kit::EdgeKey;

use crate::{asking::site, search::FakeSearch, seed::path_of};

const USUAL: &str = "own-read,own-change,organisation-read";
const QUESTION: &str = "What was done with Kafka?";

/// A browser, as the gateway tells of it; without an account a visitor's.
#[derive(Clone, Copy)]
struct Person {
    account: &'static str,
    /// As in the header.
    organisation: &'static str,
    grants: &'static str,
}

const ANNA: Person = Person { account: "a1", organisation: "B%C3%BCro%2C%20Nord", grants: USUAL };
const BEN: Person = Person { account: "a2", ..ANNA };
const CARA: Person = Person { account: "a3", organisation: "Studio", ..ANNA };
const DORA: Person = Person { account: "a4", organisation: "", ..ANNA };
const VISITOR: Person = Person { account: "", organisation: "", grants: "" };

struct Server {
    base: String,
    client: reqwest::Client,
    _search: FakeSearch,
}

impl Server {
    async fn start() -> Self {
        let mut site = site().await;
        site.state.edge = Some(EdgeKey::new("shared".to_owned()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = router(site.state);
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { base, client: reqwest::Client::new(), _search: site.search }
    }

    async fn send(
        &self,
        who: Person,
        method: Method,
        path: &str,
        body: impl Into<String>,
    ) -> reqwest::Response {
        let mut request = self.client.request(method, [&self.base, path].concat());
        let session = if who.account.is_empty() { "visitor" } else { who.account };
        request = request.header("x-asterism-session", session);
        if !who.account.is_empty() {
            request = request
                .header("x-asterism-edge", "shared")
                .header("x-asterism-account", who.account)
                .header("x-asterism-organisation", who.organisation)
                .header("x-asterism-private", who.grants);
        }
        let body = body.into();
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body);
        }
        request.header("accept", "application/json").send().await.unwrap()
    }

    async fn get<T: DeserializeOwned>(&self, who: Person, path: &str) -> T {
        let response = self.send(who, Method::GET, path, "").await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        read(response).await
    }

    async fn refused(&self, who: Person, method: Method, path: &str, body: &str) -> Problem {
        let response = self.send(who, method, path, body).await;
        let status = response.status();
        assert!(status.is_client_error(), "{status} {path} {body}");
        assert_eq!(response.headers()["content-type"], contract::PROBLEM_JSON);
        read(response).await
    }

    /// Asks, in a conversation of its own.
    async fn ask(&self, who: Person) -> Answer {
        let body = json!({ "question": QUESTION }).to_string();
        let response = self.send(who, Method::POST, GENERATE, body).await;
        assert_eq!(response.status(), StatusCode::OK);
        read(response).await
    }

    async fn show(&self, who: Person, id: &str, visibility: &str) -> Conversation {
        let path = path_of(id, "/visibility");
        let response = self.send(who, Method::PUT, &path, to(visibility)).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["cache-control"], "no-store, private");
        read(response).await
    }

    /// Whether somebody reads a conversation; if not it is as one that never was.
    async fn reads(&self, who: Person, id: &str) -> bool {
        let mut found = Vec::new();
        for path in [
            format!("{HISTORY}?conversation_id={id}"),
            path_of(id, "/export?format=md"),
            path_of(id, "/export?format=json"),
        ] {
            let response = self.send(who, Method::GET, &path, "").await;
            let status = response.status();
            if status != StatusCode::OK {
                let never = path.replace(id, "00000000-0000-4000-8000-000000000000");
                let mut pair = [
                    read::<Problem>(response).await,
                    self.refused(who, Method::GET, &never, "").await,
                ];
                pair.iter_mut().for_each(|problem| problem.request_id.clear());
                assert_eq!(pair[0], pair[1]);
                assert_eq!(pair[0].status, 404);
            }
            found.push(status == StatusCode::OK);
        }
        assert_eq!(found, [found[0]; 3], "page and files");
        let list: ConversationList = self.get(who, CONVERSATIONS).await;
        let all = list.conversations.iter().chain(&list.shared);
        assert_eq!(all.filter(|one| one.id == id).count(), usize::from(found[0]), "in the list");
        found[0]
    }
}

async fn read<T: DeserializeOwned>(response: reqwest::Response) -> T {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

fn to(visibility: &str) -> String {
    json!({ "visibility": visibility }).to_string()
}

#[tokio::test]
async fn the_organisation_reads_what_its_owner_shares_until_that_is_taken_back() {
    let server = Server::start().await;
    let asked = server.ask(ANNA).await;
    let (id, others) = (asked.conversation_id.as_str(), [BEN, CARA, DORA, VISITOR]);
    for who in others {
        assert!(!server.reads(who, id).await, "{} before", who.account);
    }
    let shown = server.show(ANNA, id, "organisation").await;
    assert_eq!((shown.shared_with.as_deref(), shown.read_only), (Some("Büro, Nord"), false));
    assert!(server.reads(ANNA, id).await && server.reads(BEN, id).await);
    for who in [CARA, DORA, VISITOR] {
        assert!(!server.reads(who, id).await, "{} of elsewhere", who.account);
    }
    let list: ConversationList = server.get(BEN, CONVERSATIONS).await;
    assert_eq!(list.organisation.as_deref(), Some("Büro, Nord"));
    assert_eq!(list.shared, [Conversation { read_only: true, ..shown.clone() }]);
    let own: ConversationList = server.get(ANNA, CONVERSATIONS).await;
    assert_eq!((own.conversations, own.shared), (vec![shown], vec![]));

    let private = server.show(ANNA, id, "private").await;
    assert_eq!(private.shared_with, None);
    for who in others {
        assert!(!server.reads(who, id).await, "{} after", who.account);
    }
    assert!(server.reads(ANNA, id).await);
}

#[tokio::test]
async fn who_reads_what_is_shared_changes_nothing_of_it() {
    let server = Server::start().await;
    let Answer { conversation_id, message_id, .. } = server.ask(ANNA).await;
    let id = conversation_id.as_str();
    let judged = json!({ "message_id": message_id, "helpful": false, "reason": "for the site" });
    let judged = server.send(ANNA, Method::POST, FEEDBACK, judged.to_string()).await;
    assert_eq!(judged.status(), StatusCode::NO_CONTENT);
    server.show(ANNA, id, "organisation").await;
    let path = format!("{HISTORY}?conversation_id={id}");
    let before: History = server.get(ANNA, &path).await;

    let helpful = json!({ "message_id": message_id, "helpful": true });
    let follow_up = json!({ "question": QUESTION, "conversation_id": id });
    let again = json!({ "question": QUESTION, "conversation_id": id, "retry": message_id });
    // Where policies permit more, a conversation is still its owner's to change.
    let bold =
        Person { grants: "own-read,own-change,organisation-read,organisation-change", ..BEN };
    for who in [BEN, bold] {
        for (method, path, body) in [
            (Method::PATCH, path_of(id, ""), json!({ "title": "Mine" })),
            (Method::DELETE, path_of(id, ""), Value::Null),
            (Method::PUT, path_of(id, "/visibility"), json!({ "visibility": "private" })),
            (Method::PUT, path_of(id, "/visibility"), json!({ "visibility": "organisation" })),
            (Method::POST, GENERATE.to_owned(), follow_up.clone()),
            (Method::POST, GENERATE.to_owned(), again.clone()),
            (Method::POST, STOP.to_owned(), json!({ "message_id": message_id })),
            (Method::POST, FEEDBACK.to_owned(), helpful.clone()),
        ] {
            let body = if body.is_null() { String::new() } else { body.to_string() };
            let told = server.refused(who, method.clone(), &path, &body).await;
            assert_eq!(told.status, 404, "{method} {path} {body}");
        }
    }
    assert_eq!(server.get::<History>(ANNA, &path).await, before);
    // What Anna told the site of the answer is not told to Ben.
    let theirs: History = server.get(BEN, &path).await;
    assert!(theirs.conversation.read_only && before.messages[0].feedback.is_some());
    assert_eq!(theirs.messages[0].answer, before.messages[0].answer);
    assert_eq!(theirs.messages[0].feedback, None);
}

#[tokio::test]
async fn nothing_is_shared_without_an_organisation_and_the_answer_says_what_to_do() {
    let server = Server::start().await;
    for who in [DORA, VISITOR] {
        let id = server.ask(who).await.conversation_id;
        let path = path_of(&id, "/visibility");
        let told = server.refused(who, Method::PUT, &path, &to("organisation")).await;
        assert_eq!((told.status, told.code()), (409, "no-organisation"));
        assert!(told.detail.contains("from who runs the site"), "{}", told.detail);
        // What is private may be told so.
        assert_eq!(server.show(who, &id, "private").await.shared_with, None);
        let never = path.replace(&id, "never");
        let told = server.refused(who, Method::PUT, &never, &to("organisation")).await;
        assert_eq!(told.code(), "unknown-conversation");
        let list: ConversationList = server.get(who, CONVERSATIONS).await;
        assert_eq!((list.organisation, list.shared), (None, vec![]));
    }
}

#[tokio::test]
async fn what_was_shared_stays_where_it_was_when_its_owner_moves() {
    let server = Server::start().await;
    let id = server.ask(ANNA).await.conversation_id;
    server.show(ANNA, &id, "organisation").await;
    let moved = Person { organisation: "Studio", ..ANNA };
    assert!(server.reads(BEN, &id).await && !server.reads(CARA, &id).await);
    assert!(server.reads(moved, &id).await, "it is still hers");
    server.show(moved, &id, "organisation").await;
    assert!(!server.reads(BEN, &id).await && server.reads(CARA, &id).await);
    // She can take it back from nowhere too.
    server.show(Person { organisation: "", ..ANNA }, &id, "private").await;
    assert!(!server.reads(CARA, &id).await);
}

#[tokio::test]
async fn policies_and_the_edge_decide_who_reads() {
    let server = Server::start().await;
    let id = server.ask(ANNA).await.conversation_id;
    server.show(ANNA, &id, "organisation").await;
    let strict = Person { grants: "own-read,own-change", ..BEN };
    assert!(!server.reads(strict, &id).await);
    // The headers alone, past the gateway.
    let path = format!("{HISTORY}?conversation_id={id}");
    for edge in ["", "guessed"] {
        let request = server.client.get([&server.base, &*path].concat());
        let answer = request
            .header("x-asterism-session", "visitor")
            .header("x-asterism-edge", edge)
            .header("x-asterism-account", BEN.account)
            .header("x-asterism-organisation", BEN.organisation)
            .header("x-asterism-private", USUAL);
        assert_eq!(answer.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn what_is_no_visibility_is_refused_by_name() {
    let server = Server::start().await;
    let id = server.ask(ANNA).await.conversation_id;
    let path = path_of(&id, "/visibility");
    for (body, status, field) in [
        (json!({ "visibility": "everybody" }), 422, "visibility"),
        (json!({ "visibility": "private", "organisation": "Studio" }), 422, "organisation"),
        (json!({}), 422, "."),
        (json!("organisation"), 422, "."),
    ] {
        let told = server.refused(ANNA, Method::PUT, &path, &body.to_string()).await;
        let named = told.errors.first().map(|error| error.field.as_str());
        assert_eq!((told.status, named), (status, Some(field)), "{body}");
    }
    for body in ["{", r#"{"visibility":1}"#] {
        assert_eq!(server.refused(ANNA, Method::PUT, &path, body).await.status, 400, "{body}");
    }
    assert!(!server.reads(BEN, &id).await);
}
