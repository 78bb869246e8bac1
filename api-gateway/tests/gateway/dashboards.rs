//! What operators are given in `deploy/observability` names only what is there: every metric and every label that
//! the dashboard and the alerts ask for is at `/metrics` of a gateway to which all of it happened.

use std::collections::{BTreeMap, BTreeSet};

use api_gateway::{Budget, Config, Limits, upstream::Domain};
use axum::http::Method;
use promql_parser::parser::{
    AggregateExpr, BinaryExpr, Call, Expr, LabelModifier, ParenExpr, VectorSelector, parse,
};
use serde_json::Value;

use crate::{
    Site,
    instances::{Fake, alpha, dead},
    rate_limits, request, soon, tls,
};

const ALERTS: &str = include_str!("../../../deploy/observability/alerts.yml");
const DASHBOARD: &str = include_str!("../../../deploy/observability/dashboard.json");

/// What Prometheus itself adds.
const ADDED: [&str; 2] = ["job", "instance"];

/// Labels by metric.
type Named = BTreeMap<String, BTreeSet<String>>;

/// The expressions of the alerts: what stands after `expr:`, on that line or below it.
fn of_alerts() -> Vec<String> {
    let mut expressions = Vec::new();
    let mut lines = ALERTS.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(rest) = line.trim_start().strip_prefix("expr:") else { continue };
        let deep = line.len() - line.trim_start().len();
        let mut expression = rest.trim().trim_start_matches('|').to_owned();
        while let Some(more) = lines.next_if(|next| next.len() - next.trim_start().len() > deep) {
            expression.extend([" ", more.trim()]);
        }
        expressions.push(expression);
    }
    expressions
}

/// The expressions of the dashboard's panels, and what its variables are taken from.
fn of_dashboard() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let targets = |panel: &Value| panel["targets"].as_array().cloned().unwrap_or_default();
    let panels = dashboard["panels"].as_array().unwrap();
    let expressions = panels
        .iter()
        .flat_map(targets)
        .map(|target| target["expr"].as_str().unwrap().replace("$__rate_interval", "5m"));
    let variables = dashboard["templating"]["list"].as_array().unwrap().iter();
    let variables = variables.filter_map(|variable| {
        let query = variable["query"].as_str()?.strip_prefix("label_values(")?;
        let (metric, label) = query.strip_suffix(')')?.split_once(", ")?;
        Some(format!("sum by ({label}) ({metric})"))
    });
    expressions.chain(variables).collect()
}

/// Notes the metrics of an expression, with the labels that it matches them by and groups them by.
fn note(expr: &Expr, grouped: &BTreeSet<String>, named: &mut Named) {
    let mut select = |VectorSelector { name, matchers, .. }: &VectorSelector| {
        let labels = named.entry(name.clone().unwrap()).or_default();
        labels.extend(matchers.matchers.iter().map(|matcher| matcher.name.clone()));
        labels.extend(grouped.iter().cloned());
    };
    match expr {
        Expr::VectorSelector(selector) => select(selector),
        Expr::MatrixSelector(selector) => select(&selector.vs),
        Expr::Aggregate(AggregateExpr { expr, modifier, .. }) => {
            let by = match modifier {
                Some(LabelModifier::Include(labels)) => labels.labels.iter().cloned().collect(),
                _ => BTreeSet::new(),
            };
            note(expr, &by, named);
        }
        Expr::Binary(BinaryExpr { lhs, rhs, .. }) => {
            note(lhs, grouped, named);
            note(rhs, grouped, named);
        }
        Expr::Paren(ParenExpr { expr }) => note(expr, grouped, named),
        Expr::Call(Call { args, .. }) => {
            args.args.iter().for_each(|arg| note(arg, grouped, named));
        }
        Expr::NumberLiteral(_) => {}
        other => unreachable!("say what to do with {other:?}"),
    }
}

fn named() -> Named {
    let (alerts, dashboard) = (of_alerts(), of_dashboard());
    assert!(alerts.len() > 8 && dashboard.len() > 15, "{} {}", alerts.len(), dashboard.len());
    let mut named = Named::new();
    for expression in alerts.iter().chain(&dashboard) {
        let parsed = parse(expression).map_err(|error| format!("{expression}\n{error}")).unwrap();
        note(&parsed, &BTreeSet::new(), &mut named);
    }
    named
}

