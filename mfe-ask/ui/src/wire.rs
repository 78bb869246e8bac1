//! Reading the service's answers. How is in [`shared_ui::fields`].

use contract::Problem;
use mfe_ask_api::{
    Answer, Confidence, Missing, Refusal, RefusalKind, Sentence, Source, Sources, Standing,
};
use shared_ui::{
    client::{read_problem, unreadable},
    fields::{Fields, read},
};
use wasm_bindgen::JsValue;
use yew::AttrValue;

use crate::{
    client::{Chat, Chats},
    handover::Handover,
    transcript::{Phase, Stretch, Turn, nothing},
};

fn sentence(it: &Fields<'_>) -> Sentence {
    Sentence {
        text: String::new(),
        source: it.number("source"),
        story: String::new(),
        quote: it.text("quote"),
    }
}

fn source(it: &Fields<'_>) -> Source {
    Source {
        id: it.text("id"),
        title: it.text("title"),
        client: it.text("client"),
        role: it.text("role"),
        summary: it.text("summary"),
        score: 0.0,
        quotes: it.texts("quotes"),
        standing: match maybe(it, "standing").as_deref() {
            Some("changed") => Standing::Changed,
            Some("gone") => Standing::Gone,
            _ => Standing::Current,
        },
    }
}

fn refusal(it: &Fields<'_>) -> Refusal {
    Refusal {
        kind: match it.text("kind").as_str() {
            "nonsense" => RefusalKind::Nonsense,
            "out_of_scope" => RefusalKind::OutOfScope,
            "personal" => RefusalKind::Personal,
            "injection" => RefusalKind::Injection,
            _ => RefusalKind::LowConfidence,
        },
        message: it.text("message"),
        suggestions: it.texts("suggestions"),
    }
}

fn maybe(it: &Fields<'_>, name: &str) -> Option<String> {
    it.field(name).as_string()
}

fn inner<T>(it: &Fields<'_>, name: &str, reader: fn(&Fields<'_>) -> T) -> Option<T> {
    it.field(name).is_object().then(|| reader(&it.object(name)))
}

/// Reads what an answer had to do without; most name nothing.
fn missing(it: &Fields<'_>) -> Vec<Missing> {
    let told = it.field("missing").is_object().then(|| it.texts("missing"));
    let known = told.into_iter().flatten().filter_map(|what| match what.as_str() {
        "search" => Some(Missing::Search),
        "model" => Some(Missing::Model),
        _ => None,
    });
    known.collect()
}

fn whole(it: &Fields<'_>) -> Answer {
    Answer {
        conversation_id: it.text("conversation_id"),
        message_id: it.text("message_id"),
        answer: it.text("answer"),
        sentences: it.list("sentences", sentence),
        sources: it.list("sources", source),
        degraded: it.field("degraded").is_truthy(),
        missing: missing(it),
        stopped: it.field("stopped").is_truthy(),
        confidence: match it.text("confidence").as_str() {
            "high" => Confidence::High,
            "low" => Confidence::Low,
            _ => Confidence::None,
        },
        understood: maybe(it, "understood"),
        refusal: inner(it, "refusal", refusal),
        ..nothing()
    }
}

/// Once for all, and not where each is read.
#[inline(never)]
fn kept(text: String) -> AttrValue {
    text.into()
}

fn chat(it: &Fields<'_>) -> Chat {
    Chat {
        id: kept(it.text("id")),
        title: kept(it.text("title")),
        shared_with: kept(maybe(it, "shared_with").unwrap_or_default()),
    }
}

fn turn(it: &Fields<'_>) -> Turn {
    let question = it.object("question");
    let mut answer = inner(it, "answer", whole).unwrap_or_else(nothing);
    answer.message_id = it.text("message_id");
    Turn {
        run: 0,
        question: kept(question.text("question")),
        from_story: maybe(&question, "from_story").map(kept),
        answer,
        phase: match it.text("status").as_str() {
            "pending" => Phase::Elsewhere,
            "stopped" => Phase::Stopped,
            "failed" => Phase::Failed(problem(&it.field("problem"))),
            _ => Phase::Done,
        },
        helpful: inner(it, "feedback", |it| it.field("helpful").is_truthy()),
    }
}

/// Reads a whole answer. Of what nothing here shows, such as scores and times, nothing is read.
pub(crate) fn answer(value: &JsValue) -> Option<Answer> {
    read(value, whole)
}

/// Reads what an answer rests on.
pub(crate) fn sources(value: &JsValue) -> Option<Sources> {
    read(value, |it| Sources {
        sources: it.list("sources", source),
        sentences: it.list("sentences", sentence),
    })
}

/// Reads the ids of an answer's conversation and of itself.
pub(crate) fn meta(value: &JsValue) -> Option<(String, String)> {
    read(value, |it| (it.text("conversation_id"), it.text("message_id")))
}

/// Reads one text.
pub(crate) fn text(value: &JsValue, name: &str) -> Option<String> {
    read(value, |it| it.text(name))
}

/// Reads questions to begin with.
pub(crate) fn starters(value: &JsValue) -> Option<Vec<String>> {
    read(value, |it| it.texts("questions"))
}

/// Reads the list of conversations; a service from before there was sharing has no shared ones.
pub(crate) fn conversations(value: &JsValue) -> Option<Chats> {
    read(value, |it| {
        let shares = it.field("shared").is_truthy();
        Chats {
            own: it.list("conversations", chat),
            shared: if shares { it.list("shared", chat) } else { Vec::new() },
            organisation: kept(maybe(it, "organisation").unwrap_or_default()),
        }
    })
}

/// Reads a stretch of a conversation.
pub(crate) fn stretch(value: &JsValue) -> Option<Stretch> {
    read(value, |it| Stretch {
        turns: it.list("messages", turn),
        earlier: maybe(it, "earlier"),
        read_only: it.object("conversation").field("read_only").is_truthy(),
    })
}

/// Reads what another version has handed over; what is missing is empty.
pub(crate) fn handover(value: &JsValue) -> Handover {
    let text = |name| text(value, name).unwrap_or_default();
    Handover { draft: text("draft"), asking: text("asking") }
}

/// Reads why there will be no answer.
pub(crate) fn problem(value: &JsValue) -> Problem {
    let status = read(value, |it| it.number("status")).unwrap_or_default();
    let status = u16::try_from(status).unwrap_or_default();
    read_problem(value, status).unwrap_or_else(unreadable)
}
