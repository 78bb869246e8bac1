//! Topics between remotes: who listens to what, and the last value of each latched topic.
//!
//! Not here: calling anybody. `publish` returns the listeners, so that no borrow is held while a
//! remote's code runs and publishes in its turn.

/// Who made a subscription: a mount's generation, or [`SHELL`].
pub(crate) type Owner = u32;

/// The shell's own subscriptions.
pub(crate) const SHELL: Owner = 0;

/// Topics that begin so are the host's own: remotes can neither publish nor subscribe to them.
const RESERVED: char = '@';

/// The location changed; see `host.onLocation`.
pub(crate) const LOCATION: &str = "@location";
/// Theme, locale or motion changed; see `host.onPreference`.
pub(crate) const PREFERENCE: &str = "@preference";

/// Tells whether a remote may name `topic`.
pub(crate) fn is_public(topic: &str) -> bool {
    !topic.is_empty() && !topic.starts_with(RESERVED)
}

/// Subscriptions with callbacks `C` for values `V`.
#[derive(Debug)]
pub(crate) struct Bus<C, V> {
    next: u32,
    subscriptions: Vec<Subscription<C>>,
    latched: Vec<(String, V)>,
}

#[derive(Debug)]
struct Subscription<C> {
    id: u32,
    owner: Owner,
    topic: String,
    callback: C,
}

impl<C: Clone, V: Clone> Bus<C, V> {
    /// Returns a bus that nobody listens to.
    pub(crate) fn new() -> Self {
        Self { next: 0, subscriptions: Vec::new(), latched: Vec::new() }
    }

    /// Keeps `value` if the topic is latched and returns who must hear it.
    pub(crate) fn publish(&mut self, topic: &str, value: &V) -> Vec<(Owner, C)> {
        if contract::topics::is_latched(topic) && is_public(topic) {
            self.latched.retain(|(name, _)| name != topic);
            self.latched.push((topic.to_owned(), value.clone()));
        }
        self.subscriptions
            .iter()
            .filter(|s| s.topic == topic)
            .map(|s| (s.owner, s.callback.clone()))
            .collect()
    }

    /// Adds a listener; returns its id and the last value of a latched topic.
    pub(crate) fn subscribe(&mut self, owner: Owner, topic: &str, callback: C) -> (u32, Option<V>) {
        self.next += 1;
        let id = self.next;
        self.subscriptions.push(Subscription { id, owner, topic: topic.to_owned(), callback });
        let last = self.latched.iter().find(|(name, _)| name == topic).map(|(_, v)| v.clone());
        (id, last)
    }

    /// Tells whether a subscription still stands.
    pub(crate) fn has(&self, id: u32) -> bool {
        self.subscriptions.iter().any(|s| s.id == id)
    }

    /// Removes one subscription of `owner`; another owner's stays.
    pub(crate) fn unsubscribe(&mut self, owner: Owner, id: u32) {
        self.subscriptions.retain(|s| s.id != id || s.owner != owner);
    }

    /// Removes all that `owner` subscribed to.
    pub(crate) fn forget(&mut self, owner: Owner) {
        self.subscriptions.retain(|s| s.owner != owner);
    }
}

#[cfg(test)]
mod tests {
    use super::{Bus, LOCATION, is_public};
    use contract::topics;

    type Names = Bus<&'static str, u8>;

    #[test]
    fn a_late_subscriber_gets_the_last_value_of_a_latched_topic_only() {
        let mut bus = Names::new();
        for value in [1, 2] {
            bus.publish(topics::TITLE, &value);
            bus.publish(topics::ANNOUNCE, &value);
        }
        assert_eq!(bus.subscribe(1, topics::TITLE, "late").1, Some(2));
        assert_eq!(bus.subscribe(1, topics::ANNOUNCE, "late").1, None);
    }

    #[test]
    fn every_listener_of_the_topic_hears_and_no_other() {
        let mut bus = Names::new();
        bus.subscribe(1, "a", "one");
        bus.subscribe(2, "a", "two");
        bus.subscribe(2, "b", "other");
        assert_eq!(bus.publish("a", &0), [(1, "one"), (2, "two")]);
    }

    #[test]
    fn an_owner_takes_all_its_subscriptions_along() {
        let mut bus = Names::new();
        bus.subscribe(1, "a", "one");
        bus.subscribe(1, "b", "one");
        let (kept, _) = bus.subscribe(2, "a", "two");
        bus.forget(1);
        assert_eq!(bus.publish("a", &0), [(2, "two")]);
        assert!(bus.publish("b", &0).is_empty());
        assert!(bus.has(kept));
    }

    #[test]
    fn nobody_ends_another_owners_subscription() {
        let mut bus = Names::new();
        let (id, _) = bus.subscribe(1, "a", "one");
        bus.unsubscribe(2, id);
        assert!(bus.has(id));
        bus.unsubscribe(1, id);
        assert!(!bus.has(id));
    }

    #[test]
    fn the_hosts_own_topics_are_closed_to_remotes_and_not_latched() {
        assert!(!is_public(LOCATION));
        assert!(!is_public(""));
        assert!(is_public(topics::TITLE));
        let mut bus = Names::new();
        bus.publish(LOCATION, &1);
        assert_eq!(bus.subscribe(1, LOCATION, "late").1, None);
    }
}
