//! The question that is being written.

use shared_ui::hooks::lean::{use_effect_with, use_state_eq};
use yew::prelude::*;

use crate::session;

/// Returns the draft, which survives a reload, and what changes it. It begins as `restored` if there is
/// anything.
#[hook]
pub(crate) fn use_draft(restored: String) -> (AttrValue, Callback<AttrValue>) {
    let draft = use_state_eq(|| AttrValue::from(restored.clone()));
    {
        let (empty, draft) = (draft.is_empty(), draft.setter());
        use_effect_with((), move |()| {
            if empty && let Some(text) = session::draft() {
                draft.set(text.into());
            }
        });
    }
    let on_change = {
        let draft = draft.setter();
        Callback::from(move |text: AttrValue| {
            session::keep_draft(&text);
            draft.set(text);
        })
    };
    ((*draft).clone(), on_change)
}
