//! A conversation as a page to read, in Markdown.
//!
//! What people and stories wrote is text here, whatever it looks like: no heading, link or element comes of
//! it. Marks, `[1]`, stay as they are. Not here: HTML.

use mfe_ask_api::{Answer, History, Message, Missing, Source, Standing, Status};
use time::{
    OffsetDateTime,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};

const DAY: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year]");

/// Returns the page of a conversation.
pub(crate) fn page(History { conversation, messages, .. }: &History) -> String {
    let questions = match messages.len() {
        1 => "1 question".to_owned(),
        count => format!("{count} questions"),
    };
    let mut blocks = vec![
        format!("# {}", line(&conversation.title)),
        format!("{} · {questions}", day(&conversation.created_at)),
    ];
    for message in messages {
        blocks.push(format!("## {}", line(&message.question.question)));
        blocks.extend(said(message));
    }
    blocks.join("\n\n") + "\n"
}

/// What became of a question, by paragraphs.
fn said(message: &Message) -> Vec<String> {
    let mut blocks = message.answer.as_ref().map(answer).unwrap_or_default();
    let problem = message.problem.as_ref().map(|problem| problem.detail.as_str());
    match message.status {
        Status::Done => {}
        Status::Pending => blocks.push("*The answer is being made.*".to_owned()),
        Status::Stopped => blocks.push("*The answer was stopped before its end.*".to_owned()),
        Status::Failed => {
            blocks.push(format!("*There is no answer.* {}", line(problem.unwrap_or_default())));
        }
    }
    if let Some(sources) = message.answer.as_ref().map(|answer| answer.sources.as_slice())
        && !sources.is_empty()
    {
        blocks.push("**Sources**".to_owned());
        let listed: Vec<_> = (1..).zip(sources).map(|(mark, source)| cite(mark, source)).collect();
        blocks.push(listed.join("\n"));
    }
    if let Some(feedback) = &message.feedback {
        let verdict = if feedback.helpful { "helpful" } else { "not helpful" };
        blocks.push(match &feedback.reason {
            Some(reason) => format!("*You found this {verdict}:* {}", line(reason)),
            None => format!("*You found this {verdict}.*"),
        });
    }
    blocks
}

fn answer(answer: &Answer) -> Vec<String> {
    let mut blocks = Vec::new();
    if let Some(understood) = &answer.understood {
        blocks.push(format!("*Understood as:* {}", line(understood)));
    }
    blocks.extend(answer.answer.split("\n\n").map(line).filter(|text| !text.is_empty()));
    if answer.lacks(Missing::Search) {
        blocks.push("*The search did not answer; stories were found by words alone.*".to_owned());
    }
    if answer.lacks(Missing::Model) {
        blocks.push("*The language model failed; this is in the stories' own words.*".to_owned());
    }
    if let Some(refusal) = &answer.refusal {
        blocks.push(line(&refusal.message));
        let items: Vec<_> =
            refusal.suggestions.iter().map(|it| format!("- {}", line(it))).collect();
        if !items.is_empty() {
            blocks.push(items.join("\n"));
        }
    }
    blocks
}

/// A source with its quotes, as the item of a list.
fn cite(mark: usize, source: &Source) -> String {
    let Source { id, title, client, quotes, standing, .. } = source;
    let note = match standing {
        Standing::Current => "",
        Standing::Changed => " · *changed since*",
        Standing::Gone => " · *removed since*",
    };
    let mut item = format!("{mark}. **{}**, {} · `/story/{id}`{note}", line(title), line(client));
    let indent = " ".repeat(mark.to_string().len() + 2);
    for (at, quote) in quotes.iter().enumerate() {
        // A line between two quotes keeps them two.
        let gap = if at > 0 { [&indent, ">\n"].concat() } else { String::new() };
        item.push_str(&["\n", &gap, &indent, "> ", &line(quote)].concat());
    }
    item
}

/// Returns a text on one line, with nothing in it that means something in Markdown.
fn line(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut plain = String::with_capacity(text.len());
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let mut chars = text.chars().enumerate().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let means = match c {
            '\\' | '`' | '*' | '_' | '<' | '~' => true,
            // A link, and not a mark.
            ']' => matches!(next, Some('(' | '[' | ':')),
            '#' | '+' | '-' | '>' | '=' | '|' => at == 0,
            // The number of a list.
            '.' | ')' => digits > 0 && at == digits,
            _ => false,
        };
        if means {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

fn day(at: &str) -> String {
    let day = OffsetDateTime::parse(at, &Rfc3339).ok().and_then(|at| at.format(DAY).ok());
    day.unwrap_or_else(|| at.to_owned())
}

#[cfg(test)]
mod tests;
