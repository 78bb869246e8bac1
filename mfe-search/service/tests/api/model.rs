//! The real model, where it is: `asterism test` pulls it and names its folder.

use std::{path::Path, sync::Arc};

use mfe_search_api::{HYBRID, SEMANTIC};
use mfe_search_service::{Embedder, Meaning, MiniLm};
use serde_json::json;

use crate::{Service, ids, story};

fn model() -> Option<MiniLm> {
    let folder = std::env::var_os("ASTERISM_MODEL_DIR")?;
    Some(MiniLm::load(Path::new(&folder)).unwrap())
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn vectors_are_those_that_the_model_is_known_for() {
    let Some(model) = model() else { return };
    let texts = [
        "The cat sits outside",
        "A man is playing guitar",
        "The new movie is awesome",
        "The new movie is so great",
    ];
    let vectors = model.embed(&texts).unwrap();
    assert!(vectors.iter().all(|vector| (cosine(vector, vector) - 1.0).abs() < 1e-4));
    // The model card's own example of sentences that mean the same.
    assert!(cosine(&vectors[2], &vectors[3]) > 0.85, "{}", cosine(&vectors[2], &vectors[3]));
    assert!(cosine(&vectors[0], &vectors[1]) < 0.2, "{}", cosine(&vectors[0], &vectors[1]));
    // A text's vector does not depend on its batch, whose texts are padded.
    let alone = model.embed(&texts[..1]).unwrap().remove(0);
    assert!(cosine(&alone, &vectors[0]) > 0.9999);
    assert_eq!(model.embed(&[]).unwrap(), Vec::<Vec<f32>>::new());
    // Longer than it was trained on.
    assert_eq!(model.embed(&["word ".repeat(5000).as_str()]).unwrap()[0].len(), 384);
    assert!(model.knows("medicine") && !model.knows("netwrok"));
}

#[tokio::test]
async fn meaning_is_found_and_noise_is_not() {
    let Some(model) = model() else { return };
    let meaning = Meaning::new(Arc::new(model));
    let mut stories = vec![
        story(
            "esim",
            "SIM cards without plastic",
            "New customers activate a phone line from their sofa.",
        ),
        story("ledger", "A ledger in slices", "Moving accounts off the mainframe."),
        story(
            "ports",
            "Cranes and containers",
            "A port terminal that stopped working was rescued.",
        ),
    ];
    stories.extend(
        (0..6).map(|n| story(&format!("s{n}"), "Weekly planning", "Teams met on Mondays.")),
    );
    for story in &mut stories {
        story.interview_questions = vec!["How do you plan?".to_owned()];
    }
    stories[0].interview_questions = vec!["How do people join an operator?".to_owned()];
    let service = Service::with_meaning(stories, Some(meaning));
    for path in [SEMANTIC, HYBRID] {
        let ask = json!({ "query": "joining a mobile operator from home" });
        let (_, answer) = service.post(path, ask.to_string()).await;
        assert_eq!(ids(&answer)[0], "esim", "{answer}");
        let noise = json!({ "query": "asdkjh qwpoeiu zmxn" });
        let (_, answer) = service.post(path, noise.to_string()).await;
        assert_eq!((&answer["confidence"], &answer["total"]), (&json!("none"), &json!(0)));
    }
}

#[test]
fn a_folder_without_a_model_is_an_error_that_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let error = MiniLm::load(folder.path()).unwrap_err();
    assert!(service_kit::chain(&error).contains("No such file"), "{error:?}");
}
