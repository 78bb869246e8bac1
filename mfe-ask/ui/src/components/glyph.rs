//! The icons that only this remote has, drawn as those of `shared_ui`.

pub(super) use shared_ui::components::drawn as glyph;

pub(super) const MORE: &str = "M5 12h.01M12 12h.01M19 12h.01";
pub(super) const PLUS: &str = "M12 5v14M5 12h14";
pub(super) const UP: &str = "M7 10v10H4V10zM7 10l4-7c2 0 3 1 2.5 3L13 9h6l1 2-2 8-1 1H7";
pub(super) const DOWN: &str = "M17 14V4h3v10zM17 14l-4 7c-2 0-3-1-2.5-3l.5-3H5l-1-2 2-8 1-1h10";
pub(super) const COPY: &str = "M9 9h11v11H9zM15 9V4H4v11h5";
pub(super) const SHARE: &str = "M12 15V4M8 8l4-4 4 4M5 12v8h14v-8";
pub(super) const COMPASS: &str = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM15.5 8.5l-2 5-5 2 2-5z";
pub(super) const LOCK: &str = "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3";
pub(super) const SHIELD: &str = "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4";
pub(super) const UNCLEAR: &str = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.300c-.7.4-1 1-1 1.700M12 16.5h.01";
