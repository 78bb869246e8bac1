//! The page: a heading that says it all, then tables that become lists on a narrow screen. No script.
//!
//! Nothing is told by colour alone.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use registry::Action;
use service_kit::ApiError;

use super::{
    overall::Overall,
    report::{
        DomainStatus, InstanceStatus, LastChange, PoolStatus, RemoteStatus, Report, VersionStatus,
        Window, Windows,
    },
};
use crate::{frame, shell::escape};

const STYLE: &str = include_str!("page/page.css");
/// Seconds after which the page is asked for again.
const REFRESH: u32 = 30;

/// Draws a report; `refreshes` lets the page ask again.
pub(super) fn page(
    report: &Report,
    refreshes: bool,
    cookies: Vec<(HeaderName, HeaderValue)>,
) -> Result<Response, ApiError> {
    let body = body(report, refreshes);
    let page = frame::page(StatusCode::OK, "Status", STYLE, &body, cookies)?;
    let vary = [(header::VARY, HeaderValue::from_static("accept"))];
    if !refreshes {
        return Ok((vary, page).into_response());
    }
    Ok((vary, [(header::REFRESH, HeaderValue::from(REFRESH))], page).into_response())
}

fn body(report: &Report, refreshes: bool) -> String {
    let Report { overall, why, as_of, gateway, revision, history, remotes, domains } = report;
    let (class, mark, verdict) = match overall {
        Overall::Well => ("well", "✓", "Everything works"),
        Overall::Degraded => ("degraded", "!", "Not everything is as it should be"),
        Overall::Broken => ("broken", "✕", "Something does not work"),
    };
    let why: String = why.iter().map(|why| format!("<li>{}</li>", escape(why))).collect();
    let why = if why.is_empty() { why } else { format!("<ul>{why}</ul>") };
    let again = if refreshes {
        format!("Looked at again every {REFRESH} seconds. <a href=\"/status?refresh=off\">Stop</a>")
    } else {
        "Stays as it is. <a href=\"/status\">Refresh</a>".to_owned()
    };
    let revision =
        revision.map_or_else(|| "no manifest".to_owned(), |n| format!("manifest revision {n}"));
    let missing = if *history || remotes.is_empty() {
        ""
    } else {
        "<p class=\"soft\">The history cannot be read now, so last changes are not shown.</p>"
    };
    format!(
        "<h1>Status</h1>\
         <section class=\"verdict {class}\" role=\"status\"><h2><span class=\"mark\" aria-hidden=\"true\">{mark}</span>\
         {verdict}</h2>{why}</section>\
         <p class=\"soft\">As of {time}, as this gateway ({gateway}, {revision}) sees it. {again}</p>\
         <p class=\"soft\">Requests, failures (5xx or no answer) and the time within which 95 % were answered: the last \
         5 minutes / the last 60. Failed loads: sessions of the last hour. \
         <a href=\"/status.json\">The same as JSON</a></p>\
         <h2>Remotes</h2>{missing}{remotes}<h2>Domains</h2>{domains}",
        time = time(as_of),
        remotes = remotes_table(remotes),
        domains = domains_table(domains),
    )
}

fn remotes_table(remotes: &[RemoteStatus]) -> String {
    if remotes.is_empty() {
        return "<p class=\"empty\">No remote is live.</p>".to_owned();
    }
    let rows: String = remotes.iter().map(remote_rows).collect();
    table(
        &["Remote", "Version", "Requests", "Failed", "95 % within", "Failed loads", "Last change"],
        &rows,
    )
}

fn remote_rows(remote: &RemoteStatus) -> String {
    let RemoteStatus { name, active, trial, last_change } = remote;
    let last = last_change.as_ref().map_or_else(|| "–".to_owned(), change);
    let first = version_row(name, "", active, &last);
    let trial = trial.as_ref().map(|trial| {
        let note = format!(" <span class=\"tag\">trial, {} % of sessions</span>", trial.percent);
        version_row(name, &note, &trial.version, "–")
    });
    [first, trial.unwrap_or_default()].concat()
}

fn version_row(name: &str, note: &str, version: &VersionStatus, last: &str) -> String {
    let VersionStatus { version, requests, sessions, failed_sessions } = version;
    let loads = match sessions {
        0 => "–".to_owned(),
        _ => format!("{failed_sessions} of {sessions}"),
    };
    let cells = [
        ("Version", format!("{}{note}", escape(version))),
        ("Requests", requests_cell(requests)),
        ("Failed", failed_cell(requests)),
        ("95 % within", slow_cell(requests)),
        ("Failed loads", loads),
        ("Last change", last.to_owned()),
    ];
    row(name, &cells)
}

fn change(last: &LastChange) -> String {
    let LastChange { action, version, percent, who, at, reason } = last;
    let version = escape(version);
    let what = match (action, percent) {
        (Action::Release, None) => format!("{version} released"),
        (Action::Release, Some(percent)) => format!("{version} on trial for {percent} %"),
        (Action::Rollback, _) => format!("Rolled back to {version}"),
    };
    let by = if who.is_empty() { String::new() } else { format!(" by {}", escape(who)) };
    let reason = match reason.as_str() {
        "" => String::new(),
        reason => format!("<br /><q>{}</q>", escape(reason)),
    };
    format!("{what}{by}<br />{}{reason}", time(at))
}

