//! What the page is made of, one component a file; `search.css` has the rules in this order.

mod active_filters;
mod card_skeletons;
mod empty_state;
mod facet_index;
mod filter_bar;
mod filter_menu;
mod landing;
mod marked_text;
mod pager;
mod result_card;
mod results;
mod search_box;
mod sort_select;

use active_filters::ActiveFilters;
use card_skeletons::CardSkeletons;
use empty_state::EmptyState;
use facet_index::FacetIndex;
use filter_bar::FilterBar;
use filter_menu::FilterMenu;
pub(crate) use landing::Landing;
use marked_text::MarkedText;
use pager::Pager;
use result_card::ResultCard;
pub(crate) use results::{Results, count_line};
pub(crate) use search_box::SearchBox;
use sort_select::SortSelect;
