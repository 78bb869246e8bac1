//! Nothing is published or released that a trusted key did not sign for its name.

use contract::{ANY_NAME, Distrust};
use registry::{Registry, RegistryError, SigningKey, verify};

use crate::{KEY, bundle, descriptor, files, published, release, signed};

fn key() -> SigningKey {
    SigningKey::generate().unwrap()
}

#[tokio::test]
async fn what_no_trusted_key_signed_is_refused_with_the_reason() {
    let dir = tempfile::tempdir().unwrap();
    let registry = Registry::open(dir.path().to_str().unwrap()).unwrap();
    let (good, narrow, stranger) = (key(), key(), key());
    registry.trust(&good.trusted(vec!["search".to_owned()])).await.unwrap();
    registry.trust(&narrow.trusted(vec!["ask".to_owned()])).await.unwrap();
    let files = files("0.1.0");
    let bytes = serde_json::to_vec(&descriptor("0.1.0", &files)).unwrap();
    let by = |key: &SigningKey| signed(bytes.clone(), files.clone(), key);

    let mut unsigned = by(&good);
    unsigned.signature = None;
    // One byte of the descriptor, one that still reads as a descriptor.
    let mut forged = by(&good);
    let text = String::from_utf8(forged.descriptor.to_vec()).unwrap();
    forged.descriptor = text.replacen("^1.0", "^1.1", 1).replacen("^1.1", "~1.0", 1).into();
    let mut borrowed = by(&stranger);
    let mut claim = stranger.sign(&bytes);
    claim.key = good.id();
    borrowed.signature = Some(serde_json::to_vec(&claim).unwrap().into());
    let mut plain = by(&good);
    let mut none = good.sign(&bytes);
    none.algorithm = "none".to_owned();
    plain.signature = Some(serde_json::to_vec(&none).unwrap().into());
    let wrong = Distrust::WrongName { key: narrow.id(), name: "search".to_owned() };
    for (bundle, expected) in [
        (unsigned, Distrust::Unsigned),
        (by(&stranger), Distrust::UnknownKey(stranger.id())),
        (by(&narrow), wrong),
        (forged, Distrust::Forged(good.id())),
        (borrowed, Distrust::Forged(good.id())),
        (plain, Distrust::Algorithm("none".to_owned())),
    ] {
        let error = registry.publish(&bundle).await.unwrap_err();
        assert!(error.to_string().contains(&expected.text()), "{error}");
        let RegistryError::Distrusted { why, .. } = error else { panic!("{error:?}") };
        assert_eq!(why, expected);
    }
    assert!(!dir.path().join("remotes").exists() && !dir.path().join("publishing").exists());
    let mut unreadable = by(&good);
    unreadable.signature = Some("{}".into());
    let error = registry.publish(&unreadable).await.unwrap_err();
    assert!(error.to_string().contains("`remote.json.sig` cannot be read"), "{error}");
    registry.publish(&by(&good)).await.unwrap();
    let live = registry.release(&release("0.1.0"), None).await.unwrap();
    assert_eq!(live.manifest.remotes["search"].active.signed, Some(good.sign(&bytes)));
}

#[tokio::test]
async fn a_key_that_is_distrusted_makes_nothing_live_any_more() {
    let (dir, registry) = published(&["0.1.0", "0.2.0"]).await;
    registry.release(&release("0.1.0"), None).await.unwrap();
    assert!(registry.distrust(&KEY.id()).await.unwrap());
    assert!(!registry.distrust(&KEY.id()).await.unwrap());
    assert!(!registry.distrust("../../manifest/1").await.unwrap());
    let refused = registry.release(&release("0.2.0"), None).await;
    let Err(RegistryError::Distrusted { why: Distrust::UnknownKey(id), .. }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(id, KEY.id());

    registry.trust(&KEY.trusted(vec![ANY_NAME.to_owned()])).await.unwrap();
    let stored = dir.path().join("remotes/search/0.2.0/remote.json");
    let text = std::fs::read_to_string(&stored).unwrap();
    std::fs::write(&stored, text.replace("entry.js", "tiny/x.txt")).unwrap();
    let changed = registry.release(&release("0.2.0"), None).await;
    assert!(
        matches!(changed, Err(RegistryError::Distrusted { why: Distrust::Forged(_), .. })),
        "{changed:?}"
    );
}

#[tokio::test]
async fn only_real_keys_are_trusted() {
    let (_dir, registry) = crate::empty().await;
    let mut borrowed = key().trusted(vec!["search".to_owned()]);
    borrowed.id = key().id();
    let mut short = key().trusted(vec!["search".to_owned()]);
    short.public = "AAAA".to_owned();
    for (key, says) in [
        (borrowed, "no public Ed25519 key of that id"),
        (short, "no public Ed25519 key of that id"),
        (key().trusted(Vec::new()), "no names"),
        (key().trusted(vec!["../x".to_owned()]), "`../x` is no remote's name"),
    ] {
        let error = registry.trust(&key).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    assert_eq!(registry.trusted_keys().await.unwrap().len(), 1);
}

#[test]
fn a_key_file_is_private_and_gives_the_same_key_back() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("signing.key");
    let made = key();
    made.write_new(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(made.write_new(&path).is_err(), "a key is never overwritten");
    let read = SigningKey::read(&path).unwrap();
    let trusted = [read.trusted(vec!["search".to_owned()])];
    assert_eq!(verify(&trusted, "search", b"bytes", Some(&made.sign(b"bytes"))), Ok(()));
    let secret = made.to_text();
    for text in
        ["", "{}", &secret.replacen("ed25519", "rsa", 1), &secret.replace(&made.id(), &key().id())]
    {
        let error = SigningKey::from_text(text).unwrap_err();
        assert!(matches!(error, RegistryError::InvalidKey(_)), "{error:?}");
    }
    assert!(!format!("{made:?}").contains("secret"), "{made:?}");
}

#[tokio::test]
async fn another_remotes_signature_is_no_signature() {
    // The same bytes cannot be two remotes: the name is in what is signed.
    let (_dir, registry) = published(&["0.1.0"]).await;
    let renamed = bundle("0.1.0");
    let error = registry.publish_as("ask", "0.1.0", &renamed).await.unwrap_err();
    assert!(error.to_string().contains("cannot be published as ask 0.1.0"), "{error}");
}
