//! The parts of the pages, one a file; their rules are in `industries.css`, in this order.

mod industry_row;

mod industry_facts;

mod core_group;
mod specialised_group;

pub(crate) use core_group::CoreGroup;
pub(crate) use industry_facts::IndustryFacts;
pub(crate) use industry_row::IndustryRow;
pub(crate) use specialised_group::SpecialisedGroup;
