//! Who sees what is shared: random people who ask, share, move and delete, held against a list.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use mfe_ask_api::{Conversation, Visibility};
use proptest::collection::vec;
use service_kit::EdgeKey;

use super::*;
use crate::{Asker, conversations::schema};

/// Where accounts belong; the last is nowhere.
const ORGANISATIONS: [&str; 3] = ["Studio", "Nord", ""];
const PEOPLE: usize = 4;

/// Somebody as the gateway tells of them.
fn person(account: &str, organisation: &str) -> Asker {
    let mut told = HeaderMap::new();
    for (name, value) in [
        ("x-asterism-edge", "shared"),
        ("x-asterism-account", account),
        ("x-asterism-organisation", organisation),
        ("x-asterism-private", "own-read,own-change,organisation-read"),
    ] {
        told.insert(name, value.parse().unwrap());
    }
    let caller = EdgeKey::new("shared".to_owned()).caller(&told).unwrap();
    Asker::of(&caller, || Ok(session("none"))).unwrap()
}

/// What somebody does, and with the how-manieth conversation.
#[derive(Clone, Copy, Debug)]
enum Step {
    Ask,
    Show(usize, Visibility),
    Rename(usize),
    Delete(usize),
    Move(usize),
}

fn step() -> impl Strategy<Value = (usize, Step)> {
    let any = 0..8_usize;
    let step = prop_oneof![
        3 => Just(Step::Ask),
        4 => any.clone().prop_map(|at| Step::Show(at, Visibility::Organisation)),
        2 => any.clone().prop_map(|at| Step::Show(at, Visibility::Private)),
        1 => any.clone().prop_map(Step::Rename),
        1 => any.prop_map(Step::Delete),
        1 => (0..ORGANISATIONS.len()).prop_map(Step::Move),
    ];
    (0..PEOPLE, step)
}

/// A conversation as it should be.
#[derive(Clone, Debug)]
struct Known {
    id: String,
    owner: usize,
    shared_with: Option<String>,
}

struct World {
    store: Conversations,
    /// Where each one belongs.
    at: [usize; PEOPLE],
    known: Vec<Known>,
    events: usize,
}

impl World {
    fn who(&self, person_: usize) -> Asker {
        person(&format!("a{person_}"), ORGANISATIONS[self.at[person_]])
    }

    async fn take(&mut self, who: usize, step: Step) {
        let asker = self.who(who);
        let (Step::Show(at, _) | Step::Rename(at) | Step::Delete(at)) = step else {
            match step {
                Step::Move(to) => self.at[who] = to,
                _ => self.ask(who).await,
            }
            return;
        };
        let Some(Known { id, owner, .. }) = self.known.get(at).cloned() else { return };
        let outcome = match step {
            Step::Show(_, visibility) => {
                self.store.show(&asker, &id, visibility, NOW).await.map(drop)
            }
            Step::Rename(_) => {
                self.store.rename(asker.session(), &id, "x".to_owned()).await.map(drop)
            }
            _ => self.store.delete(asker.session(), &id).await,
        };
        let named = Some(ORGANISATIONS[self.at[who]].to_owned()).filter(|name| !name.is_empty());
        match (step, outcome) {
            (_, Err(StoreError::NoConversation)) => assert_ne!(owner, who),
            (Step::Show(_, Visibility::Organisation), Err(StoreError::NoOrganisation)) => {
                assert_eq!((owner, named), (who, None));
            }
            (_, outcome) => {
                outcome.unwrap();
                assert_eq!(owner, who, "{step:?} with somebody else's");
                self.note(at, step, named);
            }
        }
    }

    async fn ask(&mut self, who: usize) {
        let begun = self.store.begin(self.who(who).session(), question("Why?"), NOW).await.unwrap();
        self.known.push(Known { id: begun.conversation_id, owner: who, shared_with: None });
    }

    fn note(&mut self, at: usize, step: Step, named: Option<String>) {
        match step {
            Step::Show(_, visibility) => {
                let now = named.filter(|_| visibility == Visibility::Organisation);
                self.events += usize::from(self.known[at].shared_with != now);
                self.known[at].shared_with = now;
            }
            Step::Delete(_) => drop(self.known.remove(at)),
            _ => {}
        }
    }

