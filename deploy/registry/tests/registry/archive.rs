//! Archives come from outside: what is not exactly a bundle is refused, within the limits.

use std::{fs, path::Path};

use proptest::prelude::*;
use registry::{ArchiveLimits, Bundle, RegistryError};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::bundle;

fn read(archive: &[u8]) -> Result<Bundle, RegistryError> {
    Bundle::read_archive(archive, &ArchiveLimits::default())
}

fn squeeze(tar: &[u8]) -> Vec<u8> {
    compress_to_vec(tar, CompressionLevel::Fastest)
}

/// A tar entry with exactly this name, whatever the tar crate thinks of it.
fn entry(name: &[u8], kind: tar::EntryType, bytes: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(bytes.len() as u64);
    if matches!(kind, tar::EntryType::Symlink | tar::EntryType::Link) {
        header.set_link_name("/etc/passwd").unwrap();
    }
    header.set_cksum();
    let mut out = [header.as_bytes().as_slice(), bytes].concat();
    out.resize(out.len().next_multiple_of(512), 0);
    out
}

fn file(name: &str) -> Vec<u8> {
    entry(name.as_bytes(), tar::EntryType::Regular, b"x")
}

fn tar_of(entries: &[Vec<u8>]) -> Vec<u8> {
    let all = [file("remote.json"), entries.concat(), vec![0; 1024]];
    all.concat()
}

#[test]
fn an_archive_gives_the_bundle_back_and_is_always_the_same() {
    let built = bundle("0.1.0");
    let archive = built.to_archive().unwrap();
    assert_eq!(archive, built.to_archive().unwrap());
    let back = read(&archive).unwrap();
    assert_eq!(
        (back.descriptor, back.signature, back.files),
        (built.descriptor, built.signature, built.files)
    );
}

#[test]
fn what_gnu_tar_writes_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let built = bundle("0.1.0");
    fs::create_dir(dir.path().join("tiny")).unwrap();
    fs::write(dir.path().join("remote.json"), &built.descriptor).unwrap();
    for (name, bytes) in &built.files {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_dir_all(".", dir.path()).unwrap();
    let back = read(&squeeze(&builder.into_inner().unwrap())).unwrap();
    assert_eq!(back.files, built.files);
}

#[test]
fn bad_archives_are_refused_each_with_its_reason() {
    use tar::EntryType::{Block, Directory, Fifo, GNUSparse, Link, Regular, Symlink};
    let many: Vec<_> = (0..10_000).map(|n| file(&format!("f{n}.js"))).collect();
    let good = squeeze(&tar_of(&[]));
    let mut trailing = good.clone();
    trailing.extend(b"more");
    let two_frames = [good.clone(), good.clone()].concat();
    let open_end = [file("remote.json"), file("a.js")].concat();
    let hidden = [tar_of(&[]), file("b.js")].concat();
    let mut lies = entry(b"a.js", Regular, b"x");
    lies[124..136].copy_from_slice(b"77777777777\0");
    let sum: u32 = lies[..512]
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) })
        .sum();
    lies[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());

    for (archive, says) in [
        (squeeze(&tar_of(&[file("../up.js")])), "`../up.js` leads out of the archive"),
        (squeeze(&tar_of(&[file("a/../../up.js")])), "leads out of the archive"),
        (squeeze(&tar_of(&[file("/etc/cron.d/x")])), "is an absolute path"),
        (squeeze(&tar_of(&[entry(b"../d", Directory, b"")])), "leads out of the archive"),
        (squeeze(&tar_of(&[entry(b"a.js", Symlink, b"")])), "`a.js` is a link or a device"),
        (squeeze(&tar_of(&[entry(b"a.js", Link, b"")])), "`a.js` is a link or a device"),
        (squeeze(&tar_of(&[entry(b"a.js", Fifo, b"")])), "`a.js` is a link or a device"),
        (squeeze(&tar_of(&[entry(b"a.js", Block, b"")])), "`a.js` is a link or a device"),
        (squeeze(&tar_of(&[entry(b"a.js", GNUSparse, b"")])), "archive cannot be read"),
        (squeeze(&tar_of(&many)), "more than 2000 files"),
        (squeeze(&tar_of(&[file("a.js"), file("a.js")])), "`a.js` is there twice"),
        (squeeze(&tar_of(&[file("a.js"), file("./a.js")])), "`a.js` is there twice"),
        (squeeze(&tar_of(&[file("a.js"), file("A.js")])), "`A.js` is there twice"),
        (squeeze(&tar_of(&[file("Remote.json")])), "`Remote.json` is not allowed"),
        (squeeze(&tar_of(&[file("a//b.js")])), "`a//b.js` is not allowed"),
        (squeeze(&tar_of(&[file("a/./b.js")])), "`a/./b.js` is not allowed"),
        (squeeze(&tar_of(&[file("a b.js")])), "`a b.js` is not allowed"),
        (squeeze(&tar_of(&[entry(b"\xff\xfe.js", Regular, b"x")])), "not UTF-8"),
        (squeeze(&tar_of(&[lies])), "holds more than"),
        (squeeze(&[file("a.js"), vec![0; 1024]].concat()), "no `remote.json` at the archive's top"),
        (squeeze(&open_end), "truncated: its end mark is missing"),
        (squeeze(&hidden), "something follows the last file"),
        (good[..good.len() - 5].to_vec(), "archive cannot be read"),
        (trailing, "something follows the end of the archive"),
        (two_frames, "something follows the end of the archive"),
        (tar_of(&[]), "archive cannot be read"),
        (Vec::new(), "archive cannot be read"),
    ] {
        let error = read(&archive).map(|bundle| bundle.files.len()).unwrap_err();
        assert!(matches!(error, RegistryError::InvalidBundle(_)), "{says}: {error:?}");
        assert!(error.to_string().contains(says), "{says}: {error}");
    }
}

