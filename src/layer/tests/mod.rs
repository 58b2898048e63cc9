//! Filters and parameters against oracles: PostGIS, SQLite, slow obvious computations.

mod faults;
mod laws;
mod like;
mod logic;
mod places;
mod question;
mod sqlite;
mod vectors;

use std::borrow::Cow;
use std::sync::Arc;

use super::evaluate::{Row, holds};
use super::{Filter, Layer, Value, ValueRef, cql2};
use crate::geom::{Crs, Geometry};

/// The made-up layer of the fixtures.
pub fn site() -> Layer {
    toml::from_str(include_str!("../../../tests/fixtures/cql2/layer.toml")).expect("a layer")
}

/// A row of the fixtures.
#[derive(Debug, Clone)]
pub struct Site {
    pub id: Arc<str>,
    pub values: Vec<Value>,
    pub geometry: Option<Geometry>,
}

impl Row for Site {
    fn id(&self) -> &Arc<str> {
        &self.id
    }

    fn value(&self, field: usize) -> ValueRef<'_> {
        self.values[field].borrow()
    }

    fn geometry(&self) -> Option<Cow<'_, Geometry>> {
        self.geometry.as_ref().map(Cow::Borrowed)
    }
}

/// The rows of the fixtures, read by the geojson crate.
pub fn rows() -> Vec<Site> {
    let layer = site();
    let all: geojson::FeatureCollection =
        include_str!("../../../tests/fixtures/cql2/rows.geojson").parse().expect("GeoJSON");
    all.features
        .into_iter()
        .map(|f| {
            let Some(geojson::feature::Id::String(id)) = &f.id else { panic!("a text id") };
            let value = |field: &super::Field| {
                let json = f.property(&field.id).cloned().unwrap_or_default();
                Value::from_json(&json, field).expect("a value")
            };
            Site {
                id: Arc::from(id.as_str()),
                values: layer.fields.iter().map(value).collect(),
                geometry: f.geometry.clone().map(|g| g.try_into().expect("a geometry")),
            }
        })
        .collect()
}

/// Reads text in CRS84, seeing all.
pub fn read(text: &str) -> Result<Filter, cql2::FilterFault> {
    cql2::parse_text(text, &site(), Crs::Crs84, &|_| true)
}

/// Ids of the rows for which a filter holds.
pub fn found(filter: &Filter, rows: &[Site]) -> Vec<String> {
    rows.iter().filter(|r| holds(filter, *r) == Some(true)).map(|r| r.id.to_string()).collect()
}
