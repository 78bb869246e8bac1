//! Vectors that were made before, by the model and the text: making one costs a hundred times as much as
//! reading it, and an index made anew has the texts of the one before it.
//!
//! A cache in the strict sense: it may be deleted at any time, several processes may share one file, and a
//! file that cannot be used only costs time.

use std::{collections::HashMap, path::Path, time::Duration};

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

/// How long to wait for another process that writes.
const BUSY: Duration = Duration::from_secs(5);

/// The cache.
#[derive(Debug)]
pub struct Vectors {
    connection: Connection,
    model: String,
    dimensions: usize,
}

impl Vectors {
    /// Opens the cache of a model's vectors in a file, which is made if it is missing.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn open(file: &Path, model: &str, dimensions: usize) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS vectors (
                 key BLOB PRIMARY KEY, vector BLOB NOT NULL
             ) WITHOUT ROWID",
        )?;
        Ok(Self { connection, model: model.to_owned(), dimensions })
    }

    /// Returns the vectors that are there, by the text's place.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn find(&self, texts: &[&str]) -> rusqlite::Result<HashMap<usize, Vec<f32>>> {
        let mut statement =
            self.connection.prepare_cached("SELECT vector FROM vectors WHERE key = ?")?;
        let mut found = HashMap::new();
        for (place, text) in texts.iter().enumerate() {
            let mut rows = statement.query(params![self.key(text)])?;
            let Some(row) = rows.next()? else { continue };
            if let Some(vector) = decode(row.get_ref(0)?.as_blob()?, self.dimensions) {
                found.insert(place, vector);
            }
        }
        Ok(found)
    }

    /// Keeps the vectors of some texts.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&mut self, texts: &[&str], vectors: &[Vec<f32>]) -> rusqlite::Result<()> {
        let keys: Vec<[u8; 32]> = texts.iter().map(|text| self.key(text)).collect();
        let transaction = self.connection.transaction()?;
        {
            let mut statement =
                transaction.prepare_cached("INSERT OR REPLACE INTO vectors VALUES (?, ?)")?;
            for (key, vector) in keys.iter().zip(vectors) {
                statement.execute(params![key, encode(vector)])?;
            }
        }
        transaction.commit()
    }

    fn key(&self, text: &str) -> [u8; 32] {
        // The length keeps model and text apart.
        let mut hash = Sha256::new();
        hash.update(self.model.len().to_le_bytes());
        hash.update(&self.model);
        hash.update(text);
        hash.finalize().into()
    }
}

fn encode(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// Returns the numbers, `None` when the length is another.
fn decode(bytes: &[u8], dimensions: usize) -> Option<Vec<f32>> {
    let (numbers, rest) = bytes.as_chunks::<4>();
    (numbers.len() == dimensions && rest.is_empty())
        .then(|| numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

#[cfg(test)]
mod tests {
    use super::Vectors;

    #[test]
    fn vectors_are_kept_by_model_and_text() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vectors");
        let mut vectors = Vectors::open(&file, "a", 2).unwrap();
        vectors.keep(&["x", "y"], &[vec![1.0, 0.5], vec![0.0, 1.0]]).unwrap();
        let again = Vectors::open(&file, "a", 2).unwrap();
        let found = again.find(&["z", "x"]).unwrap();
        assert_eq!((found.len(), &found[&1]), (1, &vec![1.0, 0.5]));
        for (model, dimensions) in [("b", 2), ("a", 3)] {
            let other = Vectors::open(&file, model, dimensions).unwrap();
            assert!(other.find(&["x"]).unwrap().is_empty(), "{model} {dimensions}");
        }
    }

    #[test]
    fn a_file_that_is_no_cache_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vectors");
        std::fs::write(&file, "not a database, and long enough to be seen as none").unwrap();
        assert!(Vectors::open(&file, "a", 2).is_err());
    }
}
