//! API keys: who may do what to which remote.

use contract::ANY_NAME;
use registry::{ApiKey, RegistryError, Verb, find_api_key};

use crate::empty;

#[tokio::test]
async fn a_key_is_found_by_its_secret_which_is_stored_nowhere() {
    let (dir, registry) = empty().await;
    let (key, secret) =
        ApiKey::new("ci", vec!["search".to_owned()], vec![Verb::Publish, Verb::Release]).unwrap();
    let (other, _) = ApiKey::new("ops", vec![ANY_NAME.to_owned()], Verb::ALL.to_vec()).unwrap();
    registry.add_api_key(&key).await.unwrap();
    registry.add_api_key(&other).await.unwrap();
    let keys = registry.api_keys().await.unwrap();
    assert_eq!(keys.len(), 2);
    assert_eq!(find_api_key(&keys, &secret), Some(&key));
    for wrong in
        ["", "ast_", &key.sha256, &key.id, &secret[..secret.len() - 1], &format!("{secret}0")]
    {
        assert_eq!(find_api_key(&keys, wrong), None, "{wrong}");
    }
    let random = secret.rsplit('_').next().unwrap();
    assert_eq!((random.len(), secret.starts_with(&format!("ast_{}_", key.id))), (64, true));
    let stored = dir.path().join(format!("keys/api/{}.json", key.id));
    assert!(!std::fs::read_to_string(stored).unwrap().contains(random));

    assert!(registry.remove_api_key(&key.id).await.unwrap());
    assert!(!registry.remove_api_key(&key.id).await.unwrap());
    assert!(!registry.remove_api_key("../signing/x").await.unwrap());
    assert_eq!(find_api_key(&registry.api_keys().await.unwrap(), &secret), None);
}

#[test]
fn a_key_allows_its_verbs_for_its_names_only() {
    let key = |names: &[&str], verbs: &[Verb]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        ApiKey::new("x", names, verbs.to_vec()).unwrap().0
    };
    let narrow = key(&["search"], &[Verb::Publish, Verb::Gc]);
    let wide = key(&[ANY_NAME], &[Verb::Rollback, Verb::Gc]);
    for (key, verb, name, expected) in [
        (&narrow, Verb::Publish, "search", true),
        (&narrow, Verb::Publish, "ask", false),
        (&narrow, Verb::Release, "search", false),
        (&narrow, Verb::Gc, ANY_NAME, false),
        (&wide, Verb::Rollback, "anything", true),
        (&wide, Verb::Gc, ANY_NAME, true),
        (&wide, Verb::Release, "search", false),
        (&wide, Verb::Rollback, "../x", false),
    ] {
        assert_eq!(key.may(verb, name), expected, "{verb:?} {name}");
    }
}

#[tokio::test]
async fn malformed_keys_are_refused() {
    let (_dir, registry) = empty().await;
    let all = vec![ANY_NAME.to_owned()];
    for made in [
        ApiKey::new("", all.clone(), vec![Verb::Gc]),
        ApiKey::new("a\nb", all.clone(), vec![Verb::Gc]),
        ApiKey::new("x", Vec::new(), vec![Verb::Gc]),
        ApiKey::new("x", vec!["No".to_owned()], vec![Verb::Gc]),
        ApiKey::new("x", all.clone(), Vec::new()),
    ] {
        assert!(matches!(made, Err(RegistryError::InvalidKey(_))), "{made:?}");
    }
    let (mut key, _) = ApiKey::new("x", all, vec![Verb::Gc]).unwrap();
    key.id = "../../manifest/1".to_owned();
    assert!(registry.add_api_key(&key).await.is_err());
}
