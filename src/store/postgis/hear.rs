//! Hears of what others write: by LISTEN, and by a look twice a second, which also sees a dropped table and
//! carries over a lost connection. Knows no layer table.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use sqlx::{PgConnection, Row};
use tokio::sync::Mutex;

/// How often the database is looked at when nothing is heard.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What the caller knows of the log.
pub struct Known {
    /// All rows up to here: told by `changed`, or there when the store was opened.
    told: i64,
    /// Later rows of our own writes, which the caller has been given: first, last, how many.
    own: Vec<(i64, i64, i64)>,
}

impl Known {
    pub fn new(told: i64) -> Known {
        Known { told, own: Vec::new() }
    }

    /// Notes rows that were given to the caller.
    pub fn given(&mut self, first: i64, last: i64, count: usize) {
        self.own.push((first, last, count as i64));
    }

    /// True when the log has rows that the caller has not been given; they count as told from now on.
    /// Seq is commit order, so no row can still come below the last one.
    pub async fn look(&mut self, conn: &mut PgConnection) -> sqlx::Result<bool> {
        let row = sqlx::query("SELECT coalesce(max(\"seq\"), 0), count(*) FROM townseat.change WHERE \"seq\" > $1")
            .bind(self.told)
            .fetch_one(conn)
            .await?;
        let (last, count): (i64, i64) = (row.get(0), row.get(1));
        if count == 0 {
            return Ok(false);
        }
        let own: i64 = self.own.iter().filter(|o| o.0 > self.told && o.1 <= last).map(|o| o.2).sum();
        self.told = last;
        self.own.retain(|o| o.1 > last);
        Ok(count > own)
    }
}

/// The ear of a store.
pub struct Ear(Mutex<Option<PgListener>>);

impl Ear {
    pub fn new() -> Ear {
        Ear(Mutex::new(None))
    }

    /// Waits until something is heard, or it is time to look.
    pub async fn wait(&self, pool: &PgPool) {
        let heard = async {
            let mut listener = self.0.lock().await;
            if listener.is_none() {
                *listener = listen(pool).await;
            }
            match listener.as_mut() {
                Some(l) => {
                    // lost or closed: a new one is made on the next turn, and nothing is missed, for we look by seq
                    if !matches!(l.try_recv().await, Ok(Some(_))) {
                        *listener = None;
                    }
                }
                None => std::future::pending::<()>().await,
            }
        };
        let _ = tokio::time::timeout(LOOK_EVERY, heard).await;
    }

    /// Stops listening.
    pub async fn close(&self) {
        *self.0.lock().await = None;
    }
}

async fn listen(pool: &PgPool) -> Option<PgListener> {
    let mut listener = PgListener::connect_with(pool).await.ok()?;
    listener.eager_reconnect(false);
    listener.listen("townseat").await.ok()?;
    Some(listener)
}
