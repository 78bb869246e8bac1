//! How soon answers begin while many ask, and what thousands of conversations leave in memory.

use std::time::Duration;

use reqwest::Client;
use tokio::{task::JoinSet, time::sleep};

use super::{
    super::numbers::Numbers,
    client::{Timing, Visitor},
    site::Asked,
};
use crate::{cli::Site, term, workspace::Workspace};

const QUESTIONS: [&str; 2] = ["golden-dev", "answers"];
/// Answers that are stopped.
const STOPS: usize = 60;
/// How often memory is looked at.
const LOOKS: usize = 10;

/// How much is asked.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Load {
    /// Conversations at the same time
    #[arg(long, default_value_t = 50)]
    conversations: usize,
    /// Questions of each of them
    #[arg(long, default_value_t = 6)]
    questions: usize,
    /// Milliseconds that a person takes to read an answer and type, after its end
    #[arg(long, default_value_t = 3000)]
    pause_ms: u64,
    /// Conversations of one question, for memory; none leaves that out
    #[arg(long, default_value_t = 5000)]
    memory: usize,
}

/// Asks and prints.
pub(crate) async fn run(
    workspace: &Workspace,
    site: &Site,
    url: Option<String>,
    load: Load,
) -> anyhow::Result<()> {
    let asked = Asked::find(workspace, site, url).await?;
    let questions = questions(workspace)?;
    first_tokens(&asked.url, &questions, load).await?;
    stops(&asked.url, &questions).await?;
    if load.memory > 0 {
        memory(&asked, &questions, load).await?;
    }
    asked.end().await
}

fn questions(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for name in QUESTIONS {
        let path = workspace.root.join("mfe-ask/service/questions").join(name);
        for line in std::fs::read_to_string(path.with_extension("jsonl"))?.lines() {
            let value: serde_json::Value = serde_json::from_str(line)?;
            found.extend(value["query"].as_str().map(ToOwned::to_owned));
        }
    }
    Ok(found)
}

async fn first_tokens(url: &str, questions: &[String], load: Load) -> anyhow::Result<()> {
    let client = Client::new();
    let pause = Duration::from_millis(load.pause_ms);
    let mut visits = JoinSet::new();
    for number in 0..load.conversations {
        let mut visitor = Visitor::new(&client, url);
        let asks: Vec<_> = (0..load.questions)
            .map(|at| questions[(number * load.questions + at) % questions.len()].clone())
            .collect();
        // People do not begin at the same moment.
        let begin = pause.mul_f64(number as f64 / load.conversations.max(1) as f64);
        visits.spawn(async move {
            sleep(begin).await;
            let mut timings = Vec::new();
            for question in asks {
                timings.push(visitor.stream(&question).await?);
                sleep(pause).await;
            }
            anyhow::Ok(timings)
        });
    }
    let (mut times, mut refused) = (Vec::new(), 0);
    while let Some(timings) = visits.join_next().await {
        for Timing { first_token } in timings?? {
            match first_token {
                Some(time) => times.push(time),
                None => refused += 1,
            }
        }
    }
    let numbers = Numbers::new(times);
    let p95 = numbers.percentile(95).as_secs_f64() * 1000.0;
    term::say(&format!(
        "{} conversations at the same time, {} questions each, {} ms from an answer to the next question",
        load.conversations, load.questions, load.pause_ms
    ));
    term::say(&format!(
        "  first token: {}, p95 {p95:.1} ms; {refused} refusals, which have none",
        numbers.tail()
    ));
    Ok(())
}

/// Prints how long after a person's stop the service has nothing more to do for the answer.
async fn stops(url: &str, questions: &[String]) -> anyhow::Result<()> {
    let client = Client::new();
    let mut times = Vec::new();
    for question in questions.iter().take(STOPS) {
        times.extend(Visitor::new(&client, url).stop(question).await?);
    }
    term::say(&format!("  from stop to the end of the work: {}", Numbers::new(times).tail()));
    Ok(())
}

async fn memory(asked: &Asked, questions: &[String], load: Load) -> anyhow::Result<()> {
    let client = Client::new();
    term::say(&format!("{} conversations, one after the other's end, 8 at a time", load.memory));
    let look = |done: usize| {
        let ask = asked.resident("ask").map(|kilobytes| kilobytes / 1024);
        let gateway = asked.resident("gateway").map(|kilobytes| kilobytes / 1024);
        if let (Some(ask), Some(gateway)) = (ask, gateway) {
            term::say(&format!("  after {done:>5}: ask {ask} MB, gateway {gateway} MB"));
        }
    };
    look(0);
    for part in 0..LOOKS {
        let range = load.memory * part / LOOKS..load.memory * (part + 1) / LOOKS;
        let done = range.end;
        let mut visits = JoinSet::new();
        for number in range {
            let mut visitor = Visitor::new(&client, &asked.url);
            let question = questions[number % questions.len()].clone();
            visits.spawn(async move { visitor.ask(&question).await.map(drop) });
            if visits.len() >= 8
                && let Some(visit) = visits.join_next().await
            {
                visit??;
            }
        }
        while let Some(visit) = visits.join_next().await {
            visit??;
        }
        look(done);
    }
    Ok(())
}
