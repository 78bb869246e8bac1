//! The ask service, as this remote calls it: what is fetched, and what is told. Answers are in `stream`.

use contract::Problem;
use js_sys::{Object, Reflect};
use mfe_ask_api::{CONVERSATIONS, HISTORY, STARTERS};
use shared_ui::{
    client::{change, fetch_value, unreadable},
    kit::Host,
    with_query,
};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;
use yew::{AttrValue, Callback, platform::spawn_local};

use crate::{
    transcript::{Recalling, Stretch},
    wire,
};

pub(crate) use crate::stream::{Asking, Heard};

/// A question to the service. One type for all, as is [`Found`] for what comes back: `use_query` would be
/// compiled anew for each pair of types.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wanted {
    /// Nothing for now, which comes at once.
    Nothing,
    /// Questions to begin with.
    Starters,
    /// Conversations, as they are after this many changes.
    Conversations(u32),
    /// A stretch of one.
    History(Recalling),
}

/// What comes back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found {
    /// As was wanted.
    Nothing,
    /// Questions.
    Starters(Vec<String>),
    /// Own and shared ones.
    Conversations(Chats),
    /// Questions with their answers.
    History(Stretch),
}

/// What is listed. Of the service's types only what is shown: comparing and dropping the rest is 300 bytes (brotli).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chats {
    /// The last one that was asked something first.
    pub(crate) own: Vec<Chat>,
    /// Others', shared in their organisation, in the same order.
    pub(crate) shared: Vec<Chat>,
    /// In which one's own can be shared; empty for none.
    pub(crate) organisation: AttrValue,
}

/// A conversation in the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chat {
    pub(crate) id: AttrValue,
    pub(crate) title: AttrValue,
    /// The organisation that may read it; empty for none.
    pub(crate) shared_with: AttrValue,
}

impl Chats {
    /// Returns one by its id.
    pub(crate) fn find(&self, id: &str) -> Option<&Chat> {
        self.own.iter().chain(&self.shared).find(|chat| chat.id == id)
    }
}

impl Found {
    /// Returns the list, when it is one.
    pub(crate) fn chats(&self) -> Option<&Chats> {
        if let Self::Conversations(chats) = self { Some(chats) } else { None }
    }
}

/// How many questions are fetched at once.
const STRETCH: &str = "50";

/// Fetches.
///
/// # Errors
/// The service's problem, or that it could not be reached.
pub(crate) async fn find(
    host: Host,
    wanted: Wanted,
    signal: Option<AbortSignal>,
) -> Result<Found, Problem> {
    let path = match &wanted {
        Wanted::Nothing => return Ok(Found::Nothing),
        Wanted::Starters => STARTERS.to_owned(),
        Wanted::Conversations(_) => CONVERSATIONS.to_owned(),
        Wanted::History(stretch) => {
            let before = stretch.before.as_deref().unwrap_or_default();
            let conversation = ("conversation_id", stretch.conversation.as_str());
            with_query(HISTORY, &[conversation, ("limit", STRETCH), ("before", before)])
        }
    };
    let value = fetch_value(&host, &path, None, signal.as_ref()).await?;
    let found = match wanted {
        Wanted::Nothing => None,
        Wanted::Starters => wire::starters(&value).map(Found::Starters),
        Wanted::Conversations(_) => wire::conversations(&value).map(Found::Conversations),
        Wanted::History(_) => wire::stretch(&value).map(Found::History),
    };
    found.ok_or_else(unreadable)
}

/// Asks for a change, and says what came of it: nothing, or the status of the problem. The one task of all parts that
/// do so, each of which would compile its own.
pub(crate) fn tell(
    host: &Host,
    method: &'static str,
    path: String,
    body: Option<JsValue>,
    done: Callback<Option<u16>>,
) {
    let change = change(host.clone(), method, path, body);
    spawn_local(async move { done.emit(change.await.err().map(|problem| problem.status)) });
}

/// Returns the path of a conversation at the service.
pub(crate) fn conversation_path(id: &str) -> String {
    [CONVERSATIONS, "/", id].concat()
}

/// Returns an object with the texts that are not empty.
pub(crate) fn body(fields: &[(&str, &str)]) -> JsValue {
    let object = Object::new();
    for (name, text) in fields {
        if !text.is_empty() {
            Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(text)).ok();
        }
    }
    object.into()
}
