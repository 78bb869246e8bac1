//! A pool at work: its state machines under one lock, held for the moment of a decision.
//!
//! A request takes a [`Lease`] on an instance and says what became of it; who drops the lease without a
//! word has gone away, and that is no news about the instance.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use http::{StatusCode, uri::Authority};

use super::{
    Claim, Domain, Pool as Config,
    balance::{Balance, Nobody, Standing},
    breaker::{Breaker, Outcome, Permit, Position},
    health::Condition,
    meters::Meters,
};
use crate::traffic::rolling::{Rates, Rolling};

/// A pool of a domain.
#[derive(Debug)]
pub(crate) struct Pool {
    domain: Arc<str>,
    name: Arc<str>,
    pub(crate) claims: Vec<Claim>,
    instances: Vec<Authority>,
    state: Mutex<State>,
    meters: Meters,
}

#[derive(Debug)]
struct State {
    balance: Balance,
    breaker: Breaker,
    /// What came of tries.
    recent: Rolling,
}

/// How a pool is.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) breaker: Position,
    /// Of each instance, what its checks found and whether it is ejected.
    pub(crate) instances: Vec<(Condition, bool)>,
}

/// Why a request is sent to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The breaker is open; come again after this.
    Open(Duration),
    /// Every instance has as many requests as it may have.
    Overloaded,
    /// No instance answers its health checks.
    NoneHealthy,
}

/// Why there is no answer, as the metrics name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Connect,
    Reset,
    Timeout,
}

impl Fault {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Reset => "reset",
            Self::Timeout => "timeout",
        }
    }
}

