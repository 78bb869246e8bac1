//! Anonymous sessions: who tells the gateway something twice, and not who it is.
//!
//! Two cookies. `asterism_bucket` is a number that decides which trials a session is on; it is not signed,
//! so that every gateway understands it without sharing a secret, and because whoever changes it only
//! chooses among versions that are offered to the public anyway. `asterism_session` is an id that this
//! gateway signed: what a visitor leaves at the services is kept under it, so it lasts for 30 days from the
//! last visit, and what a page reports counts once for each of them.
//!
//! A report counts only within 12 hours after the session opened a page, which the cookie says too. How many
//! witnesses somebody can gather is so bounded by the pages that they open in that time, however long a
//! session lives and however many the domains' paths have given.
//!
//! A clock that jumps ends no session, or a visitor would lose what is kept under it: a cookie from a time that has
//! not come is set anew, and its reports do not count.
//!
//! Not here: accounts; `Secure`, which `layers` adds to every cookie that goes over https. No session is taken back before its end: nothing is stored.

use std::{io, path::Path};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use contract::BUCKETS;
use cookie::{Cookie, CookieBuilder, SameSite};
use hmac::{Hmac, Mac};
use moka::sync::Cache;
use sha2::Sha256;

use crate::cookies::{self, Template, values};

const BUCKET: &str = "asterism_bucket";
const SESSION: &str = "asterism_session";
/// How long a session is known after its cookie was set, in days.
const DAYS: u16 = 30;
const DAY: u64 = 24 * 60 * 60;
/// How long after opening a page a session's reports count, in seconds.
const REPORTS: u64 = 12 * 60 * 60;
/// A page is given reports that count for at least so long, in seconds.
const SOON: u64 = 6 * 60 * 60;
/// How far the clocks of a site's gateways may be apart, in seconds.
const SKEW: u64 = 5 * 60;
/// How long a browser keeps its bucket, in days.
const YEAR: u16 = 365;
const SECRET_BYTES: usize = 32;
/// Of so many cookies it is kept that they are ours.
const CHECKED: u64 = 10_000;

/// Names a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionId(pub(crate) [u8; 16]);

/// Issues and recognises sessions.
#[derive(Clone)]
pub(crate) struct Sessions {
    mac: Hmac<Sha256>,
    template: Template,
    /// What cookies say whose signature was checked: a page asks many times with the same.
    checked: Cache<Box<str>, Known>,
}

/// What a cookie says that we signed.
#[derive(Clone, Copy, Debug)]
struct Known {
    id: SessionId,
    /// When the cookie was set.
    issued: u64,
    /// When the session opened a page that set it; 0 is never.
    opened: u64,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}

/// What a request's cookie says. It is read once, when the request is counted (`layers`), and goes with the
/// request: checking what was signed costs more than most of what is done for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen(Option<Known>);

/// What the cookies of a request for a page say, and what the answer must set.
#[derive(Debug)]
pub(crate) struct Visit {
    /// The session's bucket, `0..BUCKETS`.
    pub(crate) bucket: u16,
    /// `Set-Cookie` headers for what was missing, invalid or old.
    pub(crate) cookies: Vec<(HeaderName, HeaderValue)>,
}

/// Who makes a request to a domain, and what the answer must set.
#[derive(Debug)]
pub(crate) struct Caller {
    /// A new one for who had none.
    pub(crate) session: SessionId,
    /// `Set-Cookie` for a session that is new, or whose cookie is old.
    pub(crate) cookie: Option<(HeaderName, HeaderValue)>,
}

