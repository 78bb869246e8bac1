//! The page of one story, from loading to reading.

use std::rc::Rc;

use contract::topics::Trail;
use shared_ui::{
    Loadable,
    components::{ProblemNoteProps, problem_note},
    hooks::{use_host, use_query, use_title},
    tag::tag,
};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    client::{self, Answer, Ask},
    parts::{self, Section, SectionNodes},
    share::{self, Shared},
    walk::walk,
};

/// Props of [`StoryPage`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct StoryPageProps {
    /// Of the story; another one needs another instance.
    pub(crate) id: AttrValue,
    /// The list that one came from.
    pub(crate) trail: Rc<Trail>,
}

/// The story, then the stories like it. A failure of the second does not touch the first.
#[component]
pub(crate) fn StoryPage(props: &StoryPageProps) -> Html {
    let StoryPageProps { id, trail } = props;
    let host = use_host();
    let story = use_query(Ask::Story(id.clone()), client::ask);
    let related = use_query(Ask::Related(id.clone()), client::ask);
    let nodes: Rc<SectionNodes> = use_memo((), |()| <[NodeRef; Section::COUNT]>::default());
    let shared = use_state_eq(Shared::default);
    let found = match story.data.ready().map(|answer| &**answer) {
        Some(Answer::Story(story)) => Some(Rc::clone(story)),
        _ => None,
    };
    let missing = matches!(&story.data, Loadable::Failed(problem) if problem.status == 404);
    let title = match &found {
        Some(story) => story.title.clone().into(),
        None if missing => parts::NOT_FOUND.into(),
        None => AttrValue::default(),
    };
    use_title(title);
    let path = ["/story/", id].concat();
    let walk = walk(trail, &path);
    if let Some(story) = found {
        let on_share = {
            let (host, shared, story) = (host.clone(), shared.setter(), Rc::clone(&story));
            Callback::from(move |_: MouseEvent| {
                let (host, shared, story) = (host.clone(), shared.clone(), Rc::clone(&story));
                spawn_local(async move {
                    let outcome = share::share(&story.title).await;
                    shared.set(outcome);
                    if !outcome.said().is_empty() {
                        host.announce(outcome.said());
                    }
                });
            })
        };
        let text = tag("div", "stories-text")
            .add(parts::why(&story))
            .all(parts::sections(&story, &nodes))
            .add(parts::five(&story))
            .add(parts::questions(&host, &story));
        let body = tag("div", "stories-body")
            .add(parts::section_nav(&story, &nodes))
            .add(text.end())
            .add(parts::facts(&host, &story));
        return tag("article", "page stories-page")
            .add(parts::walk_bar(&host, &walk))
            .add(parts::header(&host, &story, on_share, *shared))
            .add(body.end())
            .maybe(parts::related(&host, &related))
            .maybe(parts::walk_on(&host, &walk))
            .end();
    }
    match story.data {
        Loadable::Failed(_) if missing => parts::not_found(&host, id),
        Loadable::Failed(problem) => {
            let what = "This story could not be loaded".into();
            let note = ProblemNoteProps { what, problem, on_retry: Some(story.retry) };
            tag("div", "page stories-page")
                .with_text("h1", "visually-hidden", "Story")
                .add(parts::walk_bar(&host, &walk))
                .add(problem_note(&note))
                .end()
        }
        Loadable::Loading | Loadable::Ready(_) => parts::skeleton(&host, &walk),
    }
}
