//! What a provider's claims make of somebody here: whether they may sign in, to whom they belong, what they are.

use accounts::Vouched;
use serde_json::{Map, Value};

use super::{config::OidcConfig, refusal::Refusal, token::Believed};

/// Returns for whom a provider vouches, with what the configuration takes from their claims.
pub(super) fn vouched(
    config: &OidcConfig,
    Believed { subject, claims }: Believed,
) -> Result<Vouched, Refusal> {
    let organisation = texts(&claims, &config.organisation_claim).into_iter().next();
    let has = |allowed: &[String], own: Option<&str>, is: fn(&str, &str) -> bool| {
        allowed.is_empty() || own.is_some_and(|own| allowed.iter().any(|one| is(one, own)))
    };
    let ours = has(&config.organisations, organisation, |one, own| one == own);
    // A domain's name has no case.
    if !ours || !has(&config.domains, verified_domain(&claims), str::eq_ignore_ascii_case) {
        return Err(Refusal::NotOurs);
    }
    let decided = |claim: &str| !claim.is_empty();
    let values = texts(&claims, &config.roles_claim);
    let given = config.roles.iter().filter(|of| values.contains(&of.value.as_str()));
    let roles = given.map(|of| of.role.clone()).collect();
    let name =
        ["preferred_username", "name"].into_iter().find_map(|name| claims.get(name)?.as_str());
    Ok(Vouched {
        issuer: config.issuer.clone(),
        subject,
        name: name.unwrap_or_default().to_owned(),
        organisation: decided(&config.organisation_claim)
            .then(|| organisation.unwrap_or_default().to_owned()),
        roles: decided(&config.roles_claim).then_some(roles),
    })
}

/// Returns the texts of a claim: of a list all, of a text itself.
fn texts<'a>(claims: &'a Map<String, Value>, claim: &str) -> Vec<&'a str> {
    // A claim may be named by an address, which has slashes and does not begin with one.
    let value = match claim.split_once('/') {
        Some(("", path)) => {
            let mut parts = path.split('/').map(|part| part.replace("~1", "/").replace("~0", "~"));
            let first = parts.next().and_then(|part| claims.get(&part));
            parts.fold(first, |value, part| value?.get(part))
        }
        _ => claims.get(claim),
    };
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Returns the domain of somebody's address, when the provider made sure that it is theirs.
fn verified_domain(claims: &Map<String, Value>) -> Option<&str> {
    // Some write it as a text.
    let verified = matches!(claims.get("email_verified"), Some(Value::Bool(true)))
        || claims.get("email_verified").is_some_and(|said| said == "true");
    let (_, domain) = claims.get("email")?.as_str()?.rsplit_once('@')?;
    verified.then_some(domain)
}

#[cfg(test)]
mod tests {
    use accounts::Vouched;
    use serde_json::{Value, json};

    use super::vouched;
    use crate::identity::oidc::{config::OidcConfig, refusal::Refusal, token::Believed};

    fn of(config: &OidcConfig, claims: Value) -> Result<Vouched, Refusal> {
        let Value::Object(claims) = claims else { panic!() };
        vouched(config, Believed { subject: "s".to_owned(), claims })
    }

    fn list(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn roles_come_of_the_claim_and_only_by_the_configuration() {
        let roles = ["staff=editor", "ops=admin", "a=b=publisher:search"];
        let roles: Vec<_> = roles.iter().map(|text| text.parse().unwrap()).collect();
        let config = |claim: &str| OidcConfig {
            roles_claim: claim.to_owned(),
            roles: roles.clone(),
            ..OidcConfig::default()
        };
        let given = |claim: &str, claims: Value| -> Vec<String> {
            let roles = of(&config(claim), claims).unwrap().roles.unwrap();
            roles.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            given("groups", json!({ "groups": ["staff", "ops", "x"] })),
            ["editor", "admin"]
        );
        assert_eq!(given("groups", json!({ "groups": "a=b" })), ["publisher:search"]);
        let nested = json!({ "realm_access": { "roles": ["ops"] } });
        assert_eq!(given("/realm_access/roles", nested), ["admin"]);
        let named = json!({ "https://site.example/roles": ["ops"] });
        assert_eq!(given("https://site.example/roles", named), ["admin"]);
        // No role by its name alone, and none without the claim.
        for nothing in
            [json!({ "groups": ["admin"] }), json!({}), json!({ "groups": { "ops": 1 } })]
        {
            assert!(given("groups", nothing.clone()).is_empty(), "{nothing}");
        }
        assert_eq!(of(&OidcConfig::default(), json!({ "groups": ["ops"] })).unwrap().roles, None);
    }

    #[test]
    fn who_belongs_to_others_is_refused() {
        let config = OidcConfig {
            organisation_claim: "org".to_owned(),
            organisations: list(&["x", "y"]),
            domains: list(&["x.example"]),
            ..OidcConfig::default()
        };
        let good = json!({ "org": "x", "email": "anna@X.example", "email_verified": true });
        assert_eq!(of(&config, good.clone()).unwrap().organisation.as_deref(), Some("x"));
        for (name, value) in [
            ("org", json!("z")),
            ("org", json!(null)),
            ("email", json!("anna@evil.example")),
            ("email", json!("anna@x.example@evil.example")),
            ("email", json!("x.example")),
            ("email_verified", json!(false)),
            ("email_verified", json!(null)),
        ] {
            let mut bad = good.clone();
            bad[name] = value.clone();
            assert!(matches!(of(&config, bad), Err(Refusal::NotOurs)), "{name} {value}");
        }
    }
}
