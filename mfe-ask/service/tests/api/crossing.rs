//! 200 sessions that ask at the same time, on paced lines that drop and are gone on with: nobody reads or
//! stops an answer of another.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::{Method, StatusCode};
use mfe_ask_api::{Answer, Meta, STOP, event};
use mfe_ask_service::AppState;
use serde_json::json;

use crate::{
    asking::{Line, asked_as, site, streamed},
    json,
    seed::send_as,
    send, text,
};

const SESSIONS: usize = 200;
const ROUNDS: usize = 2;

/// An id of somebody's event, as if it had leaked.
#[derive(Clone)]
struct Leaked {
    owner: usize,
    meta: Meta,
}

struct Visitor {
    who: usize,
    state: AppState,
    leaked: Arc<Mutex<Vec<Leaked>>>,
    conversation: Option<String>,
    tried: usize,
}

impl Visitor {
    fn name(&self) -> String {
        format!("{:032x}", self.who)
    }

    /// Whose stories it asks for; neighbours ask for others.
    fn client(&self) -> String {
        let named = ["Northbank", "Cobalt Telecom", "Farwave Mobile", "Sable Biologics"];
        named[self.who % named.len()].to_owned()
    }

    /// Asks, loses the line, goes on with it, and meanwhile tries somebody else's ids.
    async fn round(&mut self, round: usize) {
        let question = format!("What did you do for {} in week {round}?", self.client());
        let body = json!({ "question": question, "conversation_id": self.conversation });
        let mut request = streamed(&body, None);
        let name = self.name();
        request.headers_mut().insert(service_kit::SESSION, name.parse().unwrap());
        let mut line = Line::new(send(self.state.clone(), request).await);
        let first = line.next().await.unwrap();
        assert_eq!(first.name, event::META, "{}", first.data);
        let meta: Meta = first.read();
        let before = self.conversation.replace(meta.conversation_id.clone());
        assert!(before.is_none_or(|id| id == meta.conversation_id));
        self.leaked.lock().unwrap().push(Leaked { owner: self.who, meta: meta.clone() });
        self.try_others(round).await;
        let mut last = first;
        for _ in 0..(self.who + round) % 5 {
            last = line.next().await.unwrap();
            assert_ne!(last.name, event::ERROR, "{}", last.data);
        }
        drop(line);
        let mut request = streamed(&body, Some(&last.id));
        request.headers_mut().insert(service_kit::SESSION, name.parse().unwrap());
        let events = Line::new(send(self.state.clone(), request).await).rest().await;
        let end = events.last().unwrap();
        assert_eq!(end.name, event::DONE, "{}", end.data);
        let done: Answer = end.read();
        assert_eq!(
            (&done.conversation_id, &done.message_id),
            (&meta.conversation_id, &meta.message_id)
        );
        assert!(!done.stopped, "somebody else stopped it");
        assert!(!done.sources.is_empty() && done.sources.iter().all(|s| s.client == self.client()));
    }

    /// Reads, stops, retries and goes on with what is not its own: all of it is not there.
    async fn try_others(&mut self, round: usize) {
        let picked = {
            let leaked = self.leaked.lock().unwrap();
            leaked[(self.who * 31 + round * 17) % leaked.len()].clone()
        };
        if picked.owner == self.who {
            return;
        }
        self.tried += 1;
        let (name, Meta { conversation_id, message_id }) = (self.name(), picked.meta);
        let question = json!({ "question": "What happened?" });
        let mut resumed = streamed(&question, Some(&format!("{message_id}:0")));
        resumed.headers_mut().insert(service_kit::SESSION, name.parse().unwrap());
        let goes_on = json!({ "question": "What happened?", "conversation_id": conversation_id });
        let retry = json!({
            "question": "What happened?", "conversation_id": conversation_id, "retry": message_id,
        });
        let stop = json!({ "message_id": message_id });
        for response in [
            send(self.state.clone(), resumed).await,
            send_as(&self.state, &name, Method::POST, STOP, &stop).await,
            asked_as(&self.state, &name, &goes_on).await,
            asked_as(&self.state, &name, &retry).await,
        ] {
            let status = response.status();
            let told = text(response).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{told}");
            assert!(!told.contains("sources"), "{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_sessions_that_ask_at_once_never_cross() {
    let mut site = site().await;
    site.state.pace = Duration::from_millis(2);
    let leaked: Arc<Mutex<Vec<Leaked>>> = Arc::default();
    let visitors: Vec<_> = (0..SESSIONS)
        .map(|who| {
            let (state, leaked) = (site.state.clone(), Arc::clone(&leaked));
            let mut visitor = Visitor { who, state, leaked, conversation: None, tried: 0 };
            tokio::spawn(async move {
                for round in 0..ROUNDS {
                    visitor.round(round).await;
                }
                visitor
            })
        })
        .collect();
    let mut tried = 0;
    for visitor in visitors {
        let visitor = visitor.await.unwrap();
        let id = visitor.conversation.as_ref().unwrap();
        let path = format!("{}?conversation_id={id}", mfe_ask_api::HISTORY);
        let kept: serde_json::Value =
            json(crate::seed::get_as(&visitor.state, &visitor.name(), &path).await).await;
        assert_eq!(kept["messages"].as_array().unwrap().len(), ROUNDS);
        tried += visitor.tried;
    }
    assert!(tried > SESSIONS / 2, "others' ids were tried {tried} times");
}
