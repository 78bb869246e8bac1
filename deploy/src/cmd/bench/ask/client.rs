//! A visitor who asks: keeps its session, reads whole answers or streams.

use std::time::{Duration, Instant};

use anyhow::Context;
use futures_util::StreamExt;
use reqwest::{Client, RequestBuilder, Response, header};
use serde_json::{Value, json};

/// One browser, as far as the gateway can tell.
#[derive(Clone, Debug)]
pub(in crate::cmd::bench) struct Visitor {
    client: Client,
    url: String,
    cookies: Vec<String>,
    conversation: Option<String>,
}

/// When a streamed answer's parts came, from the question on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    /// `None` for a refusal, which has no text.
    pub(super) first_token: Option<Duration>,
}

impl Visitor {
    pub(in crate::cmd::bench) fn new(client: &Client, url: &str) -> Self {
        let (client, url) = (client.clone(), url.to_owned());
        Self { client, url, cookies: Vec::new(), conversation: None }
    }

    /// Asks and returns the whole answer.
    pub(in crate::cmd::bench) async fn ask(&mut self, question: &str) -> anyhow::Result<Value> {
        let request = self.request(question).header(header::ACCEPT, "application/json");
        let response = request.send().await?;
        self.remember(&response);
        let answer: Value = response.error_for_status()?.json().await?;
        self.conversation = answer["conversation_id"].as_str().map(ToOwned::to_owned);
        Ok(answer)
    }

    /// Returns the ids of what was asked in the conversation, the newest 200.
    pub(in crate::cmd::bench) async fn history(&self) -> anyhow::Result<Vec<String>> {
        let id = self.conversation.as_deref().unwrap_or_default();
        let url = format!("{}/api/ask/history?limit=200&conversation_id={id}", self.url);
        let request = self.client.get(url).header(header::COOKIE, self.cookies.join("; "));
        let history: Value = request.send().await?.error_for_status()?.json().await?;
        let messages = history["messages"].as_array().into_iter().flatten();
        Ok(messages.filter_map(|it| it["message_id"].as_str().map(ToOwned::to_owned)).collect())
    }

    /// Asks and reads the stream to its end.
    pub(super) async fn stream(&mut self, question: &str) -> anyhow::Result<Timing> {
        let begun = Instant::now();
        let request = self.request(question).header(header::ACCEPT, "text/event-stream");
        let response = request.send().await?;
        self.remember(&response);
        let mut stream = response.error_for_status()?.bytes_stream();
        let (mut text, mut first_token) = (String::new(), None);
        while let Some(piece) = stream.next().await {
            text.push_str(&String::from_utf8_lossy(&piece?));
            if first_token.is_none() && text.contains("event: token") {
                first_token = Some(begun.elapsed());
            }
        }
        anyhow::ensure!(text.contains("event: done"), "an answer did not end: {text}");
        let meta = text.lines().find_map(|line| line.strip_prefix("data: ")).context("no event")?;
        let meta: Value = serde_json::from_str(meta)?;
        self.conversation = meta["conversation_id"].as_str().map(ToOwned::to_owned);
        Ok(Timing { first_token })
    }

    /// Asks, stops the answer at its first token, and returns how long after that its stream told the end.
    pub(super) async fn stop(&mut self, question: &str) -> anyhow::Result<Option<Duration>> {
        let request = self.request(question).header(header::ACCEPT, "text/event-stream");
        let response = request.send().await?;
        self.remember(&response);
        let mut stream = response.error_for_status()?.bytes_stream();
        let mut text = String::new();
        while !text.contains("event: token") {
            let Some(piece) = stream.next().await else { return Ok(None) };
            text.push_str(&String::from_utf8_lossy(&piece?));
        }
        let meta = text.lines().find_map(|line| line.strip_prefix("data: ")).context("no event")?;
        let meta: Value = serde_json::from_str(meta)?;
        let stop = self.client.post([&self.url, "/api/ask/stop"].concat());
        let stop = stop.header(header::COOKIE, self.cookies.join("; "));
        let begun = Instant::now();
        let stop = stop.json(&json!({ "message_id": meta["message_id"] })).send();
        let rest = async {
            while let Some(piece) = stream.next().await {
                text.push_str(&String::from_utf8_lossy(&piece?));
            }
            anyhow::Ok(begun.elapsed())
        };
        let (stopped, ended) = tokio::join!(stop, rest);
        stopped?.error_for_status()?;
        // An answer that was done before the stop came tells nothing.
        Ok(Some(ended?).filter(|_| text.contains(r#""stopped":true"#)))
    }

    fn request(&self, question: &str) -> RequestBuilder {
        let mut body = json!({ "question": question });
        if let Some(conversation) = &self.conversation {
            body["conversation_id"] = json!(conversation);
        }
        let request = self.client.post([&self.url, "/api/ask/generate"].concat()).json(&body);
        match self.cookies.is_empty() {
            true => request,
            false => request.header(header::COOKIE, self.cookies.join("; ")),
        }
    }

    fn remember(&mut self, response: &Response) {
        let set = response.headers().get_all(header::SET_COOKIE).iter();
        let pairs = set.filter_map(|value| value.to_str().ok()?.split(';').next());
        for pair in pairs {
            let name = pair.split('=').next().unwrap_or_default();
            self.cookies.retain(|cookie| cookie.split('=').next() != Some(name));
            self.cookies.push(pair.to_owned());
        }
    }
}
