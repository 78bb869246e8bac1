//! Search, from the landing page to the last page of results.

use contract::Problem;
use mfe_search_api::{SearchRequest, Sort};
use shared_ui::{
    Loadable, Location,
    hooks::{use_host, use_query, use_save, use_title},
    kit::NavigateMode,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    client::{self, Ask},
    components::{SearchBox, count_line, landing, results},
    found::Found,
    handover::Handover,
    hooks::{use_outside_close, use_return},
    keys,
    state::SearchState,
    tag::tag,
    trail::{trail, use_trail},
    ui::Ui,
};

/// Renders the page at a location. `draft` is what was typed before this version took over.
///
/// A hook and not a component, whose machinery would cost 600 bytes (brotli) more. The search box stays the same
/// element whatever is below it, so that typing is never interrupted.
#[hook]
pub(crate) fn use_search_page(location: Location, draft: Option<AttrValue>) -> Html {
    let host = use_host();
    let state = use_memo(location.clone(), SearchState::from_location);
    let found = use_query(state.ask(), client::find);
    // Where typing has led; an entry of the history that may be replaced by the next letter.
    let typed = use_mut_ref(String::new);
    let on_landing = state.is_landing();
    let oldest = use_query(oldest(on_landing), client::find);
    let (field, below) = (use_node_ref(), use_node_ref());
    {
        let field = field.clone();
        use_save(move || {
            let field = field.cast::<HtmlInputElement>()?;
            Some(Handover::of(&location, &field.value()))
        });
    }
    use_outside_close(&below);
    use_return(state.to_path(), &below);
    use_title(title(&state));
    let answer = found.data.ready().filter(|found| found.ask == state.ask());
    use_trail(answer.and_then(|found| trail(&state, found)));
    {
        let host = host.clone();
        let news = if found.fetching { AttrValue::default() } else { news(&state, &found.data) };
        use_effect_with(news, move |news| {
            if !news.is_empty() {
                host.announce(news);
            }
        });
    }

    let go = {
        let host = host.clone();
        Callback::from(move |next: SearchState| {
            // A host goes to the top for a new entry; a box that was just ticked must not move away.
            let window = web_sys::window();
            let top = window.as_ref().and_then(|window| window.scroll_y().ok());
            host.navigate(&next.to_path(), NavigateMode::Push);
            if let (Some(window), Some(top)) = (window, top) {
                window.scroll_to_with_x_and_y(0.0, top);
            }
        })
    };
    let ui = Ui { host: host.clone(), state: state.clone(), go };
    let on_type = {
        let (host, state, typed) = (host.clone(), state.clone(), typed.clone());
        Callback::from(move |query: AttrValue| {
            let next = state.with_query(&query).to_path();
            host.navigate(&next, typing_mode(&state, &typed.borrow()));
            *typed.borrow_mut() = next;
        })
    };
    let on_submit = {
        let state = state.clone();
        Callback::from(move |query: AttrValue| {
            let next = state.with_query(&query);
            if next.query != state.query {
                host.navigate(&next.to_path(), typing_mode(&state, &typed.borrow()));
            }
            typed.borrow_mut().clear();
        })
    };
    let on_down = {
        let below = below.clone();
        Callback::from(move |()| keys::enter(&below))
    };

    html! {
        <div class="page search-page">
            <header class={if on_landing { "search-hero" } else { "search-hero is-compact" }}>
                { heading() }
                <SearchBox value={state.query.clone()} {draft} {field} {on_type} {on_submit}
                    {on_down} />
            </header>
            <div ref={below.clone()} class="search-page__below" onkeydown={keys::on_key(&ui, &below)}
                onclick={keys::on_follow(&ui)}>
                if on_landing {
                    { landing(&ui, &found.data, &oldest.data, &found.retry) }
                } else {
                    { results(&ui, &found.data, found.fetching, &found.retry) }
                }
            </div>
        </div>
    }
}

fn heading() -> Html {
    let lead = "Programmes rescued, platforms rebuilt and teams grown: what the situation was, what was \
                done, and what came of it.";
    let title = tag("h1", "search-hero__title").text("A career in delivery, told as stories").end();
    [title, tag("p", "search-hero__lead").text(lead).end()].into_iter().collect()
}

/// Asks for the first story, which the landing page counts years from.
fn oldest(on_landing: bool) -> Ask {
    if !on_landing {
        return Ask::Nothing;
    }
    Ask::Page(SearchRequest { top_k: 1, sort: Some(Sort::Oldest), ..SearchRequest::default() })
}

/// The first letter is a step that "back" undoes; the next ones, until Enter, tell it more precisely.
fn typing_mode(state: &SearchState, typed: &str) -> NavigateMode {
    if state.to_path() == typed { NavigateMode::Replace } else { NavigateMode::Push }
}

fn title(state: &SearchState) -> AttrValue {
    match state.query.as_str() {
        "" => "Work".into(),
        query => [query, " – Work"].concat().into(),
    }
}

/// Returns what a screen reader should say about an answer.
fn news(state: &SearchState, found: &Loadable<Found>) -> AttrValue {
    match found {
        Loadable::Ready(found) if !state.is_landing() => count_line(state, found).into(),
        Loadable::Failed(Problem { .. }) | Loadable::Loading | Loadable::Ready(_) => {
            AttrValue::default()
        }
    }
}
