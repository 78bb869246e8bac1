//! Which processes a site is, and what each is told.
//!
//! Not here: starting them (`supervisor`).

use std::path::Path;

use anyhow::Context;

use super::{GATEWAY_DATA, JOURNAL_DATA, child::Spec, key, ports};
use crate::{
    build::host::{self, Profile},
    tools::model::Model,
    workspace::{GATEWAY, JOURNAL_BIN, Service, Workspace},
};

/// Returns the services, each knowing the others' addresses, the journal, which reads from all, and last the
/// gateway.
///
/// # Errors
/// There are no free ports, or a secret cannot be written.
pub(crate) fn list(
    workspace: &Workspace,
    services: &[Service],
    profile: Profile,
    data: &Path,
    port: u16,
    model: Option<&Model>,
) -> anyhow::Result<Vec<Spec>> {
    let mut ports = ports::free(services.len() + 1)?;
    let journal_port = ports.pop().context("no free port")?;
    let addresses: Vec<(&str, String)> = services
        .iter()
        .zip(&ports)
        .map(|(service, port)| (service.domain.as_str(), format!("http://127.0.0.1:{port}")))
        .collect();
    let path = |path: &str| data.join(path).to_string_lossy().into_owned();
    let spec = |name: &str, bin: &str, port: u16, mut env: Vec<(String, String)>| {
        env.push(("ASTERISM_LISTEN".to_owned(), format!("127.0.0.1:{port}")));
        let log = data.join("logs").join(name).with_extension("log");
        let program = host::program(workspace, profile, bin);
        Spec { name: name.to_owned(), program, env, log, port, socket: None }
    };
    // By it the services believe what the gateway says about who signed in.
    let edge = match std::env::var("ASTERISM_EDGE_KEY") {
        Ok(key) => key,
        Err(_) => key::role(data, "edge")?,
    };
    let roles = [
        ("ASTERISM_EDITOR_KEY", key::role(data, "editor")?),
        ("ASTERISM_ANALYST_KEY", key::role(data, "analyst")?),
        ("ASTERISM_EDGE_KEY", edge.clone()),
    ];
    let mut specs = Vec::new();
    for (service, own) in services.iter().zip(&ports) {
        let domain = service.domain.as_str();
        let others = addresses.iter().filter(|(other, _)| *other != domain);
        let mut env: Vec<_> =
            others.map(|(other, address)| (address_variable(other), address.clone())).collect();
        env.push(("ASTERISM_DATA_DIR".to_owned(), path(domain)));
        env.push(("ASTERISM_GATEWAY_URL".to_owned(), format!("http://127.0.0.1:{port}")));
        // Each service takes what it knows; what the environment says counts for more.
        let model = model.map(Model::env).into_iter().flatten();
        let unset = model.chain(roles.clone()).filter(|(name, _)| std::env::var_os(name).is_none());
        env.extend(unset.map(|(name, value)| (name.to_owned(), value)));
        specs.push(spec(domain, &service.bin, *own, env));
    }
    let upstreams: Vec<_> =
        addresses.iter().map(|(domain, address)| format!("{domain}={address}")).collect();
    let env = [
        ("ASTERISM_DATA_DIR", path(JOURNAL_DATA)),
        ("ASTERISM_EDGE_KEY", edge.clone()),
        ("ASTERISM_EVENT_SOURCES", upstreams.join(",")),
        ("ASTERISM_GATEWAY_URL", format!("http://127.0.0.1:{port}")),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value)).to_vec();
    specs.push(spec("journal", JOURNAL_BIN, journal_port, env));
    let secret = key::session_secret(data)?.to_string_lossy().into_owned();
    let env = [
        ("ASTERISM_REGISTRY", path("registry")),
        ("ASTERISM_SHELL_DIR", path("shell")),
        ("ASTERISM_UPSTREAMS", upstreams.join(",")),
        ("ASTERISM_SESSION_SECRET_FILE", secret),
        ("ASTERISM_DATA_DIR", path(GATEWAY_DATA)),
        ("ASTERISM_EDGE_KEY", edge),
        ("ASTERISM_OVERRIDE_ORIGINS", OVERRIDES.to_owned()),
        // All visitors of a site on this machine share one address.
        ("ASTERISM_SESSIONS_PER_ADDRESS", "0".to_owned()),
        ("ASTERISM_LIMIT_EXEMPT", OWN_MACHINE.to_owned()),
        ("ASTERISM_LIMIT_DOMAIN_SESSION", BUDGETS.to_owned()),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value)).to_vec();
    specs.push(spec("gateway", GATEWAY, port, env));
    Ok(specs)
}

/// From where a developer's remote may stand in for a released one, in one tab.
const OVERRIDES: &str = "http://localhost:*,http://127.0.0.1:*";

/// No limit by address holds for it: services call each other through the gateway from here, too.
const OWN_MACHINE: &str = "127.0.0.0/8,::1";

/// What one visitor may ask of the services that work hardest.
const BUDGETS: &str = "ask=600/min burst 300,search=1200/min burst 600";

/// Returns the environment variable that tells a service where another one is.
fn address_variable(domain: &str) -> String {
    format!("ASTERISM_{}_URL", domain.to_uppercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::address_variable;

    #[test]
    fn addresses_have_variables_that_a_shell_can_set() {
        assert_eq!(address_variable("stories"), "ASTERISM_STORIES_URL");
        assert_eq!(address_variable("ward-risk"), "ASTERISM_WARD_RISK_URL");
    }
}
