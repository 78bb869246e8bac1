//! `test`: what CI runs, cheapest first.

use crate::{
    build::{Builder, host, weight},
    term,
    test::{
        Counts, Report,
        steps::{self, Browser},
    },
    tools::{BuildTools, Cache, chromium, model, node_modules, s3},
    workspace::Workspace,
};

/// Run what CI runs: format, lints, documentation, all tests
///
/// Everything runs, whatever fails before. The last line is `N passed, N failed`; a check that is no test
/// suite counts as one.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Leave out the documentation and the browser tests
    #[arg(long)]
    quick: bool,
}

/// Returns whether everything passed.
pub(crate) fn run(args: &Args) -> anyhow::Result<bool> {
    // Before cargo puts a newer one in its place.
    let asterism = std::env::current_exe()?;
    let workspace = &Workspace::find()?;
    let mut report = Report::default();
    let cargo = |report: &mut Report, title: &str, name: &str, args: &[&str], env: &[_]| {
        report.step(title, |step| steps::cargo(step, workspace, name, args, env));
    };

    cargo(&mut report, "format", "format", &["fmt", "--all", "--check"], &[]);
    let host = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    cargo(&mut report, "lints (host)", "lints-host", &host, &[]);
    let tools = report.step("tools for browser builds", |_| {
        BuildTools::ensure(workspace)?;
        Ok(Counts::ONE)
    });
    if tools {
        let packages = workspace.browser_packages()?;
        let mut lint = vec!["clippy", "--target", "wasm32-unknown-unknown", "--lib", "--bins"];
        lint.extend(packages.iter().flat_map(|package| ["--package", package]));
        lint.extend(["--", "-D", "warnings"]);
        cargo(&mut report, "lints (browser)", "lints-browser", &lint, &[]);
    } else {
        report.skip("lints (browser)");
    }
    if !args.quick {
        let doc = ["doc", "--workspace", "--no-deps", "--document-private-items"];
        let strict = [("RUSTDOCFLAGS", "-D warnings")];
        cargo(&mut report, "documentation", "documentation", &doc, &strict);
    }
    let mut server = None;
    report.step("an S3-compatible server", |_| {
        server = Some(s3::ensure(&Cache::find()?)?);
        Ok(Counts::ONE)
    });
    let mut model = None;
    report.step("the embedding model", |_| {
        model = Some(model::ensure(&Cache::find()?)?);
        Ok(Counts::ONE)
    });
    match (server, model) {
        (Some(server), Some(model)) => {
            report.step("tests", |step| steps::cargo_test(step, workspace, &server, &model));
        }
        _ => report.skip("tests"),
    }
    if !args.quick {
        let ready = tools && report.step("building the site", |_| build(workspace));
        if ready {
            report.step("bundles within their budgets", |_| weigh(workspace));
            browser(&mut report, workspace, asterism);
        } else {
            report.skip("bundles within their budgets");
            report.skip("browser tests");
        }
    }
    term::say(&report.text());
    Ok(report.passed())
}

fn build(workspace: &Workspace) -> anyhow::Result<Counts> {
    let builder = Builder::new(workspace)?;
    host::build_with_tests(workspace)?;
    builder.shell()?;
    for remote in workspace.remotes()? {
        builder.remote(&remote, &remote.version)?;
    }
    Ok(Counts::ONE)
}

/// Bytes are no matter of the machine's mood, so a budget can be a test.
fn weigh(workspace: &Workspace) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    for weight in weight::weigh(workspace)? {
        if weight.is_within() {
            counts.passed += 1;
            continue;
        }
        counts.failed += 1;
        let (name, is, may) = (&weight.name, weight.code().brotli, weight.budget);
        term::note(&format!(
            "{name} is {is} bytes of code (brotli) and may be {may}: `bench bytes` shows its files, \
             docs/building-remotes.md what costs most"
        ));
    }
    Ok(counts)
}

fn browser(report: &mut Report, workspace: &Workspace, asterism: std::path::PathBuf) {
    report.step("browser tests", |step| {
        let cache = Cache::find()?;
        let chromium = chromium::ensure(&cache)?;
        node_modules::ensure(&cache, &workspace.root.join("e2e"))?;
        steps::browser(step, workspace, &Browser { asterism, chromium })
    });
}
