//! Reading more than one story.

use contract::{Change, ChangeKind, FeedPage};
use mfe_stories_api::{FacetCount, Facets, Story};
use rusqlite::{Connection, params_from_iter};

use super::{Store, StoreError, decode, schema};
use crate::{
    cursor::Cursor,
    listing::{Facet, Listing, Sort},
};

impl Store {
    /// Returns one page of a list, and how many stories all pages have.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) fn list(&self, listing: &Listing) -> Result<(Vec<Story>, u32), StoreError> {
        // Each filter's values travel as one JSON array, so that the text of the query has no values.
        let conditions: Vec<_> = listing
            .filters
            .iter()
            .map(|(facet, _)| [column(*facet), " IN (SELECT value FROM json_each(?))"].concat())
            .collect();
        let values: Vec<_> = listing
            .filters
            .iter()
            .map(|(_, values)| serde_json::Value::from(values.as_slice()).to_string())
            .collect();
        let filter = match conditions.as_slice() {
            [] => String::new(),
            some => ["WHERE ", &some.join(" AND ")].concat(),
        };
        let order = match listing.sort {
            Sort::Newest => "start DESC, id DESC",
            Sort::Oldest => "start, id",
            Sort::Title => "title COLLATE NOCASE, id",
        };
        let (limit, skipped) = (listing.per_page, u64::from(listing.page - 1));
        let offset = skipped * u64::from(limit);

        let db = self.db();
        // One state of the store for both queries.
        let db = db.unchecked_transaction()?;
        let total = db
            .prepare_cached(&format!("SELECT count(*) FROM story {filter}"))?
            .query_row(params_from_iter(&values), |row| row.get(0))?;
        let sql = format!(
            "SELECT id, body FROM story {filter} ORDER BY {order} LIMIT {limit} OFFSET {offset}"
        );
        let mut statement = db.prepare(&sql)?;
        let mut rows = statement.query(params_from_iter(&values))?;
        let mut stories = Vec::new();
        while let Some(row) = rows.next()? {
            stories.push(decode(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?)?);
        }
        Ok((stories, total))
    }

    /// Counts the stories by the values of every facet.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) fn facets(&self) -> Result<Facets, StoreError> {
        let db = self.db();
        // One state of the store for all counts.
        let db = db.unchecked_transaction()?;
        Ok(Facets {
            total: db.query_row("SELECT count(*) FROM story", [], |row| row.get(0))?,
            industry: count(&db, Facet::Industry)?,
            capability: count(&db, Facet::Capability)?,
            client: count(&db, Facet::Client)?,
            role: count(&db, Facet::Role)?,
            sub_category: count(&db, Facet::SubCategory)?,
            era: count(&db, Facet::Era)?,
            theme: count(&db, Facet::Theme)?,
            category: count(&db, Facet::Category)?,
        })
    }

    /// Returns up to `limit` changes after a cursor, `None` when the cursor is not of this store.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) fn feed(
        &self,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Option<FeedPage<Story>>, StoreError> {
        let db = self.db();
        if after.is_some_and(|cursor| cursor.epoch != self.epoch) {
            return Ok(None);
        }
        let from = after.map_or(0, |cursor| cursor.seq);
        // Beyond the end: this file was put back to an older state.
        if from > schema::head(&db)? {
            return Ok(None);
        }
        let mut statement = db.prepare_cached(
            "SELECT seq, id, body FROM change LEFT JOIN story USING (id)
             WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        // One more than asked tells whether there is more.
        let mut rows = statement.query((from, limit.saturating_add(1)))?;
        let mut page = FeedPage { changes: Vec::new(), cursor: self.version(from), more: false };
        while let Some(row) = rows.next()? {
            if page.changes.len() == limit as usize {
                page.more = true;
                break;
            }
            let id: String = row.get(1)?;
            let value =
                row.get::<_, Option<String>>(2)?.map(|body| decode(&id, &body)).transpose()?;
            let kind = if value.is_some() { ChangeKind::Upsert } else { ChangeKind::Delete };
            page.cursor = self.version(row.get(0)?);
            page.changes.push(Change { id, kind, value });
        }
        Ok(Some(page))
    }
}

fn count(db: &Connection, facet: Facet) -> Result<Vec<FacetCount>, StoreError> {
    let column = column(facet);
    let sql = format!("SELECT {column}, count(*) AS n FROM story GROUP BY 1 ORDER BY n DESC, 1");
    let mut statement = db.prepare_cached(&sql)?;
    let counts =
        statement.query_map([], |row| Ok(FacetCount { value: row.get(0)?, count: row.get(1)? }))?;
    Ok(counts.collect::<Result<_, _>>()?)
}

fn column(facet: Facet) -> &'static str {
    match facet {
        Facet::Client => "client",
        Facet::Role => "role",
        Facet::Industry => "industry",
        Facet::Capability => "capability",
        Facet::SubCategory => "sub_category",
        Facet::Theme => "theme",
        Facet::Era => "era",
        Facet::Category => "category",
    }
}