impl Sessions {
    /// Reads the secret that all gateways of a site share; makes one up when there is no file.
    ///
    /// # Errors
    /// The file cannot be read, is too short to be a secret, or the system has no randomness.
    pub(crate) fn open(file: Option<&Path>) -> io::Result<Self> {
        let mut secret = Vec::new();
        match file {
            // An editor may have put a line's end to it; the random bytes below are taken as they are.
            Some(file) => secret = std::fs::read(file)?.trim_ascii().to_vec(),
            None => {
                tracing::warn!(
                    "no ASTERISM_SESSION_SECRET_FILE: sessions end with this process, and other \
                     gateways do not know them"
                );
                secret.resize(SECRET_BYTES, 0);
                getrandom::fill(&mut secret).map_err(io::Error::other)?;
            }
        }
        if secret.len() < SECRET_BYTES {
            let text = format!("the session secret has fewer than {SECRET_BYTES} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Self::with(&secret)
    }

    /// Signs with a secret of at least as many bytes as the hash has.
    pub(crate) fn with(secret: &[u8]) -> io::Result<Self> {
        let mac = Hmac::new_from_slice(secret).map_err(io::Error::other)?;
        let template = Template::of(cookie((SESSION, String::new()), DAYS));
        Ok(Self { mac, template, checked: Cache::new(CHECKED) })
    }

    /// Returns the secret of another purpose; nobody who has it learns this one.
    pub(crate) fn derived(&self, purpose: &str) -> [u8; 32] {
        // What is signed for a cookie begins with 32 hex digits, which no purpose does.
        self.mac.clone().chain_update(purpose).finalize().into_bytes().into()
    }

    /// Reads the session of a request: the first that we signed and that has not ended.
    pub(crate) fn see(&self, request: &HeaderMap, now: u64) -> Seen {
        Seen(values(request, SESSION).find_map(|text| self.read(text, now)))
    }

    /// Reads the cookies of a request for a page. `now` is in seconds, `random` decides what is missing.
    pub(crate) fn visit(
        &self,
        request: &HeaderMap,
        Seen(known): Seen,
        now: u64,
        random: [u8; 24],
    ) -> Visit {
        let mut cookies = Vec::new();
        let given = values(request, BUCKET).next().and_then(|text| text.parse().ok());
        let bucket = given.filter(|bucket| *bucket < BUCKETS).unwrap_or_else(|| {
            let [.., a, b, c, d] = random;
            // The remainder is below BUCKETS and so fits.
            let bucket = (u32::from_le_bytes([a, b, c, d]) % u32::from(BUCKETS)) as u16;
            cookies.extend(cookies::set(cookie((BUCKET, bucket.to_string()), YEAR)));
            bucket
        });
        if known.is_none_or(|known| known.is_old(now) || known.reports_until(now) < now + SOON) {
            let [id @ .., _, _, _, _, _, _, _, _] = random;
            let id = known.map_or(SessionId(id), |known| known.id);
            cookies.extend(self.issue(Known { id, issued: now, opened: now }));
        }
        Visit { bucket, cookies }
    }

    /// Returns who makes a request to a domain. `random` is the id of who has no session.
    pub(crate) fn caller(&self, Seen(known): Seen, now: u64, random: [u8; 16]) -> Caller {
        let Known { id, opened, .. } =
            known.unwrap_or(Known { id: SessionId(random), issued: now, opened: 0 });
        let keeps = known.is_some_and(|known| !known.is_old(now));
        let cookie = if keeps { None } else { self.issue(Known { id, issued: now, opened }) };
        Caller { session: id, cookie }
    }

    fn read(&self, text: &str, now: u64) -> Option<Known> {
        let known = self.checked.get(text).or_else(|| {
            let known = self.check(text)?;
            self.checked.insert(text.into(), known);
            Some(known)
        })?;
        let lives = now < known.issued.saturating_add(u64::from(DAYS) * DAY);
        lives.then_some(known)
    }

    /// Reads what we signed.
    fn check(&self, text: &str) -> Option<Known> {
        let (told, mac) = text.rsplit_once('.')?;
        let mut sent = [0; 32];
        hex::decode_to_slice(mac, &mut sent).ok()?;
        // Constant time, by the crate.
        self.mac.clone().chain_update(told).verify_slice(&sent).ok()?;
        let mut parts = told.split('.');
        let mut id = [0; 16];
        hex::decode_to_slice(parts.next()?, &mut id).ok()?;
        let [issued, opened]: [u64; 2] = [parts.next()?.parse().ok()?, parts.next()?.parse().ok()?];
        parts.next().is_none().then_some(Known { id: SessionId(id), issued, opened })
    }

    fn issue(&self, Known { id, issued, opened }: Known) -> Option<(HeaderName, HeaderValue)> {
        let (mut one, mut other) = (itoa::Buffer::new(), itoa::Buffer::new());
        let (issued, opened) = (one.format(issued).as_bytes(), other.format(opened).as_bytes());
        let told = [&id.hex()[..], b".", issued, b".", opened].concat();
        let mac = self.mac.clone().chain_update(&told).finalize().into_bytes();
        let mut signature = [0; 64];
        hex::encode_to_slice(mac, &mut signature).ok()?;
        self.template.set(&[&told[..], b".", &signature].concat())
    }
}

impl Seen {
    /// Returns the session, if there is one.
    pub(crate) fn id(self) -> Option<SessionId> {
        self.0.map(|known| known.id)
    }

    /// Returns the session whose reports count: it opened a page in the last hours.
    pub(crate) fn reporter(self, now: u64) -> Option<SessionId> {
        self.0.filter(|known| now < known.reports_until(now)).map(|known| known.id)
    }
}

impl Known {
    /// Tells whether the cookie is to be set anew: after a day, and when it is from a time that has not come.
    fn is_old(&self, now: u64) -> bool {
        now >= self.issued.saturating_add(DAY) || is_ahead(self.issued, now)
    }

    /// Returns the end of the time in which reports count, 0 if there is none.
    fn reports_until(&self, now: u64) -> u64 {
        if is_ahead(self.opened, now) { 0 } else { self.opened.saturating_add(REPORTS) }
    }
}

/// Tells whether a time is further ahead than clocks are apart.
fn is_ahead(time: u64, now: u64) -> bool {
    time > now + SKEW
}

impl SessionId {
    /// Returns it as the services get it.
    pub(crate) fn hex(self) -> [u8; 32] {
        let mut text = [b'0'; 32];
        // There are two digits for each byte.
        hex::encode_to_slice(self.0, &mut text).ok();
        text
    }
}

fn cookie(pair: (&'static str, String), days: u16) -> CookieBuilder<'static> {
    let age = cookie::time::Duration::days(days.into());
    Cookie::build(pair).path("/").same_site(SameSite::Lax).http_only(true).max_age(age)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

    use super::{Caller, DAY, DAYS, REPORTS, SKEW, Seen, SessionId, Sessions};

    const BEGUN: u64 = 1_000_000;
    const END: u64 = DAYS as u64 * DAY;

    fn cookies(values: &[String]) -> HeaderMap {
        let value = HeaderValue::try_from(values.join("; ")).unwrap();
        HeaderMap::from_iter([(header::COOKIE, value)])
    }

    /// What a browser sends back after an answer.
    fn pair((_, value): &(HeaderName, HeaderValue)) -> String {
        value.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    fn see(sessions: &Sessions, request: &HeaderMap, now: u64) -> Seen {
        sessions.see(request, now)
    }

    fn reporter(sessions: &Sessions, request: &HeaderMap, now: u64) -> Option<SessionId> {
        see(sessions, request, now).reporter(now)
    }

    fn kept(sessions: &Sessions, request: &HeaderMap, now: u64, seed: u8) -> Vec<String> {
        let seen = see(sessions, request, now);
        sessions.visit(request, seen, now, [seed; 24]).cookies.iter().map(pair).collect()
    }

    fn caller(sessions: &Sessions, request: &HeaderMap, now: u64) -> Caller {
        sessions.caller(see(sessions, request, now), now, [0xee; 16])
    }

    #[test]
    fn a_session_and_its_bucket_are_recognised_by_who_issued_them() {
        let sessions = Sessions::open(None).unwrap();
        let request = cookies(&kept(&sessions, &HeaderMap::new(), BEGUN, 7));
        let first = SessionId([7; 16]);
        assert!(kept(&sessions, &request, BEGUN, 9).is_empty(), "nothing to set again");
        for now in [BEGUN - SKEW, BEGUN, BEGUN + END - 1] {
            assert_eq!(caller(&sessions, &request, now).session, first, "{now}");
        }
        for now in [BEGUN + END, BEGUN + 2 * END] {
            let Caller { session, cookie } = caller(&sessions, &request, now);
            assert_eq!(session, SessionId([0xee; 16]), "{now}");
            assert!(cookie.is_some(), "{now}");
        }
        // Another gateway without the secret knows the bucket, and not the session.
        let other = Sessions::open(None).unwrap();
        assert_ne!(caller(&other, &request, BEGUN).session, first);
        let bucket = |sessions: &Sessions, seed| {
            let seen = see(sessions, &request, BEGUN);
            sessions.visit(&request, seen, BEGUN, [seed; 24]).bucket
        };
        assert_eq!(bucket(&other, 1), bucket(&sessions, 2));
    }

    #[test]
    fn who_comes_back_within_30_days_stays_the_same_for_ever() {
        let sessions = Sessions::open(None).unwrap();
        let mut page = cookies(&kept(&sessions, &HeaderMap::new(), BEGUN, 7));
        let mut call = page.clone();
        let mut now = BEGUN;
        for _ in 0..5 {
            assert!(caller(&sessions, &call, now + DAY - 1).cookie.is_none(), "young enough");
            now += END - 1;
            page = cookies(&kept(&sessions, &page, now, 9));
            let Caller { session, cookie } = caller(&sessions, &call, now);
            call = cookies(&[pair(&cookie.unwrap())]);
            assert_eq!(session, SessionId([7; 16]));
            assert_eq!(caller(&sessions, &page, now).session, session);
        }
    }

    #[test]
    fn a_clock_that_jumps_back_ends_no_session() {
        let sessions = Sessions::open(None).unwrap();
        let page = cookies(&kept(&sessions, &HeaderMap::new(), BEGUN, 7));
        let earlier = BEGUN - SKEW - 1;
        let Caller { session, cookie } = caller(&sessions, &page, earlier);
        assert_eq!(session, SessionId([7; 16]));
        let call = cookies(&[pair(&cookie.unwrap())]);
        // The new cookie is of that time, and no report counts until a page is opened.
        assert!(caller(&sessions, &call, earlier).cookie.is_none());
        for request in [&page, &call] {
            assert_eq!(reporter(&sessions, request, earlier), None);
        }
        let again = cookies(&kept(&sessions, &call, earlier, 9));
        for now in [earlier, BEGUN] {
            assert_eq!(reporter(&sessions, &again, now), Some(SessionId([7; 16])), "{now}");
        }
    }

    #[test]
    fn reports_count_for_12_hours_after_a_page_and_not_by_calling_a_domain() {
        let sessions = Sessions::open(None).unwrap();
        let page = cookies(&kept(&sessions, &HeaderMap::new(), BEGUN, 7));
        let first = Some(SessionId([7; 16]));
        assert_eq!(reporter(&sessions, &page, BEGUN + REPORTS - 1), first);
        assert_eq!(reporter(&sessions, &page, BEGUN + REPORTS), None);
        // A domain's path renews the session, and not what its reports are worth.
        let renewed = caller(&sessions, &page, BEGUN + DAY).cookie.unwrap();
        assert_eq!(reporter(&sessions, &cookies(&[pair(&renewed)]), BEGUN + DAY), None);
        let given = caller(&sessions, &HeaderMap::new(), BEGUN).cookie.unwrap();
        let given = cookies(&[pair(&given)]);
        assert_eq!(reporter(&sessions, &given, BEGUN), None);
        // A page does, for the same session.
        let again = kept(&sessions, &given, BEGUN + 1, 9).pop().unwrap();
        let again = reporter(&sessions, &cookies(&[again]), BEGUN + 1);
        assert_eq!(again, Some(SessionId([0xee; 16])));
        let later = cookies(&kept(&sessions, &page, BEGUN + REPORTS - 1, 9));
        assert_eq!(reporter(&sessions, &later, BEGUN + REPORTS), first, "before it ends");
    }

    #[test]
    fn what_was_not_issued_is_no_session() {
        let sessions = Sessions::open(None).unwrap();
        let good = kept(&sessions, &HeaderMap::new(), BEGUN, 7).remove(1);
        let older = good.replace(&format!(".{BEGUN}."), &format!(".{}.", BEGUN - 1));
        assert_ne!(older, good);
        for bad in [
            good.replace("07", "08"),
            older,
            good.trim_end_matches(|c| c != '.').to_owned(),
            "asterism_session=x".to_owned(),
            "asterism_session=...".to_owned(),
            String::new(),
        ] {
            let request = cookies(std::slice::from_ref(&bad));
            assert_eq!(reporter(&sessions, &request, BEGUN), None, "{bad}");
            assert!(caller(&sessions, &request, BEGUN).cookie.is_some(), "{bad}");
            // What somebody planted beside it does not hide the good one.
            let both = cookies(&[bad, good.clone()]);
            assert_eq!(reporter(&sessions, &both, BEGUN), Some(SessionId([7; 16])));
        }
        for bad in ["10000", "-1", "x", ""] {
            let request = cookies(&[format!("asterism_bucket={bad}")]);
            assert_eq!(kept(&sessions, &request, 1, 0).len(), 2, "{bad}");
        }
    }
}
