//! The bundle's root. Nothing starts by itself: `boot.js` calls `lifecycle::start`.

// Links the library, whose exports would otherwise be dropped.
use shell as _;

fn main() {}
