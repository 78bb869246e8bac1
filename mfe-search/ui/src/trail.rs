//! The list that the person is walking along, for the remote that shows one of its stories.

use contract::topics::{TRAIL, Trail, TrailItem};
use shared_ui::hooks::use_host;
use yew::prelude::*;

use crate::{
    client::Ask,
    found::Found,
    state::{SearchState, listed},
    ui::story_path,
};

/// Tells the host of the results on the page, whenever they change.
#[hook]
pub(crate) fn use_trail(trail: Option<Trail>) {
    let host = use_host();
    use_effect_with(trail, move |trail| {
        if let Some(trail) = trail {
            host.publish(TRAIL, trail);
        }
    });
}

/// Returns the results of `found` as a list to walk along; `None` when there are none.
pub(crate) fn trail(state: &SearchState, found: &Found) -> Option<Trail> {
    let shown = u32::try_from(found.hits.len()).ok().filter(|shown| *shown > 0)?;
    // The eras of a timeline are cut short, so what it shows is a list of its own.
    let (before, total) = match &found.ask {
        Ask::Page(request) | Ask::Rows(request) => {
            ((request.page - 1).saturating_mul(request.top_k), found.total)
        }
        Ask::Nothing | Ask::Timeline(_) | Ask::Suggest(_) => (0, shown),
    };
    let item =
        |(id, title): (&str, &str)| TrailItem { path: story_path(id), title: title.to_owned() };
    Some(Trail {
        path: state.to_path(),
        label: label(state),
        items: found.hits.iter().map(|hit| item((&hit.id, &hit.title))).collect(),
        before,
        total,
    })
}

fn label(state: &SearchState) -> String {
    if !state.query.is_empty() {
        return ["Results for “", &state.query, "”"].concat();
    }
    let values = listed(&state.filters);
    if values.is_empty() { "All work".to_owned() } else { values }
}

#[cfg(test)]
mod tests {
    use mfe_search_api::Confidence;
    use shared_ui::Location;

    use super::trail;
    use crate::{
        client::Ask,
        found::{Found, tests::response},
        state::SearchState,
    };

    #[test]
    fn a_trail_names_its_list_and_its_place_in_it() {
        for (path, label, before, total) in [
            ("/", "All work", 0, 40),
            ("/?q=kafka&page=3&open=x", "Results for “kafka”", 24, 40),
            ("/?industry=Retail&view=table&page=2", "Retail", 20, 40),
            ("/?view=timeline", "All work", 0, 1),
        ] {
            let state = SearchState::from_location(&Location::parse(path));
            let found = Found::new(&state.ask(), response(40, Confidence::High));
            let trail = trail(&state, &found).unwrap();
            assert_eq!((trail.path.as_str(), trail.label.as_str()), (path, label));
            assert_eq!((trail.before, trail.total), (before, total), "{path}");
            assert_eq!(trail.items[0].path, "/story/exit-the-mainframe");
        }
        let none = Found::new(&Ask::Nothing, response(40, Confidence::None));
        assert_eq!(trail(&SearchState::default(), &none), None);
    }
}
