//! The budgets at work.

use std::{collections::HashMap, hash::Hash, net::IpAddr, ops::ControlFlow, time::Duration};

use axum::http::HeaderValue;

use super::{
    Budget, Limits, Rate,
    keyed::{Keyed, Verdict},
};
use crate::{
    networks::{Networks, household},
    session::SessionId,
};

/// Whom a request is counted for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Who {
    pub(crate) address: Option<IpAddr>,
    pub(crate) session: Option<SessionId>,
    /// A hash of the key that it shows, valid or not.
    pub(crate) key: Option<[u8; 32]>,
}

/// The budget that decides about a request: the one that refused it, or has least left.
#[derive(Clone, Debug)]
pub(crate) struct Spent {
    /// Whose it is, for people.
    pub(crate) whose: &'static str,
    pub(crate) rate: Rate,
    /// How it is filled again, as a header's value.
    pub(crate) policy: HeaderValue,
    pub(crate) left: u32,
    /// How long to wait; `None` when the request may pass.
    pub(crate) wait: Option<Duration>,
}

/// Counts requests against all budgets.
#[derive(Debug)]
pub(crate) struct Limiters {
    site: Counted,
    domains: HashMap<String, Counted>,
    exempt: Networks,
}

#[derive(Debug)]
struct Counted {
    address: Option<Of<IpAddr>>,
    session: Option<Of<SessionId>>,
    key: Option<Of<[u8; 32]>>,
}

/// The budget of each of a kind.
#[derive(Debug)]
struct Of<K: Hash + Eq + Clone> {
    whose: &'static str,
    policy: HeaderValue,
    keyed: Keyed<K>,
}

impl Limiters {
    pub(crate) fn new(limits: &Limits) -> Self {
        let domains = limits.domains.iter();
        Self {
            site: Counted::new(&limits.site),
            domains: domains.map(|(domain, of)| (domain.clone(), Counted::new(of))).collect(),
            exempt: limits.exempt.clone(),
        }
    }

    /// Counts a request. `None` when no budget is concerned.
    pub(crate) fn take(&self, who: &Who, domain: Option<&str>) -> Option<Spent> {
        let address = who.address.filter(|address| !self.exempt.contain(*address)).map(household);
        let who = Who { address, ..*who };
        let mut least = None;
        let domain = domain.and_then(|domain| self.domains.get(domain));
        for counted in domain.into_iter().chain([&self.site]) {
            if let ControlFlow::Break(refusal) = counted.take(&who, &mut least) {
                return Some(refusal);
            }
        }
        least
    }
}

impl Counted {
    fn new(budget: &Budget) -> Self {
        Self {
            address: budget.address.map(|rate| Of::new("address", rate)),
            session: budget.session.map(|rate| Of::new("session", rate)),
            key: budget.key.map(|rate| Of::new("key", rate)),
        }
    }

    /// What one budget refuses costs no later one.
    fn take(&self, who: &Who, least: &mut Option<Spent>) -> ControlFlow<Spent> {
        spend(self.address.as_ref(), who.address, least)?;
        spend(self.session.as_ref(), who.session, least)?;
        spend(self.key.as_ref(), who.key, least)
    }
}

impl<K: Hash + Eq + Clone> Of<K> {
    fn new(whose: &'static str, rate: Rate) -> Self {
        let (quota, seconds) = rate.quota();
        let policy = HeaderValue::try_from(format!("\"{whose}\";q={quota};w={seconds}"));
        // It is one: a word and numbers.
        let policy = policy.unwrap_or(HeaderValue::from_static(""));
        Self { whose, policy, keyed: Keyed::new(rate) }
    }

    fn spent(&self, left: u32, wait: Option<Duration>) -> Spent {
        let (whose, rate, policy) = (self.whose, self.keyed.rate(), self.policy.clone());
        Spent { whose, rate, policy, left, wait }
    }
}

fn spend<K: Hash + Eq + Clone>(
    budget: Option<&Of<K>>,
    key: Option<K>,
    least: &mut Option<Spent>,
) -> ControlFlow<Spent> {
    let (Some(budget), Some(key)) = (budget, key) else { return ControlFlow::Continue(()) };
    match budget.keyed.take(&key) {
        Verdict::Wait(time) => ControlFlow::Break(budget.spent(0, Some(time))),
        Verdict::Left(left) => {
            if least.as_ref().is_none_or(|least| left < least.left) {
                *least = Some(budget.spent(left, None));
            }
            ControlFlow::Continue(())
        }
    }
}
