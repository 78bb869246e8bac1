//! How many connections are open, in all and from one network address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use crate::networks::household;

/// Who holds how many. Its size is bounded by the limit of all.
#[derive(Debug, Default)]
pub(super) struct Places(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A connection's place, free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    address: IpAddr,
}

impl Places {
    /// Takes a place; `None` when there is none left. `per_address` is not looked at where it is `None`.
    pub(super) fn take(
        self: &Arc<Self>,
        address: IpAddr,
        all: usize,
        per_address: Option<usize>,
    ) -> Option<Place> {
        let address = household(address);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.by_address.get(&address).copied().unwrap_or_default();
        if held.all >= all || per_address.is_some_and(|most| own >= most) {
            return None;
        }
        held.all += 1;
        held.by_address.insert(address, own + 1);
        Some(Place { places: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.all -= 1;
        let own = held.by_address.get(&self.address).copied().unwrap_or_default();
        if own > 1 {
            held.by_address.insert(self.address, own - 1);
        } else {
            held.by_address.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{net::IpAddr, sync::Arc};

    use proptest::prelude::*;

    use super::Places;

    fn address(n: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, n])
    }

    proptest! {
        #[test]
        fn places_are_never_given_twice_nor_lost(
            steps in prop::collection::vec((any::<bool>(), 0_u8..4), 0..200),
        ) {
            let places = Arc::new(Places::default());
            let mut held = Vec::new();
            for (take, n) in steps {
                if !take {
                    if !held.is_empty() {
                        held.remove(usize::from(n) % held.len());
                    }
                    continue;
                }
                let own = held.iter().filter(|(other, _)| *other == n).count();
                let place = places.take(address(n), 10, Some(3));
                prop_assert_eq!(place.is_some(), held.len() < 10 && own < 3);
                held.extend(place.map(|place| (n, place)));
            }
            drop(held);
            let left = places.0.lock().unwrap();
            prop_assert!(left.all == 0 && left.by_address.is_empty());
        }
    }

    #[test]
    fn one_household_is_one_address() {
        let places = Arc::new(Places::default());
        let first = places.take("2001:db8::1".parse().unwrap(), 10, Some(1));
        assert!(first.is_some());
        assert!(places.take("2001:db8::2".parse().unwrap(), 10, Some(1)).is_none());
        assert!(places.take("2001:db8::2".parse().unwrap(), 10, None).is_some());
        assert!(places.take("2001:db8:0:1::1".parse().unwrap(), 10, Some(1)).is_some());
    }
}
