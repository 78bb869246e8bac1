//! The bundle's root.

use shell as _;

fn main() {}
