//! How often somebody may try a password.
//!
//! By account, so that many machines cannot guess at one; by address, so that one machine cannot guess at many.
//! Somebody else's tries can keep an account's owner waiting for minutes, and never longer.

use std::{net::IpAddr, num::NonZeroU32};

use axum::http::{HeaderValue, StatusCode, header};
use service_kit::ApiError;
use sha2::{Digest, Sha256};

use crate::{
    limits::{Keyed, Rate, Verdict},
    networks::household,
    waiting,
};

/// Tries for one account: so many at once, and as many again in a minute.
const OF_ACCOUNT: NonZeroU32 = NonZeroU32::new(5).unwrap();
/// Tries of one address.
const OF_ADDRESS: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// Counts tries.
#[derive(Debug)]
pub(super) struct Throttle {
    accounts: Keyed<[u8; 32]>,
    addresses: Keyed<IpAddr>,
}

impl Throttle {
    pub(super) fn new() -> Self {
        Self {
            accounts: Keyed::new(Rate::per_minute(OF_ACCOUNT)),
            addresses: Keyed::new(Rate::per_minute(OF_ADDRESS)),
        }
    }

    /// Admits a try, for a name that somebody has or not. No address is counted where it tells nothing, such as
    /// behind a proxy, where everybody has its own.
    pub(super) fn admit(&self, name: &str, address: Option<IpAddr>) -> Result<(), ApiError> {
        let by_address = address.map(|address| self.addresses.take(&household(address)));
        // What the address is refused costs the account nothing.
        let verdict = match by_address {
            Some(refused @ Verdict::Wait(_)) => refused,
            _ => self.accounts.take(&key(name)),
        };
        let Verdict::Wait(wait) = verdict else { return Ok(()) };
        let wait = waiting::seconds(wait);
        let detail = format!("Too many tries. Try again in {wait} seconds.");
        Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too-many-tries", detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from(wait)))
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
        let throttle = Throttle::new();
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
        assert!((0..50).all(|n| throttle.admit(&format!("nobody {n}"), None).is_ok()));
    }
}
