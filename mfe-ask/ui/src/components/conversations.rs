//! The conversations of this browser.

use std::rc::Rc;

use contract::Problem;
use mfe_ask_api::Conversation;
use shared_ui::{
    client::change,
    components::{IconName, icon},
    hooks::{
        lean::{Setter, use_effect_with, use_state_eq},
        use_host,
    },
    kit::{Host, NavigateMode},
    part,
    tag::{Tag, tag},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement};
use yew::{platform::spawn_local, prelude::*};

use super::glyph::{MORE, PLUS, glyph};
use crate::client::{body, conversation_path};

/// What [`conversations`] shows.
#[derive(Debug, PartialEq)]
pub(crate) struct Conversations {
    /// The last one that was asked something first.
    pub(crate) list: Vec<Conversation>,
    /// Id of the one on the page; empty for a new one.
    pub(crate) current: AttrValue,
    /// Called when the list is another.
    pub(crate) on_change: Callback<()>,
}

/// What is done with a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Doing {
    #[default]
    Nothing,
    Choosing,
    Renaming,
    Deleting,
    Failed,
}

/// The one with which something is done, or was.
type Row = (AttrValue, Doing);

/// A list of links, each with what can be done with it; on a small screen behind a button.
pub(crate) fn conversations(props: Conversations) -> Html {
    part("conversations", props, use_conversations)
}

#[hook]
fn use_conversations(props: Rc<Conversations>) -> Html {
    let Conversations { list, current, on_change } = &*props;
    let host = use_host();
    let row = use_state_eq(Row::default);
    // On which conversation's page the list was opened: another page begins with a closed one.
    let opened = use_state_eq(|| None::<AttrValue>);
    let shown = opened.as_ref() == Some(current);
    let (more, first) = (use_node_ref(), use_node_ref());
    {
        let (more, first) = (more.clone(), first.clone());
        use_effect_with((*row).clone(), move |(id, doing)| {
            let target = match doing {
                Doing::Nothing => more,
                _ => first,
            };
            if !id.is_empty()
                && let Some(target) = target.cast::<HtmlElement>()
            {
                target.focus().ok();
                if *doing == Doing::Renaming
                    && let Some(field) = target.dyn_ref::<HtmlInputElement>()
                {
                    field.select();
                }
            }
        });
    }
    let at = At {
        host: host.clone(),
        row: row.setter(),
        more,
        first,
        current: current.clone(),
        on_change: on_change.clone(),
    };
    let rows = list.iter().map(|conversation| {
        let doing = if row.0 == conversation.id { Some(row.1) } else { None };
        at.show(conversation, doing)
    });
    let list_part = match list.is_empty() {
        true => {
            tag("p", "ask-chats__none soft").text("What you ask is kept here, for you alone.").end()
        }
        false => tag("ul", "ask-chats__list").all(rows).end(),
    };
    let toggle = {
        let (opened, next) = (opened.setter(), (!shown).then(|| current.clone()));
        Callback::from(move |_| opened.set(next.clone()))
    };
    let toggle = tag("button", "ask-chats__toggle button button--quiet")
        .set("type", "button")
        .flag("aria-expanded", shown)
        .click(toggle)
        .text("Conversations")
        .add(icon(IconName::ChevronDown));
    let new = tag("a", "ask-chats__new button")
        .with("href", &host.href("/ask"))
        .add(glyph(PLUS))
        .with_text("span", "", "New conversation");
    let bar = tag("div", "ask-chats__bar").add(toggle.end()).add(new.end());
    tag("nav", if shown { "ask-chats is-open" } else { "ask-chats" })
        .set("aria-label", "Conversations")
        .add(bar.end())
        .add(list_part)
        .end()
}

/// What the rows share.
struct At {
    host: Host,
    row: Setter<Row>,
    more: NodeRef,
    first: NodeRef,
    current: AttrValue,
    on_change: Callback<()>,
}

impl At {
    fn set(&self, id: &str, doing: Doing) -> Callback<MouseEvent> {
        let (row, id) = (self.row.clone(), AttrValue::from(id.to_owned()));
        Callback::from(move |_| row.set((id.clone(), doing)))
    }