#[test]
fn a_bomb_stops_at_the_limit() {
    // 512 MiB of zeros in under a megabyte, announced as 4 GiB: refused by what the header says.
    let mut header = tar::Header::new_ustar();
    header.set_path("remote.json").unwrap();
    header.set_size(4 << 30);
    header.set_cksum();
    let zeros = std::io::Read::take(std::io::repeat(0), 512 << 20);
    let bomb = compress_to_vec(
        std::io::Read::chain(header.as_bytes().as_slice(), zeros),
        CompressionLevel::Fastest,
    );
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    let error = read(&bomb).unwrap_err();
    assert!(error.to_string().contains("holds more than"), "{error}");

    // Headers count too: the limit is on what comes out.
    let small = ArchiveLimits { bytes: 1 << 20, ..ArchiveLimits::default() };
    let many = squeeze(&tar_of(&[entry(b"a.js", tar::EntryType::Regular, &vec![0; 1 << 20])]));
    let error = Bundle::read_archive(&*many, &small).unwrap_err();
    assert!(error.to_string().contains("holds more than 1048576 bytes"), "{error}");
}

#[test]
fn every_archive_of_the_corpus_is_refused() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut replayed = 0;
    for file in fs::read_dir(corpus).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "zst") {
            let refused = read(&fs::read(&path).unwrap());
            assert!(matches!(refused, Err(RegistryError::InvalidBundle(_))), "{}", path.display());
            replayed += 1;
        }
    }
    assert!(replayed >= 8, "{replayed}");
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        drop(read(&bytes));
        drop(read(&squeeze(&bytes)));
    }

    #[test]
    fn a_damaged_frame_is_refused_without_a_panic(
        at in any::<prop::sample::Index>(), flip in 1_u8..=255, cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let built = bundle("0.1.0");
        let mut archive = built.to_archive().unwrap();
        let at = at.index(archive.len());
        archive[at] ^= flip;
        if let Some(cut) = cut {
            archive.truncate(cut.index(archive.len()));
        }
        if let Ok(read) = read(&archive) {
            prop_assert_eq!((read.descriptor, read.files), (built.descriptor, built.files));
        }
    }

    #[test]
    fn a_damaged_archive_never_breaks_a_rule(
        at in any::<prop::sample::Index>(), byte in any::<u8>(),
        name in "[a-zA-Z./\\\\\u{0}-\u{ff}]{1,40}",
    ) {
        let name: Vec<u8> = name.bytes().take(100).collect();
        let mut tar = tar_of(&[entry(&name, tar::EntryType::Regular, b"xyz"), file("z.js")]);
        let at = at.index(tar.len());
        tar[at] = byte;
        if let Ok(bundle) = read(&squeeze(&tar)) {
            for name in bundle.files.keys() {
                let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
                prop_assert!(name.bytes().all(plain), "{name}");
                prop_assert!(!name.starts_with('/') && !name.split('/').any(|s| matches!(s, "" | "." | "..")), "{name}");
            }
        }
    }
}