fn domains_table(domains: &[DomainStatus]) -> String {
    if domains.iter().all(|domain| domain.pools.is_empty()) {
        return "<p class=\"empty\">No domain is configured.</p>".to_owned();
    }
    let rows: String = domains
        .iter()
        .flat_map(|domain| domain.pools.iter().map(|pool| pool_row(&domain.name, pool)))
        .collect();
    let heads =
        ["Domain", "Pool", "Share", "Instances", "Breaker", "Requests", "Failed", "95 % within"];
    table(&heads, &rows)
}

fn pool_row(domain: &str, pool: &PoolStatus) -> String {
    let PoolStatus { name, share, breaker, instances, ready, answers: _, requests, addresses } =
        pool;
    let health = format!("{ready} of {instances} ready");
    let health = if ready < instances { bad(&health) } else { health };
    let each = |instance: &InstanceStatus| {
        let InstanceStatus { address, health } = instance;
        format!("<li><code>{}</code> {health}</li>", escape(address))
    };
    let each: Option<String> =
        addresses.as_ref().map(|addresses| addresses.iter().map(each).collect());
    let each = each.map_or_else(String::new, |each| format!("<ul class=\"plain\">{each}</ul>"));
    let breaker = match *breaker {
        "closed" => "closed".to_owned(),
        breaker => bad(breaker),
    };
    let cells = [
        ("Pool", escape(name)),
        ("Share", format!("{share} %")),
        ("Instances", [health, each].concat()),
        ("Breaker", breaker),
        ("Requests", requests_cell(requests)),
        ("Failed", failed_cell(requests)),
        ("95 % within", slow_cell(requests)),
    ];
    row(domain, &cells)
}

fn requests_cell(windows: &Windows) -> String {
    both(windows, |window| window.requests.to_string())
}

fn failed_cell(windows: &Windows) -> String {
    both(windows, |window| match window {
        Window { requests: 0, .. } => "–".to_owned(),
        Window { error_rate, .. } if *error_rate > 0.0 => bad(&percent(*error_rate)),
        Window { .. } => "0 %".to_owned(),
    })
}

fn slow_cell(windows: &Windows) -> String {
    both(windows, |window| window.p95_ms.map_or_else(|| "–".to_owned(), |ms| format!("{ms} ms")))
}

/// The shorter window, then the longer.
fn both(windows: &Windows, text: impl Fn(&Window) -> String) -> String {
    let Windows { last_5_minutes, last_60_minutes } = windows;
    format!("{} <span class=\"soft\">/ {}</span>", text(last_5_minutes), text(last_60_minutes))
}

fn percent(share: f64) -> String {
    // A failure is never nothing.
    if share < 0.001 { "&lt; 0.1 %".to_owned() } else { format!("{:.1} %", share * 100.0) }
}

fn bad(text: &str) -> String {
    format!("<strong class=\"bad\">{text}</strong>")
}

/// Seconds are enough, and UTC is said in words.
fn time(rfc3339: &str) -> String {
    let (date, rest) = rfc3339.split_once('T').unwrap_or((rfc3339, ""));
    let clock = rest.get(..8).unwrap_or(rest);
    format!("<time datetime=\"{}\">{} {} UTC</time>", escape(rfc3339), escape(date), escape(clock))
}

fn table(heads: &[&str], rows: &str) -> String {
    let heads: String = heads
        .iter()
        .map(|head| format!("<th role=\"columnheader\" scope=\"col\">{head}</th>"))
        .collect();
    format!(
        "<table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">{heads}</tr></thead>\
         <tbody role=\"rowgroup\">{rows}</tbody></table>"
    )
}

/// On a narrow screen each cell is named by its `data-label`, and its role keeps it a cell for those who listen.
fn row(head: &str, cells: &[(&str, String)]) -> String {
    let cell = |(label, text): &(&str, String)| {
        format!("<td role=\"cell\" data-label=\"{label}\"><div>{text}</div></td>")
    };
    let cells: String = cells.iter().map(cell).collect();
    format!(
        "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">{}</th>{cells}</tr>",
        escape(head)
    )
}

#[cfg(test)]
mod tests {
    use super::{percent, time};

    #[test]
    fn a_time_is_short_and_says_its_zone() {
        let text = time("2026-11-27T14:10:11.123Z");
        assert!(text.contains(">2026-11-27 14:10:11 UTC<"), "{text}");
        assert!(!time("<script>").contains("<script>"), "whatever the history holds");
    }

    #[test]
    fn a_failure_is_never_nothing() {
        assert_eq!((percent(0.000_1), percent(0.052)), ("&lt; 0.1 %".into(), "5.2 %".into()));
    }
}