    fn show(&self, conversation: &Conversation, doing: Option<Doing>) -> Html {
        let Conversation { id, title, .. } = conversation;
        let here = *id == *self.current;
        let open = doing.is_some_and(|doing| doing != Doing::Nothing);
        let class = match (here, open) {
            (true, _) => "ask-chat is-current",
            (false, true) => "ask-chat is-open",
            (false, false) => "ask-chat",
        };
        let mut link = tag("a", "ask-chat__link")
            .with("href", &self.host.href(&["/ask/", id].concat()))
            .with("title", title)
            .with_text("span", "ask-chat__title", title);
        if here {
            link = link.set("aria-current", "page");
        }
        let next = if open { Doing::Nothing } else { Doing::Choosing };
        let mut more = tag("button", "ask-chat__more")
            .set("type", "button")
            .flag("aria-expanded", open)
            .with("aria-label", &["More for ", title].concat())
            .click(self.set(id, next))
            .add(glyph(MORE));
        if doing.is_some() {
            more = more.node(&self.more);
        }
        let (row, own) = (self.row.clone(), AttrValue::from(id.clone()));
        let on_key = Callback::from(move |event: KeyboardEvent| {
            if open && event.key() == "Escape" {
                event.stop_propagation();
                row.set((own.clone(), Doing::Nothing));
            }
        });
        tag("li", class)
            .key(id)
            .key_down(on_key)
            .add(tag("div", "ask-chat__row").add(link.end()).add(more.end()).end())
            .maybe(doing.and_then(|doing| self.doing(conversation, doing)))
            .end()
    }

    fn doing(&self, conversation: &Conversation, doing: Doing) -> Option<Html> {
        let Conversation { id, title, .. } = conversation;
        let close = || button("", "Keep").click(self.set(id, Doing::Nothing)).end();
        let part = tag("div", "ask-chat__doing");
        Some(match doing {
            Doing::Nothing => return None,
            Doing::Choosing => {
                let rename = button("", "Rename").node(&self.first);
                part.add(rename.click(self.set(id, Doing::Renaming)).end())
                    .add(self.export(id, "md", "Markdown"))
                    .add(self.export(id, "json", "JSON"))
                    .add(button("is-danger", "Delete").click(self.set(id, Doing::Deleting)).end())
                    .end()
            }
            Doing::Renaming => {
                let label = tag("label", "visually-hidden").set("for", "title").text("Title");
                let field = tag("input", "")
                    .node(&self.first)
                    .set("id", "title")
                    .set("maxlength", "120")
                    .set("autocomplete", "off")
                    .with("value", title)
                    .key_down(self.on_enter(id));
                let save = self.renaming(id).reform(|_| ());
                part.add(label.end())
                    .add(field.end())
                    .add(button("", "Save").click(save).end())
                    .end()
            }
            Doing::Deleting => {
                let delete = button("is-danger", "Delete").node(&self.first);
                part.with_text("p", "", "Delete it for good?")
                    .add(delete.click(self.deleting(id)).end())
                    .add(close())
                    .end()
            }
            Doing::Failed => {
                part.set("role", "alert").with_text("p", "", "That did not work. Try again.").end()
            }
        })
    }

    fn export(&self, id: &str, format: &'static str, label: &'static str) -> Html {
        let path = [&conversation_path(id), "/export?format=", format].concat();
        tag("a", "ask-chat__do")
            .with("href", &self.host.href(&path))
            .set("download", "")
            .set("aria-label", if format == "md" { "Export as Markdown" } else { "Export as JSON" })
            .text(label)
            .end()
    }

