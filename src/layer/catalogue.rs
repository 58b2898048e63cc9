//! All layers of a town, read from layer files, code tables and the town's own file.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::field::{Code, FieldType};
use super::schema::Layer;
use super::town_file::TownFile;
use crate::geom::Crs;

/// A seeds folder that makes no catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct CatalogueError {
    /// Path inside the seeds folder.
    pub file: String,
    /// What is wrong and what to do.
    pub what: String,
}

/// The catalogue. Layers stand in the order of their file names.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub town: TownFile,
    layers: Vec<Arc<Layer>>,
    by_id: BTreeMap<String, usize>,
}

/// A code table of `seeds/standards/`.
#[derive(Debug, Deserialize)]
struct CodeTable {
    #[serde(default)]
    values: Vec<Code>,
}

impl Catalogue {
    /// Reads seed files, given as path inside the seeds folder and text: one `towns/*.toml`,
    /// `layers/*.toml`, and `standards/*.toml` for code tables.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Catalogue, CatalogueError> {
        let mut sorted: Vec<(&str, &str)> = files.into_iter().collect();
        sorted.sort_unstable();
        let fail = |file: &str, what: String| CatalogueError { file: file.into(), what };
        let part = |folder: &'static str| {
            sorted.iter().filter(move |(f, _)| f.strip_prefix(folder).is_some_and(|r| r.ends_with(".toml")))
        };
        let (file, text) = part("towns/").next().ok_or_else(|| fail("towns/", "no town file; put one there".into()))?;
        let town: TownFile = toml::from_str(text).map_err(|e| fail(file, e.to_string()))?;
        if !Crs::parse(&town.work_crs).is_ok_and(|c| matches!(c, Crs::GaussKruger(_))) {
            return Err(fail(file, format!("work_crs '{}' is no Gauss–Krüger system that is served", town.work_crs)));
        }
        let mut layers = Vec::new();
        for (file, text) in part("layers/") {
            let mut layer: Layer = toml::from_str(text).map_err(|e| fail(file, e.to_string()))?;
            for field in &mut layer.fields {
                if let Some(name) = &field.values_from {
                    let path = format!("standards/{name}.toml");
                    let (_, text) = sorted
                        .iter()
                        .find(|(f, _)| **f == path)
                        .ok_or_else(|| fail(file, format!("field {}: no code table {path}", field.id)))?;
                    let table: CodeTable = toml::from_str(text).map_err(|e| fail(&path, e.to_string()))?;
                    field.values.extend(table.values);
                }
            }
            check(&layer, &town).map_err(|what| fail(file, what))?;
            layers.push(Arc::new(layer));
        }
        Catalogue::of(town, layers).map_err(|what| fail("layers/", what))
    }

    /// A catalogue of layers already checked.
    pub fn of(town: TownFile, layers: Vec<Arc<Layer>>) -> Result<Catalogue, String> {
        let by_id: BTreeMap<String, usize> = layers.iter().enumerate().map(|(i, l)| (l.id.clone(), i)).collect();
        if by_id.len() != layers.len() {
            return Err("two layer files have the same id".into());
        }
        Ok(Catalogue { town, layers, by_id })
    }

    /// A layer by id.
    pub fn layer(&self, id: &str) -> Option<&Arc<Layer>> {
        self.index(id).map(|i| &self.layers[i])
    }

    /// Position of a layer.
    pub fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// All layers in order.
    pub fn layers(&self) -> &[Arc<Layer>] {
        &self.layers
    }

    /// A hash that changes when anything in a layer does.
    pub fn fingerprint(&self) -> u64 {
        xxh3_64(&serde_json::to_vec(&self.layers).expect("a layer is JSON"))
    }
}

fn check(layer: &Layer, town: &TownFile) -> Result<(), String> {
    let name = |s: &str| {
        !s.is_empty()
            && s.len() <= 48
            && s.starts_with(|c: char| c.is_ascii_lowercase())
            && s.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    if !name(&layer.id) {
        return Err(format!("id '{}': small letters, digits and _ only, a letter first, at most 48", layer.id));
    }
    if RESERVED_TABLES.iter().any(|r| layer.id.starts_with(r)) {
        return Err(format!("id '{}' is a name the store keeps for itself", layer.id));
    }
    if !town.groups.iter().any(|g| g.id == layer.group) {
        return Err(format!("group '{}' is not in the town file", layer.group));
    }
    if layer.zoom.min > layer.zoom.full || layer.zoom.full > crate::layer::catalogue::MAX_ZOOM {
        return Err(format!("zoom: min ≤ full ≤ {MAX_ZOOM} is wanted"));
    }
    for (i, field) in layer.fields.iter().enumerate() {
        if !name(&field.id) || RESERVED_COLUMNS.contains(&field.id.as_str()) {
            return Err(format!("field id '{}' is not usable as a column name", field.id));
        }
        if layer.fields[..i].iter().any(|f| f.id == field.id) {
            return Err(format!("field '{}' stands twice", field.id));
        }
        if field.closed && field.values.is_empty() {
            return Err(format!("field '{}' is closed and has no values", field.id));
        }
        if !field.values.is_empty() && !matches!(field.kind, FieldType::Text | FieldType::List) {
            return Err(format!("field '{}' has a code list and is no text or list", field.id));
        }
        if let Some(d) = &field.default
            && let Err(e) = super::Value::from_text(d, field)
        {
            return Err(format!("field '{}': default {e}", field.id));
        }
    }
    let named = |what: &str, id: &Option<String>| match id {
        Some(f) if layer.field(f).is_none() => Err(format!("{what} names field '{f}', which the layer does not have")),
        _ => Ok(()),
    };
    named("label", &layer.label)?;
    named("draw.by", &layer.draw.by)?;
    named("draw.width_field", &layer.draw.width_field)?;
    if let Some(t) = &layer.times {
        named("times.from", &Some(t.from.clone()))?;
        named("times.to", &t.to)?;
    }
    Ok(())
}

/// The last zoom that tiles are cut at: there a unit of a 4096 tile is a unit of the world integers.
pub const MAX_ZOOM: u8 = 20;

/// Beginnings of table names that a store keeps for itself.
const RESERVED_TABLES: [&str; 5] = ["gpkg_", "sqlite_", "rtree_", "townseat_", "change"];

/// Column names that every layer table has already.
const RESERVED_COLUMNS: [&str; 4] = ["fid", "id", "geom", "rowid"];
