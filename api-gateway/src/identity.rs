//! Who somebody is: accounts with a password, and how a browser that signed in is known again.
//!
//! All of it needs a data folder; without one nobody can sign in, and the public site is the same.
//!
//! - [`oidc`]: signing in at a provider in place of a password.
//! - [`access`]: a token that says who it is for 10 minutes, checked without looking anything up.
//! - `accounts` (a crate): passwords, roles, and refresh tokens, each used once.
//! - [`Identity::who`]: what a request says about who makes it. Somebody whose access token ran out gets the
//!   next one with the answer, so no script ever holds a token.
//! - [`services`]: what the domains' services are told.
//!
//! Cookies count for requests of our own pages only (`origin`). A disabled account's access token works until
//! it runs out.
//!
//! Not here: what a role may do (`policy`), and sessions of visitors (`session`), which signing in does not change.

pub(crate) mod access;
pub(crate) mod cookies;
pub(crate) mod oidc;
pub(crate) mod page;
pub(crate) mod routes;
pub(crate) mod services;
mod throttle;

use std::{net::IpAddr, path::Path, sync::Arc, time::Duration};

use accounts::{Account, Accounts, AccountsError, Factor, Linked, Rotation, Signed, Vouched};
use audit::{Record, what};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use service_kit::{ApiError, bearer, telemetry::continued};
use tokio::sync::Semaphore;

use crate::{audit::Audit, origin};
use access::{Person, Tokens};
use routes::sign_in::Credentials;
use throttle::Throttle;

/// Passwords that are checked at once: each takes 19 MiB and a processor.
const AT_ONCE: usize = 2;
/// Refresh tokens of one request that are looked up.
const MOST_TOKENS: usize = 4;
/// Who waits longer for their turn is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// The password was right, and there is a second factor.
pub(crate) const CODE_REQUIRED: &str = "code-required";

/// Accounts, if this gateway has them. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity(Option<Arc<Desk>>);

#[derive(Debug)]
struct Desk {
    accounts: Accounts,
    tokens: Tokens,
    throttle: Throttle,
    turns: Arc<Semaphore>,
    audit: Audit,
}

/// What a request says about who makes it.
#[derive(Debug, Default)]
pub(crate) struct Who {
    /// `None` for a visitor.
    pub(crate) person: Option<Person>,
    /// The access token that was made for this answer.
    pub(crate) access: Option<String>,
    /// `Set-Cookie` for who is known by a refresh token, or by one that is worth nothing any more.
    pub(crate) cookies: Vec<(HeaderName, HeaderValue)>,
}

/// Somebody who has just signed in.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) person: Person,
    pub(crate) access: String,
    pub(crate) cookies: Vec<(HeaderName, HeaderValue)>,
}

