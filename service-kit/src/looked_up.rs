//! Meters that a thread has looked up: to find one by its labels takes longer than to count.
//!
//! For a `thread_local!`. Nothing is forgotten: names and kinds must be bounded, as labels must be.

use std::{cell::RefCell, collections::HashMap};

/// What was looked up, by name and kind.
#[derive(Debug)]
pub struct LookedUp<K, M>(RefCell<HashMap<Box<str>, Kinds<K, M>>>);

/// Few enough to look at each.
type Kinds<K, M> = Vec<(K, M)>;

impl<K, M> Default for LookedUp<K, M> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<K: PartialEq, M> LookedUp<K, M> {
    /// Counts with what was looked up before, or is now.
    pub fn with(&self, name: &str, kind: K, look_up: impl FnOnce() -> M, count: impl FnOnce(&M)) {
        let mut known = self.0.borrow_mut();
        let of_name = known.get(name).map_or(&[][..], |kinds| kinds);
        if let Some((_, meter)) = of_name.iter().find(|(other, _)| *other == kind) {
            return count(meter);
        }
        let meter = look_up();
        count(&meter);
        known.entry(name.into()).or_default().push((kind, meter));
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::LookedUp;

    #[test]
    fn each_is_looked_up_once_and_counted_each_time() {
        let (known, looked_up, counted) = (LookedUp::default(), Cell::new(0), Cell::new(0));
        for _ in 0..3 {
            for (name, kind) in [("a", 1), ("a", 2), ("b", 1)] {
                let look_up = || {
                    looked_up.set(looked_up.get() + 1);
                    (name, kind)
                };
                known.with(name, kind, look_up, |meter| {
                    assert_eq!(*meter, (name, kind));
                    counted.set(counted.get() + 1);
                });
            }
        }
        assert_eq!((looked_up.get(), counted.get()), (3, 9));
    }
}
