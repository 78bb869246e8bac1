//! Who may do what: policies as data, in [Cedar](https://www.cedarpolicy.com).
//!
//! `policies/default.cedar` is built in; a site replaces it by a file of its own (`ASTERISM_POLICIES`). Either
//! is checked against `policies/schema.cedarschema` at the start, so that a policy about a role or action that
//! does not exist stops the gateway and does not silently permit nothing.
//!
//! Not here: who somebody is (`identity`, API keys), and what a domain's service does with a role.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use registry::{ApiKey, Verb};
use service_kit::{Deed, Whose};

use crate::identity::access::Person;

const DEFAULT: &str = include_str!("../policies/default.cedar");
const SCHEMA: &str = include_str!("../policies/schema.cedarschema");
/// Of the roles, the one that says more than its name.
const PUBLISHER: &str = "publisher:";

/// Policies that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file cannot be read.
    #[error("cannot read the policies {}", .0.display())]
    Read(PathBuf, #[source] std::io::Error),
    /// They are not Cedar, or speak of what does not exist.
    #[error("the policies are wrong: {0}")]
    Wrong(String),
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    Key(&'a ApiKey),
    Person(&'a Person),
}

/// What for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act<'a> {
    /// Something with a remote, or with a domain for `switch`; collecting garbage is with all remotes.
    Do(Verb, &'a str),
    /// Being told to services as somebody with a role.
    Assume(&'a str),
    /// Something with what is private in a service.
    Private(Deed, Whose),
    /// Seeing where the domains' services run.
    Inspect,
}

/// The policies in force.
#[derive(Debug)]
pub(crate) struct Policies {
    policies: PolicySet,
    schema: Schema,
    authorizer: Authorizer,
}

impl Policies {
    /// Reads the policies of a file, or takes those that are built in.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, PolicyError> {
        let read = |file: &Path| {
            std::fs::read_to_string(file).map_err(|error| PolicyError::Read(file.into(), error))
        };
        let text = file.map_or_else(|| Ok(DEFAULT.to_owned()), read)?;
        Self::new(&text)
    }

    fn new(text: &str) -> Result<Self, PolicyError> {
        let wrong = |error: &dyn std::fmt::Display| PolicyError::Wrong(error.to_string());
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| wrong(&error))?;
        let policies: PolicySet = text.parse().map_err(|error| wrong(&error))?;
        let checked = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        if !checked.validation_passed() {
            let errors: Vec<_> = checked.validation_errors().map(ToString::to_string).collect();
            return Err(PolicyError::Wrong(errors.join("; ")));
        }
        Ok(Self { policies, schema, authorizer: Authorizer::new() })
    }

    /// Tells whether somebody may do something.
    pub(crate) fn may(&self, subject: Subject<'_>, act: Act<'_>) -> bool {
        self.decide(subject, act).unwrap_or_else(|error| {
            tracing::error!(error, "a decision failed, which refuses");
            false
        })
    }

    fn decide(&self, subject: Subject<'_>, act: Act<'_>) -> Result<bool, String> {
        let (principal, action) = (principal(subject)?, action(act)?);
        let resource = resource(subject, act)?;
        let (who, what) = (principal.uid(), resource.uid());
        let entities = Entities::from_entities([principal, resource], Some(&self.schema));
        let entities = entities.map_err(|error| error.to_string())?;
        let request = Request::new(who, action, what, Context::empty(), Some(&self.schema));
        let request = request.map_err(|error| error.to_string())?;
        let answer = self.authorizer.is_authorized(&request, &self.policies, &entities);
        Ok(answer.decision() == Decision::Allow)
    }
}

fn principal(subject: Subject<'_>) -> Result<Entity, String> {
    match subject {
        Subject::Key(ApiKey { id, verbs, names, .. }) => {
            let verbs = set(verbs.iter().map(|verb| verb.name()));
            entity("Key", id, [("verbs", verbs), ("names", set(names.iter().map(String::as_str)))])
        }
        Subject::Person(Person { account, organisation, roles, .. }) => {
            let publishes = roles.iter().filter_map(|role| role.strip_prefix(PUBLISHER));
            entity(
                "Account",
                account,
                [
                    ("organisation", RestrictedExpression::new_string(organisation.clone())),
                    ("roles", set(roles.iter().map(String::as_str))),
                    ("publishes", set(publishes)),
                ],
            )
        }
    }
}

fn action(act: Act<'_>) -> Result<EntityUid, String> {
    match act {
        Act::Do(verb, _) => uid("Action", verb.name()),
        Act::Assume(_) => uid("Action", "assume"),
        Act::Private(Deed::Read, _) => uid("Action", "read"),
        Act::Private(Deed::Change, _) => uid("Action", "change"),
        Act::Inspect => uid("Action", "inspect"),
    }
}

fn resource(subject: Subject<'_>, act: Act<'_>) -> Result<Entity, String> {
    let named = |name: &str| [("name", RestrictedExpression::new_string(name.to_owned()))];
    match act {
        Act::Do(Verb::Gc, _) | Act::Inspect => entity("Registry", "registry", []),
        Act::Do(Verb::Switch, domain) => entity("Domain", domain, named(domain)),
        Act::Do(_, remote) => entity("Remote", remote, named(remote)),
        Act::Assume(role) => entity("Role", role, named(role)),
        Act::Private(_, whose) => private(subject, whose),
    }
}

/// Returns something that is so private to somebody.
fn private(subject: Subject<'_>, whose: Whose) -> Result<Entity, String> {
    let Subject::Person(Person { account, organisation, .. }) = subject else {
        return Err("a key has nothing private".to_owned());
    };
    // Nobody's id is empty.
    let owner = if whose == Whose::Own { account } else { "" };
    let shared = if whose == Whose::Organisation { organisation } else { "" };
    let owner = RestrictedExpression::new_entity_uid(uid("Account", owner)?);
    let organisation = RestrictedExpression::new_string(shared.to_owned());
    entity("Private", "thing", [("owner", owner), ("organisation", organisation)])
}

fn set<'a>(texts: impl Iterator<Item = &'a str>) -> RestrictedExpression {
    RestrictedExpression::new_set(texts.map(|text| RestrictedExpression::new_string(text.into())))
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    let kind: EntityTypeName = kind.parse().map_err(|_| format!("`{kind}` is no type"))?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn entity<const N: usize>(
    kind: &str,
    id: &str,
    fields: [(&str, RestrictedExpression); N],
) -> Result<Entity, String> {
    let fields: HashMap<_, _> =
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Entity::new(uid(kind, id)?, fields, HashSet::new()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
