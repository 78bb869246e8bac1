//! How often somebody may try a password.
//!
//! By account, so that many machines cannot guess at one; by address, so that one machine cannot guess at many.
//! Somebody else's tries can keep an account's owner waiting for minutes, and never longer.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
};

use axum::http::{HeaderValue, StatusCode, header};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use service_kit::ApiError;
use sha2::{Digest, Sha256};

use crate::{networks::household, waiting};

/// Tries for one account: so many at once, and as many again in a minute.
const OF_ACCOUNT: NonZeroU32 = NonZeroU32::new(5).unwrap();
/// Tries of one address.
const OF_ADDRESS: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Names and addresses to keep counting before those that are quiet are dropped.
const REMEMBERED: usize = 10_000;

/// Counts tries.
#[derive(Debug)]
pub(super) struct Throttle {
    accounts: DefaultKeyedRateLimiter<[u8; 32]>,
    /// `None` behind a proxy, where everybody has its address.
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
    sweep_at: AtomicUsize,
}

impl Throttle {
    pub(super) fn new(by_address: bool) -> Self {
        Self {
            accounts: RateLimiter::keyed(Quota::per_minute(OF_ACCOUNT)),
            addresses: by_address.then(|| RateLimiter::keyed(Quota::per_minute(OF_ADDRESS))),
            clock: DefaultClock::default(),
            sweep_at: AtomicUsize::new(REMEMBERED),
        }
    }

    /// Admits a try, for a name that somebody has or not.
    pub(super) fn admit(&self, name: &str, address: Option<IpAddr>) -> Result<(), ApiError> {
        self.sweep();
        let by_address = self.addresses.as_ref().zip(address.map(household));
        let checked = by_address.map_or(Ok(()), |(addresses, ip)| addresses.check_key(&ip));
        checked.and_then(|()| self.accounts.check_key(&key(name))).map_err(|not_until| {
            let wait = waiting::seconds(not_until.wait_time_from(self.clock.now()));
            let detail = format!("Too many tries. Try again in {wait} seconds.");
            ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too-many-tries", detail)
                .with_header(header::RETRY_AFTER, HeaderValue::from(wait))
        })
    }

    fn sweep(&self) {
        let counted = || self.accounts.len() + self.addresses.as_ref().map_or(0, RateLimiter::len);
        if counted() > self.sweep_at.load(Ordering::Relaxed) {
            self.accounts.retain_recent();
            if let Some(addresses) = &self.addresses {
                addresses.retain_recent();
            }
            self.sweep_at.store(REMEMBERED.max(counted() * 2), Ordering::Relaxed);
        }
    }
}

/// A name may be as long as a request; its hash is not.
fn key(name: &str) -> [u8; 32] {
    Sha256::digest(name.to_lowercase()).into()
}

#[cfg(test)]
mod tests {
    use super::Throttle;

    #[test]
    fn an_account_is_tried_five_times_and_an_address_tries_twenty() {
        let throttle = Throttle::new(true);
        let admitted = |name: &dyn Fn(usize) -> String, ip: &dyn Fn(usize) -> [u8; 4]| {
            (0..50).filter(|n| throttle.admit(&name(*n), Some(ip(*n).into())).is_ok()).count()
        };
        let address = |n: usize| [10, 0, 0, u8::try_from(n).unwrap()];
        assert_eq!(admitted(&|n| ["Anna", "anna"][n % 2].to_owned(), &address), 5);
        assert_eq!(admitted(&|n| format!("somebody {n}"), &|_| [10, 1, 1, 1]), 20);
        // One household is one address.
        let of_one = |n: u16| Some([0x2001, 0xdb8, 0, 0, 0, 0, 0, n].into());
        let tries = (0..50).filter(|n| throttle.admit(&format!("one {n}"), of_one(*n)).is_ok());
        assert_eq!(tries.count(), 20);
        let refused = throttle.admit("anna", None).unwrap_err();
        assert!(
            (1..=13).contains(&refused.headers["retry-after"].to_str().unwrap().parse().unwrap())
        );
        let behind_a_proxy = Throttle::new(false);
        let ip = Some([10, 1, 1, 1].into());
        assert!((0..50).all(|n| behind_a_proxy.admit(&format!("somebody {n}"), ip).is_ok()));
    }
}