impl Pool {
    pub(crate) fn new(domain: &str, name: &str, config: Config, of: &Domain) -> Self {
        let instances: Vec<Authority> =
            config.instances.iter().map(|instance| instance.authority().clone()).collect();
        let names = instances.iter().map(ToString::to_string).collect();
        let balance =
            Balance::new(instances.len(), of.max_pending, of.health.clone(), of.outliers.clone());
        let breaker = Breaker::new(of.breaker.clone(), Instant::now());
        Self {
            domain: domain.into(),
            name: name.into(),
            claims: config.claims,
            instances,
            state: Mutex::new(State { balance, breaker, recent: Rolling::default() }),
            meters: Meters::new(domain, name, names),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    /// Returns its domain and its name, to keep.
    pub(crate) fn names(&self) -> (Arc<str>, Arc<str>) {
        (self.domain.clone(), self.name.clone())
    }

    pub(crate) fn instances(&self) -> &[Authority] {
        &self.instances
    }

    /// Tells whether a request that came now would be sent to somebody, if not for too many others.
    pub(crate) fn may_answer(&self, now: Instant) -> bool {
        let State { balance, breaker, .. } = &*self.state();
        breaker.position(now) != Position::Open
            && balance.standings(now).any(|standing| standing.condition != Condition::Down)
    }

    /// Returns how many instances are well.
    pub(crate) fn ready(&self) -> usize {
        let now = Instant::now();
        let well =
            |standing: &Standing| standing.condition == Condition::Ready && !standing.ejected;
        self.state().balance.standings(now).filter(well).count()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Chooses an instance for a request, another than `avoid` if there is one as good.
    pub(crate) fn lease(
        self: &Arc<Self>,
        random: u64,
        avoid: Option<usize>,
    ) -> Result<Lease, Refusal> {
        let begun = Instant::now();
        let leased = self.choose(random, avoid, begun);
        match leased {
            Ok(_) if avoid.is_some() => self.meters.retried(),
            // A try over that is sent to nobody leaves the first failure to be told.
            Ok(_) => {}
            Err(_) if avoid.is_some() => {}
            Err(Refusal::Open(_)) => self.meters.refused("open"),
            Err(Refusal::Overloaded) => self.meters.refused("overloaded"),
            Err(Refusal::NoneHealthy) => self.meters.refused("unhealthy"),
        }
        let (index, permit) = leased?;
        self.meters.sent(index);
        Ok(Lease { pool: self.clone(), index, permit: Some(permit), begun, ill: false })
    }

    fn choose(
        &self,
        random: u64,
        avoid: Option<usize>,
        now: Instant,
    ) -> Result<(usize, Permit), Refusal> {
        let State { balance, breaker, .. } = &mut *self.state();
        let index = balance.pick(now, random, avoid).map_err(|nobody| match nobody {
            Nobody::NoneHealthy => Refusal::NoneHealthy,
            Nobody::Overloaded => Refusal::Overloaded,
        })?;
        let permit = breaker.permit(now).map_err(Refusal::Open)?;
        balance.began(index);
        Ok((index, permit))
    }

    /// Takes in what a health check found.
    pub(crate) fn checked(&self, index: usize, found: Condition) {
        let changed = self.state().balance.checked(index, found);
        if let (Some(condition), Some(instance)) = (changed, self.instances.get(index)) {
            let (domain, pool) = (self.domain(), self.name());
            tracing::warn!(domain, pool, %instance, ?condition, "health of an instance changed");
        }
    }

    /// Returns how it is now.
    pub(crate) fn view(&self, now: Instant) -> View {
        let State { balance, breaker, .. } = &*self.state();
        let instances = balance.standings(now);
        View {
            breaker: breaker.position(now),
            instances: instances.map(|standing| (standing.condition, standing.ejected)).collect(),
        }
    }

    /// Returns how the last `minutes` went.
    pub(crate) fn over(&self, now: Instant, minutes: u64) -> Rates {
        self.state().recent.over(now, minutes)
    }

    /// Brings the gauges up to date.
    pub(crate) fn show(&self) {
        let now = Instant::now();
        let (position, standings) = {
            let State { balance, breaker, .. } = &*self.state();
            (breaker.position(now), balance.standings(now).collect::<Vec<Standing>>())
        };
        self.meters.show(position, &standings);
    }

    /// Takes a request's permit back, with what came of it, unless that was done before.
    fn settle(
        &self,
        state: &mut State,
        index: usize,
        permit: Option<Permit>,
        outcome: Outcome,
        now: Instant,
    ) {
        let Some(permit) = permit else { return };
        state.balance.waits_no_longer(index);
        if let Some(position) = state.breaker.record(permit, outcome, now) {
            let (domain, pool) = (self.domain(), self.name());
            match position {
                Position::Closed => tracing::info!(domain, pool, "circuit breaker closed"),
                _ => tracing::warn!(domain, pool, "circuit breaker opened"),
            }
        }
    }

    fn failed(&self, state: &mut State, index: usize, now: Instant) {
        if state.balance.failed(index, now)
            && let Some(instance) = self.instances.get(index)
        {
            self.meters.ejected(index);
            let (domain, pool) = (self.domain(), self.name());
            tracing::warn!(domain, pool, %instance, "instance ejected: it fails again and again");
        }
    }
}

/// A request on its way to an instance, until the end of its answer.
#[derive(Debug)]
pub(crate) struct Lease {
    pool: Arc<Pool>,
    index: usize,
    /// Held until there is a head, or there will be none.
    permit: Option<Permit>,
    begun: Instant,
    /// The head says that the answer is a failure.
    ill: bool,
}

impl Lease {
    /// Returns which of the pool's instances it is on.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    pub(crate) fn domain(&self) -> &str {
        &self.pool.domain
    }

    pub(crate) fn authority(&self) -> Option<&Authority> {
        self.pool.instances.get(self.index)
    }

    /// The head of the answer is there.
    pub(crate) fn answered(&mut self, status: StatusCode) {
        let now = Instant::now();
        let Self { pool, index, permit, begun, ill } = self;
        let took = now.saturating_duration_since(*begun);
        *ill = status.is_server_error();
        pool.meters.answered(took);
        {
            let state = &mut *pool.state();
            state.recent.note(now, *ill, took);
            pool.settle(state, *index, permit.take(), Outcome::Answered, now);
            state.balance.answered(*index);
            if *ill {
                pool.failed(state, *index, now);
            }
        }
        if *ill {
            pool.meters.failed(*index, "status");
        }
    }

    /// There will be no answer.
    pub(crate) fn failed(mut self, fault: Fault) {
        let now = Instant::now();
        {
            let state = &mut *self.pool.state();
            self.pool.settle(state, self.index, self.permit.take(), Outcome::Failed, now);
            self.pool.failed(state, self.index, now);
            state.recent.note(now, true, now.saturating_duration_since(self.begun));
        }
        self.pool.meters.failed(self.index, fault.name());
    }

    /// The answer came to its end.
    pub(crate) fn ended(self) {
        if !self.ill {
            self.pool.state().balance.succeeded(self.index);
        }
    }

    /// The answer broke off. One whose head said that it is a failure counts as one already.
    pub(crate) fn cut(self) {
        if self.ill {
            return;
        }
        self.pool.failed(&mut self.pool.state(), self.index, Instant::now());
        self.pool.meters.failed(self.index, "cut");
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Self { pool, index, permit, .. } = self;
        let state = &mut *pool.state();
        if let Some(permit) = permit.take() {
            pool.settle(state, *index, Some(permit), Outcome::Abandoned, Instant::now());
        }
        state.balance.ended(*index);
    }
}
