use crate::{Service, stories, story};

#[tokio::test]
async fn words_are_found_by_stem_correction_beginning_and_initials() {
    let service = Service::with(stories());
    for (query, expected, confidence) in [
        ("migration", vec!["mainframe"], "high"),
        ("MIGRATIONS", vec!["mainframe"], "high"),
        ("kuberntes", vec!["mainframe"], "low"),
        ("kuber", vec!["mainframe"], "low"),
        ("k8s", vec!["mainframe"], "high"),
        ("Mérïdian", vec!["cards"], "high"),
        ("MCS ledger", vec!["cards"], "high"),
        // Unknown words are ignored, not answered with nothing.
        ("ledger xylophone", vec!["cards", "mainframe"], "low"),
        ("asdkjh qwpoeiu zmxn", vec![], "none"),
        ("xylophone wibble kafk", vec![], "none"),
        ("?!", vec![], "none"),
    ] {
        let (mut ids, trust) = service.find(query).await;
        ids.sort();
        assert_eq!(
            (ids, trust.as_str()),
            (expected.iter().map(|id| (*id).to_owned()).collect(), confidence),
            "{query}"
        );
    }
}

#[tokio::test]
async fn exact_words_rank_above_guessed_ones() {
    let service = Service::with(vec![
        story("goes-on", "Portal, Portal and Portal", "A portal."),
        story("exact", "Something else", "Somewhere in a port."),
    ]);
    assert_eq!(service.find("port").await, (vec!["exact".into(), "goes-on".into()], "high".into()));

    let service = Service::with(vec![
        story("near", "Steam and Steam", "Steam."),
        story("exact", "Something else", "A stream of orders."),
    ]);
    // A known word is not corrected at all.
    assert_eq!(service.find("stream").await, (vec!["exact".into()], "high".into()));
}

#[tokio::test]
async fn a_whole_title_ranks_first() {
    let service = Service::with(vec![
        story("long", "Ledger Ledger Exit, Exit Again", "Ledger exit. The exit of a ledger."),
        story("titled", "The Ledger: Exit!", "Nothing."),
    ]);
    assert_eq!(service.find("the ledger exit").await.0[0], "titled");
}

#[tokio::test]
async fn stories_with_all_words_rank_above_stories_with_most() {
    let mut stories = vec![
        story("most", "Kafka Ledger", "Kafka and a ledger."),
        story("all", "Something else", "A ledger, some Kafka and a port."),
        story("one", "Port Port Port", "A port."),
    ];
    // Among stories enough that the words are rare.
    stories.extend((0..20).map(|n| story(&format!("other-{n}"), "Something else", "Other words.")));
    let service = Service::with(stories);
    assert_eq!(service.find("kafka ledger port").await.0, ["all", "most"]);
}

#[tokio::test]
async fn a_match_in_the_title_outweighs_one_in_the_text() {
    let service = Service::with(vec![
        story("text", "Something else", "About settlement."),
        story("title", "Settlement", "Something else here."),
    ]);
    assert_eq!(service.find("settlement").await.0, ["title", "text"]);
}
