//! The button that turns the theme: system, light, dark.

use yew::prelude::*;

use crate::preferences::Theme;

/// A button whose name tells the theme and what a press does.
pub(crate) fn theme_toggle(theme: Theme, onclick: Callback<MouseEvent>) -> Html {
    let label = ["Theme: ", theme.name(), ". Switch to ", theme.next().name(), "."].concat();
    html! {
        <button
            class="theme-toggle"
            type="button"
            title={label.clone()}
            aria-label={label}
            {onclick}
        >
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{ icon(theme) }</svg>
        </button>
    }
}

fn icon(theme: Theme) -> Html {
    match theme {
        Theme::System => html! {
            <>
                <circle cx="12" cy="12" r="8.5" />
                <path d="M12 3.5a8.5 8.5 0 0 1 0 17Z" fill="currentColor" stroke="none" />
            </>
        },
        Theme::Light => html! {
            <>
                <circle cx="12" cy="12" r="4" />
                <path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4" />
            </>
        },
        Theme::Dark => html! { <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" /> },
    }
}

#[cfg(test)]
mod tests {
    use super::theme_toggle;
    use crate::components::markup;
    use crate::preferences::Theme;
    use yew::Callback;

    #[tokio::test]
    async fn the_name_tells_the_theme_and_the_next_one() {
        let html = markup::of(theme_toggle(Theme::Light, Callback::noop())).await;
        assert!(html.contains(r#"aria-label="Theme: light. Switch to dark.""#), "{html}");
    }
}