impl Identity {
    /// Opens the accounts in a data folder. `seed` makes the key of access tokens.
    ///
    /// # Errors
    /// The folder cannot be used, or there is no key.
    pub(crate) fn open(
        folder: Option<&Path>,
        seed: [u8; 32],
        audit: Audit,
    ) -> Result<Self, AccountsError> {
        let Some(folder) = folder else { return Ok(Self::default()) };
        Ok(Self(Some(Arc::new(Desk {
            accounts: Accounts::open(folder)?,
            tokens: Tokens::new(&seed),
            throttle: Throttle::new(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            audit,
        }))))
    }

    /// Tells whether this site has accounts.
    pub(crate) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    fn desk(&self) -> Result<&Arc<Desk>, ApiError> {
        self.0.as_ref().ok_or_else(|| {
            let detail = "This site has no accounts.";
            ApiError::not_found("no-accounts", detail)
        })
    }

    /// Returns whom an access token names, and never renews one.
    pub(crate) fn known(&self, method: &Method, headers: &HeaderMap, now: u64) -> Option<Person> {
        let desk = self.0.as_ref()?;
        if headers.contains_key(header::AUTHORIZATION) {
            return desk.tokens.read(bearer(headers)?, now);
        }
        if !origin::only_reads(method, headers) && !origin::is_ours(headers) {
            return None;
        }
        cookies::values(headers, cookies::ACCESS).find_map(|token| desk.tokens.read(token, now))
    }

    /// Returns who makes a request, and renews what ran out.
    pub(crate) async fn who(&self, method: &Method, headers: &HeaderMap, now: u64) -> Who {
        let Some(desk) = &self.0 else { return Who::default() };
        if let Some(person) = self.known(method, headers, now) {
            return Who { person: Some(person), ..Who::default() };
        }
        if headers.contains_key(header::AUTHORIZATION) {
            return Who::default();
        }
        desk.renewed(method, headers, now).await
    }

    /// Returns who has a refresh token, with the next access token.
    pub(crate) async fn renewed(&self, method: &Method, headers: &HeaderMap, now: u64) -> Who {
        match &self.0 {
            Some(desk) => desk.renewed(method, headers, now).await,
            None => Who::default(),
        }
    }

    /// Lets somebody in who knows a password.
    pub(crate) async fn sign_in(
        &self,
        address: Option<IpAddr>,
        Credentials { name, password, code }: Credentials,
        now: u64,
    ) -> Result<SignedIn, ApiError> {
        let desk = self.desk()?;
        desk.throttle.admit(&name, address)?;
        desk.audit.ready().await?;
        let turn = tokio::time::timeout(PATIENCE, desk.turns.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| busy())?.map_err(ApiError::internal)?;
        let (tried, blocking) = (name.clone(), desk.clone());
        let checked = tokio::task::spawn_blocking(move || {
            // As long as the work itself, which goes on when the caller goes away.
            let _turn = turn;
            let account = blocking.accounts.signing_in(&name, &password)?;
            let known = blocking.accounts.named(&name)?.is_some();
            let factor = match &account {
                Some(account) => blocking.accounts.second_factor(account, code.as_deref(), now)?,
                None => Factor::Wrong,
            };
            Ok::<_, AccountsError>((account, factor, known))
        });
        let (account, factor, known) =
            checked.await.map_err(ApiError::internal)?.map_err(ApiError::internal)?;
        if factor == Factor::Missing {
            let detail = "This account needs the code from your authenticator app as well.";
            return Err(ApiError::new(StatusCode::UNAUTHORIZED, CODE_REQUIRED, detail));
        }
        let Some(account) = account.filter(|_| factor == Factor::Enough) else {
            metrics::counter!("sign_ins_refused_total").increment(1);
            // What was typed for a name may be a password, so only a name that is one is written down; and
            // not while the caller waits, or the time would tell which it is.
            if known {
                let record = Record::new("unknown", what::SIGN_IN, tried, "refused");
                let audit = desk.audit.clone();
                tokio::spawn(continued(async move { audit.record(record).await }));
            }
            return Err(refused());
        };
        desk.enter(account, "done", now).await
    }

    /// Lets somebody in for whom `provider` vouches; `None` when their account is disabled.
    pub(crate) async fn vouched(
        &self,
        vouched: Vouched,
        provider: &str,
        now: u64,
    ) -> Result<Option<SignedIn>, ApiError> {
        let desk = self.desk()?;
        desk.audit.ready().await?;
        let finding = desk.clone();
        let find = move || finding.accounts.vouched(&vouched, signed_time(now));
        let found = tokio::task::spawn_blocking(find).await.map_err(ApiError::internal)?;
        let Linked { account, is_new, has_other_roles } = found.map_err(ApiError::internal)?;
        let by = format!("by {provider}");
        let record =
            |what, outcome: String| Record::new(&account.name, what, &account.name, outcome);
        if account.disabled {
            desk.audit.record(record(what::SIGN_IN, format!("refused: disabled, {by}"))).await;
            return Ok(None);
        }
        if is_new {
            desk.audit.record(record(what::ACCOUNT_ADDED, by.clone())).await;
        }
        if has_other_roles {
            let roles = accounts::roles_text(&account.roles);
            desk.audit.record(record(what::ROLES_SET, format!("{roles}, {by}"))).await;
        }
        desk.enter(account, &format!("done {by}"), now).await.map(Some)
    }

    /// Ends what a browser is known by. Returns the cookies that forget it.
    pub(crate) async fn sign_out(
        &self,
        headers: &HeaderMap,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, ApiError> {
        let desk = self.desk()?;
        for token in cookies::values(headers, cookies::REFRESH) {
            let (ending, token) = (desk.clone(), token.to_owned());
            let end = move || ending.accounts.end_family(&token);
            let ended = tokio::task::spawn_blocking(end).await.map_err(ApiError::internal)?;
            if let Some(account) = ended.map_err(ApiError::internal)? {
                let name = account.name;
                desk.audit.record(Record::new(&name, what::SIGN_OUT, &name, "done")).await;
            }
        }
        Ok(cookies::signed_out())
    }
}

impl Desk {
    /// Gives somebody the tokens by which they are known from now on.
    async fn enter(
        self: &Arc<Self>,
        account: Account,
        outcome: &str,
        now: u64,
    ) -> Result<SignedIn, ApiError> {
        let (desk, of) = (self.clone(), account.clone());
        let begin = move || desk.accounts.begin_family(&of, signed_time(now));
        let token = tokio::task::spawn_blocking(begin).await.map_err(ApiError::internal)?;
        let token = token.map_err(ApiError::internal)?;
        self.audit.record(Record::new(&account.name, what::SIGN_IN, &account.name, outcome)).await;
        let person = Person::from(account);
        let access = self.tokens.issue(&person, now).map_err(ApiError::internal)?;
        let cookies = cookies::signed_in(&person.name, &access, &token);
        Ok(SignedIn { person, access, cookies })
    }

    async fn renewed(self: &Arc<Self>, method: &Method, headers: &HeaderMap, now: u64) -> Who {
        // Of somebody else's page it is not what the person wants.
        if !origin::only_reads(method, headers) && !origin::is_ours(headers) {
            return Who::default();
        }
        let mut shown = false;
        // What somebody planted beside the good one does not hide it.
        for token in cookies::values(headers, cookies::REFRESH).take(MOST_TOKENS) {
            shown = true;
            if let Some(who) = self.renew(token.to_owned(), now).await {
                return who;
            }
        }
        let cookies = if shown { cookies::signed_out() } else { Vec::new() };
        Who { cookies, ..Who::default() }
    }

    /// Returns whom a refresh token is of, `None` when it is nobody's.
    async fn renew(self: &Arc<Self>, token: String, now: u64) -> Option<Who> {
        let desk = self.clone();
        let rotate = move || desk.accounts.rotate(&token, signed_time(now));
        let rotation = match tokio::task::spawn_blocking(rotate).await {
            Ok(Ok(rotation)) => rotation,
            // A visitor until the store can be read again; nothing is forgotten.
            failed => {
                tracing::error!(?failed, "cannot renew a sign-in");
                return Some(Who::default());
            }
        };
        Some(match rotation {
            Rotation::Signed(Signed { account, token }) => {
                let person = Person::from(account);
                let Ok(access) = self.tokens.issue(&person, now) else {
                    return Some(Who::default());
                };
                let cookies = cookies::signed_in(&person.name, &access, &token);
                Who { person: Some(person), access: Some(access), cookies }
            }
            Rotation::Reused(name) => {
                tracing::warn!("a refresh token came back after it was replaced");
                let ended = Record::new("unknown", what::TOKEN_REUSED, name, "signed out");
                self.audit.record(ended).await;
                Who { cookies: cookies::signed_out(), ..Who::default() }
            }
            Rotation::Unknown => return None,
        })
    }
}

/// Seconds since 1970 as the store has them.
fn signed_time(now: u64) -> i64 {
    i64::try_from(now).unwrap_or(i64::MAX)
}

/// The same for a wrong password, a name that nobody has and an account that is disabled.
fn refused() -> ApiError {
    let detail =
        "Name and password, or the code, do not belong together. Check them and try again.";
    ApiError::new(StatusCode::UNAUTHORIZED, "wrong-credentials", detail)
}

fn busy() -> ApiError {
    let detail = "Too many people sign in at the moment. Try again in a few seconds.";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("5"))
}
