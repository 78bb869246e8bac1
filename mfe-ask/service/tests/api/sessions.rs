//! 200 sessions at once, each trying the others' ids: nobody reads, changes or loses anything of another.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    http::{Method, StatusCode},
};
use mfe_ask_api::{CONVERSATIONS, FEEDBACK, HISTORY, Status};
use mfe_ask_service::{AppState, StoreError, router};
use serde_json::{Value, json as value};
use time::OffsetDateTime;
use tower::ServiceExt;

use crate::{
    seed::{answer, finish, path_of, question, request_as, session, source},
    state, text,
};

const SESSIONS: usize = 200;
const STEPS: usize = 40;

/// A conversation with a message of it.
#[derive(Clone)]
struct Known {
    owner: usize,
    conversation: String,
    message: String,
}

/// Small, and the same in every run (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }
}

/// Stands in everything that a session writes, and in nothing else.
fn secret(who: usize) -> String {
    format!("secret-{who}-of")
}

struct Visitor {
    who: usize,
    name: String,
    state: AppState,
    /// The service over that state; making it anew for each request takes most of the time.
    app: Router,
    random: Random,
    /// Ids of all sessions, as if they had leaked.
    leaked: Arc<Mutex<Vec<Known>>>,
    /// The own ones that are there.
    own: Vec<Known>,
    /// How often somebody else's id was tried.
    tried: usize,
}

impl Visitor {
    /// Anybody's, or one of the own.
    fn pick(&mut self) -> Option<Known> {
        let leaked = self.leaked.lock().unwrap();
        let from = if self.random.below(2) == 0 { &self.own } else { &*leaked };
        if from.is_empty() {
            return None;
        }
        let picked = from[self.random.below(from.len())].clone();
        drop(leaked);
        self.tried += usize::from(picked.owner != self.who);
        Some(picked)
    }

    async fn step(&mut self) {
        let picked = self.pick();
        match (self.random.below(8), picked) {
            (0 | 1, picked) => self.ask(picked).await,
            (2, _) | (_, None) => self.list().await,
            (3, Some(known)) => {
                let path = format!("{HISTORY}?conversation_id={}", known.conversation);
                self.read(&known, Method::GET, &path, &Value::Null).await;
            }
            (4, Some(known)) => {
                let format = ["md", "json"][self.random.below(2)];
                let path = path_of(&known.conversation, &format!("/export?format={format}"));
                self.read(&known, Method::GET, &path, &Value::Null).await;
            }
            (5, Some(known)) => {
                let body = value!({ "title": format!("{} title", secret(self.who)) });
                self.read(&known, Method::PATCH, &path_of(&known.conversation, ""), &body).await;
            }
            (6, Some(known)) => {
                let reason = format!("{} reason", secret(self.who));
                let body =
                    value!({ "message_id": known.message, "helpful": true, "reason": reason });
                self.read(&known, Method::POST, FEEDBACK, &body).await;
            }
            (_, Some(known)) => {
                let path = path_of(&known.conversation, "");
                self.read(&known, Method::DELETE, &path, &Value::Null).await;
                self.own.retain(|own| own.conversation != known.conversation);
            }
        }
    }

    /// Begins a conversation or goes on with the picked one.
    async fn ask(&mut self, picked: Option<Known>) {
        let asked = format!("{} question?", secret(self.who));
        let given = picked.as_ref().map(|known| known.conversation.as_str());
        let asked = question(&asked, given);
        let now = OffsetDateTime::now_utc();
        let begun = self.state.conversations.begin(&session(&self.name), asked, now).await;
        let may = picked.as_ref().is_none_or(|known| self.owns(known));
        let begun = match begun {
            Err(StoreError::NoConversation) if !may => return,
            begun => begun.unwrap(),
        };
        assert!(may, "{} asked in another's conversation", self.name);
        self.look(
            &serde_json::to_string(&begun.earlier.iter().map(|e| &e.answer).collect::<Vec<_>>())
                .unwrap(),
        );
        tokio::task::yield_now().await;
        let told = format!("{} answer [1]", secret(self.who));
        let quoted = source("a-story", &[&told]);
        finish(&self.state, &begun, Status::Done, answer(&told, vec![quoted])).await;
        let (owner, conversation) = (self.who, begun.conversation_id);
        let known = Known { owner, conversation, message: begun.message_id };
        self.leaked.lock().unwrap().push(known.clone());
        self.own.push(known);
    }

    fn owns(&self, known: &Known) -> bool {
        self.own.iter().any(|own| own.conversation == known.conversation)
    }

    async fn list(&self) {
        let (_, told) = self.send(Method::GET, CONVERSATIONS, &Value::Null).await;
        let list: Value = serde_json::from_str(&told).unwrap();
        let mut listed: Vec<_> = list["conversations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|conversation| conversation["id"].as_str().unwrap().to_owned())
            .collect();
        let mut expected: Vec<_> = self.own.iter().map(|own| own.conversation.clone()).collect();
        listed.sort();
        expected.sort();
        expected.dedup();
        assert_eq!(listed, expected, "all of its own and nothing else");
    }

    /// Sends a request about what is known; it succeeds if it is the own, and is a 404 otherwise.
    async fn read(&self, known: &Known, method: Method, path: &str, body: &Value) {
        let (status, told) = self.send(method.clone(), path, body).await;
        let expected = self.owns(known);
        assert_eq!(status.is_success(), expected, "{method} {path} by {}: {told}", self.name);
        assert!(expected || status == StatusCode::NOT_FOUND, "{status}");
        if expected && method != Method::DELETE && method != Method::POST {
            assert!(told.contains(&secret(self.who)), "{told}");
        }
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, String) {
        let request = request_as(&self.name, method, path, body);
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let told = text(response).await;
        self.look(&told);
        (status, told)
    }

    /// Finds nothing that another session wrote.
    fn look(&self, told: &str) {
        let own = secret(self.who);
        let foreign = told.match_indices("secret-").find(|(at, _)| !told[*at..].starts_with(&own));
        assert_eq!(foreign, None, "{} read {told}", self.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_sessions_at_once_never_cross() {
    let (state, leaked) = (state(), Arc::default());
    let app = router(state.clone());
    let visitors: Vec<_> = (0..SESSIONS)
        .map(|who| {
            let mut visitor = Visitor {
                who,
                name: format!("{who:032x}"),
                state: state.clone(),
                app: app.clone(),
                random: Random(who as u64),
                leaked: Arc::clone(&leaked),
                own: Vec::new(),
                tried: 0,
            };
            tokio::spawn(async move {
                for _ in 0..STEPS {
                    visitor.step().await;
                }
                visitor
            })
        })
        .collect();
    let mut tried = 0;
    for visitor in visitors {
        let visitor = visitor.await.unwrap();
        // After all that others tried, everything of its own is there, as it left it.
        visitor.list().await;
        for known in &visitor.own {
            let path = path_of(&known.conversation, "/export?format=json");
            visitor.read(known, Method::GET, &path, &Value::Null).await;
        }
        tried += visitor.tried;
    }
    assert!(tried > SESSIONS * STEPS / 4, "others' ids were tried {tried} times");
}
