//! The design system's components, one a file; their rules are in `components.css`, in this order.

mod icon;
mod link;
mod problem_note;
mod skeleton;

pub use icon::{Icon, IconName, drawn, icon};
pub use link::Link;
pub use problem_note::{ProblemNote, ProblemNoteProps, problem_card, problem_note};
pub use skeleton::{Skeleton, SkeletonShape};
