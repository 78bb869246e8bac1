//! How a story is indexed, and how much a word counts where it stands.

use tantivy::{
    TantivyDocument,
    schema::{
        FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
    },
};

use crate::{
    Story,
    analysis::{FORMS, STEMS},
};

/// Raise it when the same fields get other contents: an index of another format is made anew. A change
/// of the fields themselves is noticed without it.
pub(crate) const FORMAT: u32 = 2;

/// A searched text of a story.
pub(crate) struct TextField {
    name: &'static str,
    /// How much a match here counts.
    pub weight: f32,
    text: fn(&Story) -> String,
}

/// What is searched. The weights were chosen by what `asterism bench search-quality` printed.
pub(crate) const TEXT_FIELDS: [TextField; 6] = [
    TextField { name: "title", weight: 4.0, text: |s| s.title.clone() },
    TextField { name: "names", weight: 3.0, text: names },
    TextField { name: "skills", weight: 2.5, text: skills },
    TextField { name: "summary", weight: 1.5, text: |s| s.summary.clone() },
    TextField { name: "body", weight: 1.0, text: body },
    TextField { name: "occasions", weight: 0.7, text: occasions },
];

/// The index's fields.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    /// Deletes by it, and finds a match's story.
    pub id: Field,
    /// The story as JSON, to start without the feed.
    pub story: Field,
    /// All words as they are written, for prefixes and corrections.
    pub forms: Field,
    /// One for each of [`TEXT_FIELDS`].
    pub texts: Vec<Field>,
}

/// Returns the schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let text = |analyzer, record| {
        let indexing = TextFieldIndexing::default().set_tokenizer(analyzer);
        TextOptions::default().set_indexing_options(indexing.set_index_option(record))
    };
    let mut schema = Schema::builder();
    let fields = Fields {
        id: schema.add_text_field("id", STRING | FAST),
        story: schema.add_bytes_field("story", STORED),
        forms: schema.add_text_field("forms", text(FORMS, IndexRecordOption::Basic)),
        texts: TEXT_FIELDS
            .iter()
            .map(|field| {
                schema.add_text_field(
                    field.name,
                    text(STEMS, IndexRecordOption::WithFreqsAndPositions),
                )
            })
            .collect(),
    };
    (schema.build(), fields)
}

/// Returns what is indexed of a story.
pub(crate) fn document(fields: &Fields, story: &Story) -> serde_json::Result<TantivyDocument> {
    let mut document = TantivyDocument::default();
    document.add_text(fields.id, &story.id);
    document.add_bytes(fields.story, &serde_json::to_vec(story)?);
    for (field, &target) in TEXT_FIELDS.iter().zip(&fields.texts) {
        let text = (field.text)(story);
        document.add_text(fields.forms, &text);
        document.add_text(target, text);
    }
    Ok(document)
}

fn names(story: &Story) -> String {
    [story.client.as_str(), &story.project].join("\n")
}

fn skills(story: &Story) -> String {
    let facets = [
        &story.capability,
        &story.sub_category,
        &story.industry,
        &story.role,
        &story.era,
        &story.theme,
        &story.category,
    ];
    let lists = [story.competencies.join("\n"), story.tags.join("\n")];
    let facets: Vec<&str> = facets.into_iter().map(String::as_str).collect();
    [&lists[..], &[facets.join("\n")]].concat().join("\n")
}

fn body(story: &Story) -> String {
    let metrics = story.metrics.iter().flat_map(|m| [m.value.as_str(), m.label.as_str()]);
    let employer = [story.employer.as_str(), story.division.as_deref().unwrap_or_default()];
    let texts: Vec<&str> =
        story.paragraphs().map(|(_, text)| text).chain(metrics).chain(employer).collect();
    texts.join("\n")
}

fn occasions(story: &Story) -> String {
    [story.use_cases.join("\n"), story.interview_questions.join("\n")].join("\n")
}
