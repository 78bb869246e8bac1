//! The question that is being written.

use yew::prelude::*;

use crate::session;

/// Returns the draft, which survives a reload, and what changes it. It begins as `restored` if there is
/// anything.
#[hook]
pub(crate) fn use_draft(restored: Option<AttrValue>) -> (AttrValue, Callback<AttrValue>) {
    let draft = use_state_eq(|| restored.unwrap_or_default());
    {
        let draft = draft.clone();
        use_effect_with((), move |()| {
            if draft.is_empty()
                && let Some(text) = session::text(session::DRAFT)
            {
                draft.set(text.into());
            }
        });
    }
    let on_change = {
        let draft = draft.setter();
        use_callback((), move |text: AttrValue, ()| {
            session::keep_text(session::DRAFT, &text);
            draft.set(text);
        })
    };
    ((*draft).clone(), on_change)
}