/// What is at `/metrics`.
fn there(metrics: &str) -> Named {
    let mut there = Named::new();
    for line in metrics.lines().filter(|line| !line.starts_with('#')) {
        let Some((sample, _)) = line.rsplit_once(' ') else { continue };
        let (name, labels) = sample.split_once('{').unwrap_or((sample, ""));
        let labels =
            labels.trim_end_matches('}').split(',').filter_map(|label| label.split_once('='));
        there.entry(name.to_owned()).or_default().extend(labels.map(|(name, _)| name.to_owned()));
    }
    there
}

/// A gateway to which everything has happened that is counted.
async fn eventful() -> String {
    let (well, ill) = (Fake::answering(200), Fake::answering(500));
    let domains = [
        ("dashwell", alpha(&[&well.serve().await, &dead().await])),
        ("dashill", alpha(&[&ill.serve().await])),
        ("dashgone", alpha(&[&dead().await])),
    ];
    let domains: BTreeMap<String, Domain> =
        domains.map(|(name, domain)| (name.to_owned(), domain)).into();
    let certified = tempfile::tempdir().unwrap();
    tls::certify(certified.path());
    let files = tls::files(certified.path());
    let site = Site::configured("", |config| Config {
        upstreams: domains.try_into().unwrap(),
        tls: files,
        ..config
    });
    let site = site.await.with_a_release().await;
    let address = Some("60/h burst 1".parse().unwrap());
    let limits = Limits { site: Budget { address, ..Budget::default() }, ..rate_limits::off() };
    let limited = rate_limits::site(limits).await;
    for _ in 0..2 {
        rate_limits::ask(&limited, "192.0.2.1", "/api/alpha/x", &[]).await;
    }
    let visitor = site.visitor().await;
    site.report(&visitor, "0.1.0", "mounted").await;
    for _ in 0..20 {
        for domain in ["dashwell", "dashill", "dashgone"] {
            let bundle = [("x-asterism-remote", "alpha@0.1.0")];
            site.get(&format!("/api/{domain}/x"), &bundle).await;
            let post = request(Method::POST, &format!("/api/{domain}/x"), &bundle, "x".into());
            site.send(post).await;
        }
    }
    // Not before: health checks would keep requests away from what is dead.
    let followed = tokio::spawn(api_gateway::follow(site.state.clone()));
    let shown = async {
        loop {
            let metrics = site.get("/metrics", &[]).await.text().to_owned();
            if metrics.contains("upstream_healthy{domain=\"dashgone\"") {
                return metrics;
            }
            tokio::task::yield_now().await;
        }
    };
    let metrics = soon(shown).await;
    followed.abort();
    metrics
}

#[tokio::test]
async fn every_metric_and_label_that_operators_are_shown_exists() {
    let there = there(&eventful().await);
    let mut missing = Vec::new();
    for (metric, labels) in named() {
        // Prometheus's own.
        if metric == "up" {
            continue;
        }
        let Some(known) = there.get(&metric) else {
            missing.push(metric);
            continue;
        };
        let unknown = labels
            .iter()
            .filter(|label| !known.contains(*label) && !ADDED.contains(&label.as_str()));
        missing.extend(unknown.map(|label| format!("{metric}{{{label}}}")));
    }
    assert!(missing.is_empty(), "these do not exist: {missing:#?}\n{:#?}", there.keys());
    assert!(ALERTS.contains("> 0.05") && ALERTS.contains("> 0.5"), "5 % and 500 ms");
}

#[test]
fn a_metric_that_does_not_exist_would_be_found() {
    let mut named = Named::new();
    let parsed = parse("sum by (a) (rate(x{b=\"1\"}[5m])) / (sum(y) > 1)").unwrap();
    note(&parsed, &BTreeSet::new(), &mut named);
    let expected = [("x", &["a", "b"][..]), ("y", &[])];
    let expected: Named = expected
        .map(|(name, labels)| (name.to_owned(), labels.iter().map(|l| (*l).to_owned()).collect()))
        .into();
    assert_eq!(named, expected);
}
