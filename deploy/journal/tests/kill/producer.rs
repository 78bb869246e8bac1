//! A service that stores numbers, and tells of each in the transaction that stores it.
//!
//! It stands for any service with an outbox. Its line to consumers is a bad one: a fifth of the answers begin
//! some events too early, as a bus does that has not heard of an acknowledgement.

use std::{
    path::Path,
    sync::Mutex,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
};
use rusqlite::{Connection, params};
use serde_json::json;
use service_kit::{
    EdgeKey, Readiness, env,
    outbox::{self, Outbox},
};

use crate::Random;

/// The variable with the database; without it this is no service.
pub(crate) const FILE: &str = "JOURNAL_TEST_FILE";
/// The variable of the load; empty: none.
pub(crate) const SEED: &str = "JOURNAL_TEST_SEED";
/// How far an answer may begin too early.
const AGAIN: u64 = 40;

/// The test starts its own program anew with this test alone.
#[test]
fn runs_when_it_is_asked_to() {
    let Some(file) = std::env::var_os(FILE) else { return };
    let seed = std::env::var(SEED).unwrap().parse().ok();
    let file = Path::new(&file);
    let outbox = Outbox::open(file, EdgeKey::from_env().unwrap()).unwrap();
    if let Some(seed) = seed {
        let connection = open(file);
        std::thread::spawn(move || store(connection, Random(seed)));
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (routes, api) = outbox::routes::<()>(Some(outbox)).split_for_parts();
        let random = Mutex::new(Random(seed.unwrap_or_default()));
        let random = &*Box::leak(Box::new(random));
        let routes: Router =
            routes.layer(from_fn(move |request, next| bad_line(random, request, next)));
        let app = service_kit::app(routes, Readiness::ready(), api);
        let listener = service_kit::bind(env::listen().unwrap()).await.unwrap();
        service_kit::serve(listener, app).await.unwrap();
    });
}

fn open(file: &Path) -> Connection {
    let connection = Connection::open(file).unwrap();
    connection.busy_timeout(Duration::from_secs(5)).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "NORMAL").unwrap();
    connection.execute_batch("CREATE TABLE IF NOT EXISTS number (n INTEGER PRIMARY KEY)").unwrap();
    connection
}

/// Stores the next numbers for ever, and says which are stored.
fn store(mut connection: Connection, mut random: Random) {
    let sql = "SELECT coalesce(max(n), 0) FROM number";
    let last: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    for n in last + 1.. {
        // What does not happen is not told.
        for happens in [random.below(9) > 0, true] {
            let transaction = connection.transaction().unwrap();
            transaction.execute("INSERT INTO number VALUES (?)", params![n]).unwrap();
            let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
            let at = i64::try_from(at).unwrap();
            outbox::append(&transaction, "number.stored", at, &json!({ "n": n })).unwrap();
            if happens {
                transaction.commit().unwrap();
                break;
            }
            transaction.rollback().unwrap();
        }
        #[expect(clippy::print_stdout, reason = "whoever started it reads what was stored")]
        {
            println!("stored {n}.");
        }
        std::thread::sleep(Duration::from_micros(random.below(1_500)));
    }
}

async fn bad_line(
    random: &'static Mutex<Random>,
    mut request: Request,
    next: Next,
) -> axum::response::Response {
    let (again, how_far) = {
        let mut random = random.lock().unwrap();
        (random.below(5) == 0, random.below(AGAIN))
    };
    let query = request.uri().query().unwrap_or_default();
    if again && let Some((before, after)) = query.split_once("after=") {
        let (log, id) = after.rsplit_once('-').unwrap();
        let id = id.parse::<u64>().unwrap().saturating_sub(how_far);
        let uri = format!("/events?{before}after={log}-{id}");
        *request.uri_mut() = uri.parse().unwrap();
    }
    next.run(request).await
}
