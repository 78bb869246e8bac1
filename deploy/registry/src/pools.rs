//! How much of each domain's traffic its pools get: `pools/<n>.json`, changed like the manifest.
//!
//! Only what somebody decided is stored, in percent. What is left over belongs to the pool that the
//! gateways' configuration calls the primary one, which the registry does not know.

use std::collections::BTreeMap;

use contract::valid_name;

use crate::{
    PoolsRevision, Registry, RegistryError, SwitchRequest,
    history::{ATTEMPTS, now},
    release::valid_reason,
    series::Series,
};

/// Shares of one domain's pools, in percent.
type Shares = BTreeMap<String, u8>;

impl Registry {
    /// Returns the number of the newest revision of the pools, 0 when nobody has switched yet.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn pools_revision(&self) -> Result<u64, RegistryError> {
        Series::POOLS.newest(&self.store).await
    }

    /// Returns how traffic is divided now, `None` when nobody has switched yet.
    ///
    /// # Errors
    /// The storage failed or the revision is damaged.
    pub async fn pools(&self) -> Result<Option<PoolsRevision>, RegistryError> {
        let newest = self.pools_revision().await?;
        self.pools_at(newest).await
    }

    async fn pools_at(&self, n: u64) -> Result<Option<PoolsRevision>, RegistryError> {
        if n == 0 { Ok(None) } else { Series::POOLS.known(&self.store, n).await.map(Some) }
    }

    /// Gives a pool a share of its domain's traffic and returns the new revision.
    ///
    /// `expected` is the revision that the caller decided on; without it the switch goes on top of
    /// whatever is newest.
    ///
    /// # Errors
    /// The request breaks a rule, somebody else was first, or the storage failed.
    pub async fn switch(
        &self,
        request: &SwitchRequest,
        expected: Option<u64>,
    ) -> Result<PoolsRevision, RegistryError> {
        let SwitchRequest { domain, pool, weight, reason, who } = request;
        valid(request)?;
        for _ in 0..ATTEMPTS {
            let current = Series::POOLS.base(&self.store, expected).await?;
            let before = self.pools_at(current).await?;
            let mut domains = before.map(|before| before.domains).unwrap_or_default();
            let shares = domains.remove(domain).unwrap_or_default();
            domains.insert(domain.clone(), shifted(&shares, pool, *weight));
            let revision = PoolsRevision {
                revision: current + 1,
                changed_at: now(),
                who: who.clone(),
                reason: reason.clone(),
                domain: domain.clone(),
                pool: pool.clone(),
                weight: *weight,
                domains,
            };
            let n = revision.revision;
            if Series::POOLS.add(&self.store, n, &revision).await? {
                tracing::info!(pools.revision = n, domain, pool, weight, "traffic switched");
                return Ok(revision);
            }
        }
        Err(RegistryError::Busy)
    }
}

fn valid(request: &SwitchRequest) -> Result<(), RegistryError> {
    let SwitchRequest { domain, pool, weight, reason, who: _ } = request;
    let refuse = |field, why| Err(RegistryError::InvalidRequest { field, why });
    if !valid_name(domain) {
        return refuse("domain", format!("is `{domain}`, which is no domain's name"));
    }
    if !valid_name(pool) {
        return refuse("pool", format!("is `{pool}`, which is no pool's name"));
    }
    if *weight > 100 {
        return refuse("weight", format!("is {weight}, but must be 0–100"));
    }
    valid_reason(reason)
}

/// Returns the shares with `pool` at `weight`. The others keep theirs as far as there is room; where there
/// is not, they shrink alike. Who is left with nothing is no longer named.
fn shifted(shares: &Shares, pool: &str, weight: u8) -> Shares {
    let room = u32::from(100 - weight.min(100));
    let others = || shares.iter().filter(|(name, _)| *name != pool);
    let taken: u32 = others().map(|(_, share)| u32::from(*share)).sum();
    let fitted = |share: u8| {
        let share = u32::from(share);
        // At most what it was.
        (if taken > room { share * room / taken } else { share }) as u8
    };
    let kept = others().map(|(name, share)| (name.clone(), fitted(*share)));
    let mut shares: Shares = kept.filter(|(_, share)| *share > 0).collect();
    shares.insert(pool.to_owned(), weight);
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Shares, shifted};

    fn shares(pairs: &[(&str, u8)]) -> Shares {
        pairs.iter().map(|(name, share)| ((*name).to_owned(), *share)).collect()
    }

    #[test]
    fn the_others_make_room_and_no_more() {
        for (before, pool, weight, after) in [
            (&[][..], "green", 10, &[("green", 10)][..]),
            (&[("green", 10)], "green", 100, &[("green", 100)]),
            (&[("green", 100)], "blue", 100, &[("blue", 100)]),
            (&[("blue", 100)], "green", 10, &[("blue", 90), ("green", 10)]),
            (&[("blue", 90), ("green", 10)], "green", 0, &[("blue", 90), ("green", 0)]),
            (&[("green", 0)], "blue", 10, &[("blue", 10)]),
            (&[("green", 10), ("red", 20)], "green", 30, &[("green", 30), ("red", 20)]),
            (
                &[("green", 30), ("red", 60)],
                "blue",
                70,
                &[("blue", 70), ("green", 10), ("red", 20)],
            ),
        ] {
            assert_eq!(shifted(&shares(before), pool, weight), shares(after), "{before:?} {pool}");
        }
    }

    proptest! {
        #[test]
        fn shares_never_exceed_the_whole(steps in prop::collection::vec((0..4usize, 0..=100u8), 0..30)) {
            let mut shares = Shares::new();
            for (pool, weight) in steps {
                let pool = ["a", "b", "c", "d"][pool];
                shares = shifted(&shares, pool, weight);
                prop_assert_eq!(shares[pool], weight);
                let sum: u32 = shares.values().map(|share| u32::from(*share)).sum();
                prop_assert!(sum <= 100, "{:?}", shares);
            }
        }
    }
}
