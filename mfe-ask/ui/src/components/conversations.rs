//! The conversations of this browser or account, and those that others share.

use std::rc::Rc;

use shared_ui::{
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
use yew::prelude::*;

use super::glyph::{MORE, PLUS, glyph};
use crate::client::{Chat, Chats, Found, body, conversation_path, tell};

/// What [`conversations`] shows.
#[derive(Debug, PartialEq)]
pub(crate) struct Conversations {
    /// What is known of them, once it is.
    pub(crate) known: Option<Rc<Found>>,
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
    let Conversations { known, current, on_change } = &*props;
    let none = Chats::default();
    let chats = known.as_deref().and_then(Found::chats).unwrap_or(&none);
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
        organisation: chats.organisation.clone(),
    };
    let rows = |chats: &[Chat], own: bool| {
        let row = |chat: &Chat| {
            let doing = if row.0 == chat.id { Some(row.1) } else { None };
            at.show(chat, own, doing)
        };
        tag("ul", "").all(chats.iter().map(row)).end()
    };
    let list = tag("div", "ask-chats__list");
    let list = match chats.own.is_empty() {
        true => list.with_text("p", "soft", "What you ask is kept here, for you alone."),
        false => list.add(rows(&chats.own, true)),
    };
    let list = match chats.shared.is_empty() {
        true => list,
        false => list
            .with_text("h2", "soft", &["Shared in ", &chats.organisation].concat())
            .add(rows(&chats.shared, false)),
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
        .add(list.end())
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
    /// Where one's own can be shared; empty for nowhere.
    organisation: AttrValue,
}

impl At {
    fn set(&self, id: &AttrValue, doing: Doing) -> Callback<MouseEvent> {
        let (row, id) = (self.row.clone(), id.clone());
        Callback::from(move |_| row.set((id.clone(), doing)))
    }

    fn show(&self, chat: &Chat, own: bool, doing: Option<Doing>) -> Html {
        let Chat { id, title, shared_with } = chat;
        let here = *id == self.current;
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
        let row = tag("div", "ask-chat__row").add(link.end());
        if !own {
            return tag("li", class).key(id).add(row.end()).end();
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
        let (setter, at) = (self.row.clone(), id.clone());
        let on_key = Callback::from(move |event: KeyboardEvent| {
            if open && event.key() == "Escape" {
                event.stop_propagation();
                setter.set((at.clone(), Doing::Nothing));
            }
        });
        let with = (!shared_with.is_empty()).then(|| {
            let with = ["Shared with ", shared_with].concat();
            tag("p", "ask-chat__shared soft").text(&with).end()
        });
        tag("li", class)
            .key(id)
            .key_down(on_key)
            .add(row.add(more.end()).end())
            .maybe(with)
            .maybe(doing.and_then(|doing| self.doing(chat, doing)))
            .end()
    }

    fn doing(&self, Chat { id, title, shared_with }: &Chat, doing: Doing) -> Option<Html> {
        let close = || button("", "Keep").click(self.set(id, Doing::Nothing)).end();
        let part = tag("div", "ask-chat__doing");
        Some(match doing {
            Doing::Nothing => return None,
            Doing::Choosing => {
                let rename = button("", "Rename").node(&self.first);
                part.add(rename.click(self.set(id, Doing::Renaming)).end())
                    .add(self.export(id, "md", "Markdown"))
                    .add(self.export(id, "json", "JSON"))
                    .maybe(self.sharing(id, shared_with))
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
                let deleting = self.telling(id, "DELETE", "", "Deleted").reform(|_| None);
                part.with_text("p", "", "Delete it for good?")
                    .add(delete.click(deleting).end())
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

    /// Shares what is private, where there is an organisation, and takes back what is shared.
    fn sharing(&self, id: &AttrValue, shared_with: &str) -> Option<Html> {
        let (label, visibility, said) = match (shared_with.is_empty(), &*self.organisation) {
            (false, _) => ("Stop sharing".to_owned(), "private", "Not shared any more"),
            (true, "") => return None,
            (true, with) => (["Share with ", with].concat(), "organisation", "Shared"),
        };
        let tell = self.telling(id, "PUT", "/visibility", said);
        let press = tell.reform(move |_| Some(body(&[("visibility", visibility)])));
        Some(button("", &label).click(press).end())
    }

    fn on_enter(&self, id: &AttrValue) -> Callback<KeyboardEvent> {
        let save = self.renaming(id);
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && !event.is_composing() {
                save.emit(());
            }
        })
    }

    fn renaming(&self, id: &AttrValue) -> Callback<()> {
        let field = self.first.clone();
        self.telling(id, "PATCH", "", "Renamed").reform(move |()| {
            let title = field.cast::<HtmlInputElement>().map(|field| field.value());
            Some(body(&[("title", title.unwrap_or_default().trim())]))
        })
    }

    /// Returns what tells the service of a change, with a body, and then the page what came of it.
    fn telling(
        &self,
        id: &AttrValue,
        method: &'static str,
        rest: &str,
        said: &'static str,
    ) -> Callback<Option<JsValue>> {
        let (host, row, on_change) = (self.host.clone(), self.row.clone(), self.on_change.clone());
        let (path, id) = ([&*conversation_path(id), rest].concat(), id.clone());
        let leaves = method == "DELETE" && id == self.current;
        let sender = host.clone();
        let done = Callback::from(move |failed: Option<u16>| {
            // Somebody else may have been faster.
            if failed.is_some_and(|status| status != 404) {
                row.set((id.clone(), Doing::Failed));
                return;
            }
            row.set((id.clone(), Doing::Nothing));
            host.announce(said);
            on_change.emit(());
            if leaves {
                host.navigate("/ask", NavigateMode::Replace);
            }
        });
        Callback::from(move |body| tell(&sender, method, path.clone(), body, done.clone()))
    }
}

fn button(class: &'static str, label: &str) -> Tag {
    let class = if class.is_empty() { "ask-chat__do" } else { "ask-chat__do is-danger" };
    tag("button", class).set("type", "button").text(label)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_ui::hooks::lean::use_state_eq;
    use yew::prelude::*;

    use super::{At, Conversations, Doing, conversations};
    use crate::{
        client::{Chat, Chats, Found},
        components::tests,
    };

    fn chat(id: &str) -> Chat {
        let title = ["About ", id].concat().into();
        Chat { id: id.to_owned().into(), title, ..Chat::default() }
    }

    async fn list(own: &[&str], shared: &[&str]) -> String {
        let chats = |ids: &[&str]| ids.iter().map(|id| chat(id)).collect();
        let organisation = "Studio".into();
        let chats = Chats { own: chats(own), shared: chats(shared), organisation };
        let props = Conversations {
            known: Some(Rc::new(Found::Conversations(chats))),
            current: "b".into(),
            on_change: Callback::noop(),
        };
        tests::render(conversations(props)).await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn conversations_are_links_and_the_one_on_the_page_is_marked() {
        let html = list(&["a", "b"], &[]).await;
        assert_eq!(html.matches("aria-current=\"page\"").count(), 1, "{html}");
        for part in [
            "href=\"/ask/a\"",
            ">About a</span></a>",
            "aria-label=\"More for About b\"",
            "href=\"/ask\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("Shared in"), "{html}");
        assert!(list(&[], &[]).await.contains("for you alone"));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_others_share_is_read_and_not_changed() {
        let html = list(&["a"], &["b", "c"]).await;
        let (own, shared) = html.split_once("<h2 class=\"soft\">Shared in Studio</h2>").unwrap();
        assert_eq!(
            (own.matches("<li ").count(), own.matches("More for").count()),
            (1, 1),
            "{html}"
        );
        assert_eq!(shared.matches("<li ").count(), 2, "{html}");
        assert!(shared.contains("aria-current=\"page\"") && !shared.contains("<button"), "{html}");
    }

    #[derive(Clone, PartialEq, Properties)]
    struct OneProps {
        doing: u8,
        organisation: AttrValue,
        shared_with: AttrValue,
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
            organisation: props.organisation.clone(),
        };
        let all =
            [Doing::Nothing, Doing::Choosing, Doing::Renaming, Doing::Deleting, Doing::Failed];
        let chat = Chat { shared_with: props.shared_with.clone(), ..chat("a") };
        at.show(&chat, true, Some(all[usize::from(props.doing)]))
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
            let html =
                tests::render(html! { <One {doing} organisation="" shared_with="" /> }).await;
            for part in parts {
                assert!(html.contains(part), "{part} in {html}");
            }
            assert!(!html.contains("Share"), "nowhere to share it: {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn one_is_shared_with_the_organisation_and_marked_and_that_is_taken_back() {
        for (organisation, shared_with, there, missing) in [
            ("Studio", "", ">Share with Studio</button>", "Shared with"),
            ("Studio", "Studio", ">Stop sharing</button>", "Share with"),
            // Its owner belongs elsewhere now, or nowhere.
            ("Nord", "Studio", ">Stop sharing</button>", "Nord"),
            ("", "Studio", ">Stop sharing</button>", "Share with"),
        ] {
            let html = tests::render(html! { <One doing=1 {organisation} {shared_with} /> }).await;
            assert!(html.contains(there) && !html.contains(missing), "{html}");
            assert_eq!(html.contains("Shared with Studio</p>"), !shared_with.is_empty(), "{html}");
        }
    }
}
