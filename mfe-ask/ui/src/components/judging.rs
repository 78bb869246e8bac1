//! What one does with an answer: say whether it helped, copy it, share it.

use std::rc::Rc;

use mfe_ask_api::FEEDBACK;
use shared_ui::tag::{Tag, tag};
use wasm_bindgen::JsValue;
use web_sys::HtmlTextAreaElement;
use yew::{platform::spawn_local, prelude::*};

use super::{
    glyph::{COPY, DOWN, SHARE, UP, glyph},
    view::{Change, Changes, View, on_click},
};
use crate::{
    client::{self, body},
    share,
    transcript::Turn,
    ways::Ways,
};

/// A row of buttons, with what came of the last one, over a field for why the answer did not help.
pub(super) fn judging(
    ways: &Ways,
    turn: &Rc<Turn>,
    view: &View,
    changes: &Changes,
    field: &NodeRef,
) -> Html {
    let helpful = view.helpful.or(turn.helpful);
    let judge = |drawn, label, value: bool| {
        let on_judged = on_click(changes, Change::Judged(value));
        let (ways, changes, message) =
            (ways.clone(), changes.clone(), turn.answer.message_id.clone());
        let press = Callback::from(move |event| {
            on_judged.emit(event);
            tell(&ways, &changes, &message, value, "");
        });
        button(drawn, label, press).flag("aria-pressed", helpful == Some(value)).end()
    };
    let hand_on = |drawn, label, link: bool| {
        let (changes, host, turn) = (changes.clone(), ways.host.clone(), Rc::clone(turn));
        let press = Callback::from(move |_| {
            let (changes, host) = (changes.clone(), host.clone());
            let text = match link {
                true => share::link(&turn.question, &host),
                false => share::plain(&turn.answer, &host),
            };
            spawn_local(async move {
                let said = share::hand_on(text, link).await;
                changes.dispatch(Change::Said(said));
                if !said.is_empty() {
                    host.announce(said);
                }
            });
        });
        button(drawn, label, press).end()
    };
    let row = tag("div", "ask-judging__row")
        .add(judge(UP, "Helpful", true))
        .add(judge(DOWN, "Not helpful", false))
        .add(hand_on(COPY, "Copy", false))
        .add(hand_on(SHARE, "Share", true))
        .with_text("span", "ask-judging__said soft", view.said);
    let why = view.why.then(|| why(ways, turn, changes, field));
    tag("div", "ask-judging").add(row.end()).maybe(why).end()
}

fn button(drawn: &'static str, label: &'static str, press: Callback<MouseEvent>) -> Tag {
    tag("button", "ask-tool")
        .set("type", "button")
        .click(press)
        .add(glyph(drawn))
        .with_text("span", "", label)
}

fn why(ways: &Ways, turn: &Turn, changes: &Changes, field: &NodeRef) -> Html {
    let send = {
        let (ways, changes, field) = (ways.clone(), changes.clone(), field.clone());
        let message = turn.answer.message_id.clone();
        Callback::from(move |_| {
            let text = field.cast::<HtmlTextAreaElement>().map(|field| field.value());
            let text = text.unwrap_or_default();
            changes.dispatch(Change::Reasoned("Thank you"));
            if !text.trim().is_empty() {
                tell(&ways, &changes, &message, false, text.trim());
            }
        })
    };
    let skip = on_click(changes, Change::Reasoned("Thank you"));
    let label = tag("label", "")
        .text("What was missing or wrong? You may leave it out.")
        .add(tag("textarea", "").node(field).set("rows", "2").set("maxlength", "1000").end());
    let send = tag("button", "button").set("type", "button").click(send).text("Send");
    let skip = tag("button", "button button--quiet").set("type", "button").click(skip).text("Skip");
    tag("div", "ask-why")
        .add(label.end())
        .add(tag("p", "").add(send.end()).add(skip.end()).end())
        .end()
}

/// Tells the service; says so where that fails.
fn tell(ways: &Ways, changes: &Changes, message: &str, helpful: bool, reason: &str) {
    let (host, changes) = (ways.host.clone(), changes.clone());
    let body = body(&[("message_id", message), ("reason", reason)]);
    js_sys::Reflect::set(&body, &JsValue::from_str("helpful"), &helpful.into()).ok();
    let done = Callback::from(move |failed: Option<u16>| {
        if failed.is_some() {
            let said = "That could not be sent. Try again.";
            changes.dispatch(Change::Said(said));
            host.announce(said);
        }
    });
    client::tell(&ways.host, "POST", FEEDBACK.to_owned(), Some(body), done);
}
