//! No byte of a log changes unseen, no entry of it goes, and no crash or second writer breaks it.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

use std::{fs, io::Write, path::Path};

use audit::{AuditError, Entry, FILE, Fault, FaultKind, Head, Log, Record, verify};
use proptest::prelude::*;

fn record(n: usize) -> Record {
    let who = ["tester (key a1)", "Zoë \"Z\"", ""][n % 3];
    Record::new(who, "release", format!("alpha@0.{n}.0"), format!("revision {n}"))
}

fn written(folder: &Path, count: usize) -> Vec<u8> {
    let mut log = Log::open(folder).unwrap();
    for n in 0..count {
        log.append(|_| vec![record(n)]).unwrap();
    }
    fs::read(folder.join(FILE)).unwrap()
}

fn log(count: usize) -> (Vec<u8>, Head) {
    let dir = tempfile::tempdir().unwrap();
    let bytes = written(dir.path(), count);
    let head = verify(&bytes, &[]).unwrap().last().unwrap().head();
    (bytes, head)
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

proptest! {
    #[test]
    fn a_change_of_any_byte_is_found_at_its_entry(at in any::<prop::sample::Index>(), by in 1..=255_u8) {
        let (mut bytes, head) = log(5);
        let at = at.index(bytes.len());
        let entry = bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        bytes[at] ^= by;
        let fault = verify(&bytes, &[head]).unwrap_err();
        prop_assert_eq!(fault.entry, entry, "byte {}", at);
    }

    #[test]
    fn a_log_that_lost_an_entry_or_has_two_in_another_order_is_found_out(
        one in 0..6_usize, other in 0..6_usize,
    ) {
        let (bytes, head) = log(6);
        let mut lines = lines(&bytes);
        if one == other {
            lines.remove(one);
        } else {
            lines.swap(one, other);
        }
        let fault = verify(&lines.concat(), &[head]).unwrap_err();
        prop_assert_eq!(fault.entry, one.min(other) as u64 + 1);
    }

    #[test]
    fn an_end_that_was_cut_off_is_missed_by_the_head(keep in 0..6_usize) {
        let (bytes, head) = log(6);
        let cut = lines(&bytes)[..keep].concat();
        prop_assert_eq!(verify(&cut, &[]).unwrap().len(), keep, "the chain alone cannot tell");
        let missing = Fault { entry: keep as u64 + 1, kind: FaultKind::Missing };
        prop_assert_eq!(verify(&cut, &[head]), Err(missing));
    }
}

#[test]
fn who_makes_the_whole_log_anew_is_found_out_by_an_old_head() {
    let (bytes, head) = log(4);
    let dir = tempfile::tempdir().unwrap();
    let mut forged = Log::open(dir.path()).unwrap();
    for n in [0, 1, 7, 3, 4, 5] {
        forged.append(|_| vec![record(n)]).unwrap();
    }
    let forged = fs::read(dir.path().join(FILE)).unwrap();
    assert_eq!(verify(&forged, &[]).unwrap().len(), 6);
    let replaced = Fault { entry: 4, kind: FaultKind::Replaced };
    assert_eq!(verify(&forged, std::slice::from_ref(&head)), Err(replaced));
    // A log that went on since still has its old head.
    assert_eq!(verify(&bytes, std::slice::from_ref(&head)).unwrap().len(), 4);
    assert_eq!(head.to_string().parse(), Ok(head));
}

#[test]
fn what_a_crash_left_of_an_entry_is_removed_and_that_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = written(dir.path(), 2);
    let mut file = fs::OpenOptions::new().append(true).open(dir.path().join(FILE)).unwrap();
    file.write_all(br#"{"sequence":3,"at":"20"#).unwrap();
    let torn = fs::read(dir.path().join(FILE)).unwrap();
    assert_eq!(verify(&torn, &[]), Err(Fault { entry: 3, kind: FaultKind::Incomplete }));
    Log::open(dir.path()).unwrap().append(|_| vec![record(2)]).unwrap();
    let mended = fs::read(dir.path().join(FILE)).unwrap();
    assert!(mended.starts_with(&bytes));
    let entries = verify(&mended, &[]).unwrap();
    let what: Vec<_> = entries.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(what, ["release", "release", "mend", "release"]);
}

#[test]
fn nothing_is_added_to_a_log_that_was_changed() {
    let dir = tempfile::tempdir().unwrap();
    let changed = String::from_utf8(written(dir.path(), 2)).unwrap().replace("0.1.0", "0.9.0");
    fs::write(dir.path().join(FILE), &changed).unwrap();
    let refused = Log::open(dir.path()).unwrap().append(|_| vec![record(2)]);
    assert!(matches!(refused, Err(AuditError::Damaged { .. })), "{refused:?}");
    assert_eq!(fs::read_to_string(dir.path().join(FILE)).unwrap(), changed);
}

#[test]
fn writers_at_once_make_one_chain_and_each_sees_what_the_others_wrote() {
    let dir = tempfile::tempdir().unwrap();
    let write = |_| {
        let mut log = Log::open(dir.path()).unwrap();
        let mut seen: Vec<Entry> = Vec::new();
        for n in 0..20 {
            let mut news = Vec::new();
            let own = log.append(|others| {
                news.extend_from_slice(others);
                vec![record(n)]
            });
            seen.extend(news);
            seen.extend(own.unwrap());
        }
        seen
    };
    let seen: Vec<Vec<Entry>> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4).map(|n| scope.spawn(move || write(n))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    let entries = verify(&fs::read(dir.path().join(FILE)).unwrap(), &[]).unwrap();
    assert_eq!(entries.len(), 80);
    for seen in seen {
        assert_eq!(seen, entries[..seen.len()], "all up to their own last one, in order");
    }
}