    fn on_enter(&self, id: &str) -> Callback<KeyboardEvent> {
        let save = self.renaming(id);
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && !event.is_composing() {
                save.emit(());
            }
        })
    }

    fn renaming(&self, id: &str) -> Callback<()> {
        let (field, done) = (self.first.clone(), self.done(id, false));
        let (host, path) = (self.host.clone(), conversation_path(id));
        Callback::from(move |()| {
            let title = field.cast::<HtmlInputElement>().map(|field| field.value());
            let body = body(&[("title", title.unwrap_or_default().trim())]);
            tell(&host, "PATCH", &path, Some(body), &done);
        })
    }

    fn deleting(&self, id: &str) -> Callback<MouseEvent> {
        let done = self.done(id, true);
        let (host, path) = (self.host.clone(), conversation_path(id));
        Callback::from(move |_| tell(&host, "DELETE", &path, None, &done))
    }

    /// Returns what follows a change.
    fn done(&self, id: &str, gone: bool) -> Callback<Result<(), Problem>> {
        let (host, row, on_change) = (self.host.clone(), self.row.clone(), self.on_change.clone());
        let (id, leaves) = (AttrValue::from(id.to_owned()), gone && *id == *self.current);
        Callback::from(move |outcome: Result<(), Problem>| {
            // Somebody else was faster.
            let done = outcome.is_ok() || outcome.is_err_and(|problem| problem.status == 404);
            if !done {
                row.set((id.clone(), Doing::Failed));
                return;
            }
            row.set((id.clone(), Doing::Nothing));
            host.announce(if gone { "Deleted" } else { "Renamed" });
            on_change.emit(());
            if leaves {
                host.navigate("/ask", NavigateMode::Replace);
            }
        })
    }
}

fn tell(
    host: &Host,
    method: &'static str,
    path: &str,
    body: Option<JsValue>,
    done: &Callback<Result<(), Problem>>,
) {
    let change = change(host.clone(), method, path.to_owned(), body);
    let done = done.clone();
    spawn_local(async move { done.emit(change.await) });
}

fn button(class: &'static str, label: &'static str) -> Tag {
    let class = if class.is_empty() { "ask-chat__do" } else { "ask-chat__do is-danger" };
    tag("button", class).set("type", "button").text(label)
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::Conversation;
    use shared_ui::hooks::lean::use_state_eq;
    use yew::prelude::*;

    use super::{At, Conversations, Doing, conversations};
    use crate::components::tests;

    fn conversation(id: &str) -> Conversation {
        Conversation {
            id: id.to_owned(),
            title: ["About ", id].concat(),
            ..Conversation::default()
        }
    }

    async fn list(ids: &[&str]) -> String {
        let props = Conversations {
            list: ids.iter().map(|id| conversation(id)).collect(),
            current: "b".into(),
            on_change: Callback::noop(),
        };
        tests::render(conversations(props)).await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn conversations_are_links_and_the_one_on_the_page_is_marked() {
        let html = list(&["a", "b"]).await;
        assert_eq!(html.matches("aria-current=\"page\"").count(), 1, "{html}");
        for part in [
            "href=\"/ask/a\"",
            ">About a</span></a>",
            "aria-label=\"More for About b\"",
            "href=\"/ask\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(list(&[]).await.contains("for you alone"));
    }

    #[derive(Clone, PartialEq, Properties)]
    struct OneProps {
        doing: u8,
    }

    #[component]
    fn One(props: &OneProps) -> Html {
        let row = use_state_eq(super::Row::default);
        let at = At {
            host: tests::ways().host.clone(),
            row: row.setter(),
            more: NodeRef::default(),
            first: NodeRef::default(),
            current: "a".into(),
            on_change: Callback::noop(),
        };
        let all =
            [Doing::Nothing, Doing::Choosing, Doing::Renaming, Doing::Deleting, Doing::Failed];
        at.show(&conversation("a"), Some(all[usize::from(props.doing)]))
    }

    #[tokio::test(flavor = "current_thread")]
    async fn each_can_be_renamed_exported_and_deleted_in_place() {
        for (doing, parts) in [
            (0, vec!["aria-expanded=\"false\""]),
            (
                1,
                vec![
                    ">Rename</button>",
                    "href=\"/api/ask/conversations/a/export?format=md\" download",
                    "/export?format=json\"",
                    ">Delete</button>",
                ],
            ),
            (2, vec!["value=\"About a\"", ">Save</button>"]),
            (3, vec!["for good?", ">Delete</button>", ">Keep</button>"]),
            (4, vec!["role=\"alert\""]),
        ] {
            let html = tests::render(html! { <One {doing} /> }).await;
            for part in parts {
                assert!(html.contains(part), "{part} in {html}");
            }
        }
    }
}
