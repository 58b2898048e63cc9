//! Writes many rows of a layer fast: many in one statement. Knows no transaction and no log.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::row;
use super::table;
use crate::geom::{Bounds, Geometry};
use crate::layer::{Feature, Layer};
use crate::store::sql;

/// Rows in one statement, bounded by SQLite's 32766 parameters and by what pays.
pub fn rows_at_once(layer: &Layer) -> usize {
    (30_000 / (layer.fields.len() + 3)).clamp(1, 500)
}

/// Writes rows of one layer, and keeps what the statement costs between calls.
pub struct Bulk<'a> {
    layer: &'a Layer,
    /// True when features keep their `fid`.
    with_fid: bool,
    full: Arc<str>,
    /// The extent of what was written.
    pub bounds: Bounds,
    /// True when a Multi geometry was written.
    pub multi: bool,
    /// True when a feature without an id was written.
    pub nameless: bool,
}

impl<'a> Bulk<'a> {
    pub fn new(layer: &'a Layer, with_fid: bool) -> Bulk<'a> {
        let full = statement(layer, with_fid, rows_at_once(layer)).into();
        Bulk { layer, with_fid, full, bounds: Bounds::EMPTY, multi: false, nameless: false }
    }

    /// Writes at most [`rows_at_once`] features.
    pub async fn write(&mut self, conn: &mut SqliteConnection, features: &[Feature]) -> sqlx::Result<()> {
        if features.is_empty() {
            return Ok(());
        }
        let sql = if features.len() == rows_at_once(self.layer) {
            self.full.clone()
        } else {
            statement(self.layer, self.with_fid, features.len()).into()
        };
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for feature in features {
            if self.with_fid {
                query = query.bind(feature.fid);
            }
            query = row::bind(query, self.layer, feature);
            self.nameless |= feature.id.is_empty();
            if let Some(geometry) = &feature.geometry {
                self.bounds.join(&Bounds::of(geometry));
                self.multi |= is_multi(geometry);
            }
        }
        query.execute(conn).await.map(|_| ())
    }

    /// Gives ids to those that came without, widens the column for Multi geometries, and notes the extent.
    pub async fn finish(&self, conn: &mut SqliteConnection) -> sqlx::Result<()> {
        if self.nameless {
            table::name_the_nameless(conn, &self.layer.id).await?;
        }
        if self.multi {
            table::widen(conn, &self.layer.id).await?;
        }
        table::touch(conn, &self.layer.id, &self.bounds).await
    }
}

/// True for a geometry that a column of the single type may not hold.
pub fn is_multi(geometry: &Geometry) -> bool {
    matches!(geometry, Geometry::MultiPoint(_) | Geometry::MultiLineString(_) | Geometry::MultiPolygon(_))
}

fn statement(layer: &Layer, with_fid: bool, rows: usize) -> String {
    let fid = with_fid.then_some("fid");
    let columns: Vec<&str> = fid.into_iter().chain(row::written(layer)).collect();
    let one = format!("({})", vec!["?"; columns.len()].join(","));
    format!("INSERT INTO {} ({}) VALUES {}", sql::name(&layer.id), sql::names(columns), vec![one; rows].join(","))
}