    async fn look(&self) {
        for who in 0..PEOPLE {
            let (asker, organisation) = (self.who(who), ORGANISATIONS[self.at[who]]);
            let shared = |known: &&Known| {
                known.owner != who && known.shared_with.as_deref() == Some(organisation)
            };
            let ids = |found: Vec<Conversation>| -> BTreeSet<String> {
                found.into_iter().map(|found| found.id).collect()
            };
            let expected = self.known.iter().filter(shared).map(|known| known.id.clone()).collect();
            assert_eq!(ids(self.store.shared(&asker).await.unwrap()), expected);
            let own = self.known.iter().filter(|known| known.owner == who);
            let own: BTreeSet<_> = own.map(|known| known.id.clone()).collect();
            assert_eq!(ids(self.store.list(asker.session()).await.unwrap()), own);
            for known in &self.known {
                let page = self.store.history(&asker, &known.id, None, 5).await;
                let file = self.store.export(&asker, &known.id).await;
                for found in [page, file] {
                    let Ok(found) = found else {
                        assert!(known.owner != who && !shared(&known), "{known:?} by {who}");
                        continue;
                    };
                    let Conversation { shared_with, read_only, .. } = found.conversation;
                    assert_eq!((&shared_with, read_only), (&known.shared_with, known.owner != who));
                    assert!(known.owner == who || shared(&known), "{known:?} by {who}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn only_its_owner_and_those_of_the_organisation_see_a_conversation(steps in vec(step(), 1..40)) {
        let dir = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let store = open(&dir);
            let mut world = World { store, at: [0, 0, 1, 2], known: Vec::new(), events: 0 };
            for (who, step) in steps {
                world.take(who, step).await;
                world.look().await;
            }
            let told = events(&world.store);
            assert_eq!(told.len(), world.events, "one event for each change");
        });
    }
}

#[tokio::test]
async fn the_event_tells_what_changed_and_not_who_did() {
    let dir = tempfile::tempdir().unwrap();
    let (store, anna) = (open(&dir), person("a1", "Studio"));
    let begun = store.begin(anna.session(), question("Why?"), NOW).await.unwrap();
    let id = &begun.conversation_id;
    for visibility in [
        Visibility::Private,
        Visibility::Organisation,
        Visibility::Organisation,
        Visibility::Private,
    ] {
        store.show(&anna, id, visibility, NOW).await.unwrap();
    }
    let told = |visibility| {
        ("ask.visibility".to_owned(), json!({ "conversation": id, "visibility": visibility }))
    };
    assert_eq!(events(&store), [told("organisation"), told("private")]);
}

#[tokio::test]
async fn what_is_shared_is_so_after_a_restart_and_the_archive_does_not_say_where() {
    let (dir, archive) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (anna, ben) = (person("a1", "Studio"), person("a2", "Studio"));
    let store = open(&dir);
    let begun = store.begin(anna.session(), question("Why?"), NOW).await.unwrap();
    let id = &begun.conversation_id;
    store.show(&anna, id, Visibility::Organisation, NOW).await.unwrap();
    drop(store);
    let store = open(&dir);
    assert_eq!(store.shared(&ben).await.unwrap().len(), 1);
    let later = NOW + Duration::days(31);
    let expired = store.expire(later, Duration::days(30), archive.path()).await.unwrap();
    assert_eq!((expired.archived, store.shared(&ben).await.unwrap().len()), (1, 0));
    let file = archive.path().join("2026-11").join(id).with_extension("json");
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("Why?") && !text.contains("Studio"), "{text}");
}

#[tokio::test]
async fn a_file_from_before_there_was_sharing_is_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    let db = rusqlite::Connection::open(dir.path().join("ask.sqlite")).unwrap();
    db.execute_batch(schema::STEPS[0]).unwrap();
    db.execute_batch(
        "PRAGMA user_version = 1;
         INSERT INTO conversation VALUES
             ('c', 'account:a1', 'Old', '2026-11-20T00:00:00.000Z', '2026-11-20T00:00:00.000Z')",
    )
    .unwrap();
    drop(db);
    let (anna, ben) = (person("a1", "Studio"), person("a2", "Studio"));
    for known in 0..2 {
        let store = open(&dir);
        let own = store.list(anna.session()).await.unwrap().remove(0);
        assert_eq!((own.title.as_str(), own.shared_with.is_some()), ("Old", known == 1));
        assert_eq!(store.shared(&ben).await.unwrap().len(), known);
        store.show(&anna, "c", Visibility::Organisation, NOW).await.unwrap();
    }
}
