//! What the page is made of, one part a file; `search.css` has the rules in this order.

mod active_filters;
mod cards;
mod detail;
mod empty_state;
mod facet_index;
mod filter_bar;
mod filter_menu;
mod landing;
mod marked_text;
mod notices;
mod pager;
mod questions;
mod result_card;
mod result_table;
mod results;
mod search_box;
mod sort_select;
mod suggestions;
mod timeline;
mod view_switch;

pub(crate) use landing::landing;
pub(crate) use results::{count_line, results};
pub(crate) use search_box::SearchBox;
