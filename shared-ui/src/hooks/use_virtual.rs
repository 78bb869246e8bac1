//! Long lists of which only what is on the screen is rendered.

use std::ops::Range;

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Element;
use yew::prelude::*;

use super::lean::{use_effect_with, use_state_eq};

/// Rows rendered beyond each edge of the screen, so that scrolling and arrow keys find something there.
const BEYOND: usize = 16;
/// The range moves in steps of so many rows: most scroll events then render nothing.
const STEP: usize = 8;
/// Rows rendered before the screen is known, such as on a server.
const FIRST: usize = 40;

/// Returns which of `count` rows to render; each is exactly `row` pixels high, and the first begins where
/// `list` does.
///
/// The page is what scrolls, so that its host can restore the position. The caller keeps the height of the
/// rows that are left out, with spacers before and after.
#[hook]
pub fn use_virtual(list: &NodeRef, count: usize, row: f64) -> Range<usize> {
    let range = use_state_eq(|| 0..FIRST);
    {
        let (list, range) = (list.clone(), range.setter());
        use_effect_with((count, row.to_bits()), move |_| {
            let look = Closure::<dyn Fn()>::new(move || {
                let window = web_sys::window();
                let height =
                    window.as_ref().and_then(|window| window.inner_height().ok()?.as_f64());
                if let (Some(list), Some(height)) = (list.cast::<Element>(), height) {
                    let top = list.get_bounding_client_rect().top();
                    range.set(visible(-top, height, row, count));
                }
            });
            let window = web_sys::window();
            let listener: &js_sys::Function = look.as_ref().unchecked_ref();
            listener.call0(&wasm_bindgen::JsValue::NULL).ok();
            for event in ["scroll", "resize"] {
                if let Some(window) = &window {
                    window.add_event_listener_with_callback(event, listener).ok();
                }
            }
            move || {
                for event in ["scroll", "resize"] {
                    if let Some(window) = &window {
                        let listener = look.as_ref().unchecked_ref();
                        window.remove_event_listener_with_callback(event, listener).ok();
                    }
                }
            }
        });
    }
    let end = range.end.min(count);
    range.start.min(end)..end
}

/// Returns the rows to render where the list's first `above` pixels are above a screen of `height`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of rows, at least 0; `as` saturates"
)]
fn visible(above: f64, height: f64, row: f64, count: usize) -> Range<usize> {
    let at = |pixels: f64| (pixels.max(0.0) / row) as usize;
    let first = at(above).min(count).saturating_sub(BEYOND) / STEP * STEP;
    let last = (at(above + height) + 1 + BEYOND).div_ceil(STEP) * STEP;
    first..last.clamp(first, count.max(first))
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_is_on_the_screen_is_rendered_and_little_more() {
        assert_eq!(visible(-300.0, 900.0, 60.0, 10_000), 0..32);
        assert_eq!(visible(60_000.0, 900.0, 60.0, 10_000), 984..1032);
        assert_eq!(visible(599_100.0, 900.0, 60.0, 10_000), 9968..10_000);
        assert_eq!(visible(0.0, 900.0, 60.0, 3), 0..3);
        assert_eq!(visible(0.0, 900.0, 60.0, 0), 0..0);
        assert_eq!(visible(9e9, 900.0, 60.0, 100), 80..100);
    }

    #[test]
    fn a_small_step_of_the_page_changes_nothing() {
        assert_eq!(visible(60_010.0, 900.0, 60.0, 10_000), visible(60_050.0, 900.0, 60.0, 10_000));
    }
}
