//! The budgets at work.

use std::{collections::HashMap, net::IpAddr, ops::ControlFlow, time::Duration};

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
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    /// Whose it is, for people.
    pub(crate) whose: &'static str,
    pub(crate) rate: Rate,
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
    address: Option<Keyed<IpAddr>>,
    session: Option<Keyed<SessionId>>,
    key: Option<Keyed<[u8; 32]>>,
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
            address: budget.address.map(Keyed::new),
            session: budget.session.map(Keyed::new),
            key: budget.key.map(Keyed::new),
        }
    }

    /// What one budget refuses costs no later one.
    fn take(&self, who: &Who, least: &mut Option<Spent>) -> ControlFlow<Spent> {
        spend("address", self.address.as_ref(), who.address, least)?;
        spend("session", self.session.as_ref(), who.session, least)?;
        spend("key", self.key.as_ref(), who.key, least)
    }
}

fn spend<K: std::hash::Hash + Eq + Clone>(
    whose: &'static str,
    budget: Option<&Keyed<K>>,
    key: Option<K>,
    least: &mut Option<Spent>,
) -> ControlFlow<Spent> {
    let (Some(budget), Some(key)) = (budget, key) else { return ControlFlow::Continue(()) };
    let spent = |left, wait| Spent { whose, rate: budget.rate(), left, wait };
    match budget.take(&key) {
        Verdict::Wait(time) => ControlFlow::Break(spent(0, Some(time))),
        Verdict::Left(left) => {
            if least.is_none_or(|least| left < least.left) {
                *least = Some(spent(left, None));
            }
            ControlFlow::Continue(())
        }
    }
}
