//! Turns features as a file has them into features of a layer, and piles up what is wrong with them.
//! Runs on a thread of its own; knows no store.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::mapping::{Becomes, Mapping};
use super::place;
use crate::flows::fault_list::FaultList;
use crate::flows::problem::{First, Problem, field_names};
use crate::flows::references::References;
use crate::flows::rules::{self, TownRules};
use crate::formats::{RawFeature, ReadFault};
use crate::geom::{Crs, wkb};
use crate::layer::{Feature, Layer, Place, Value};

/// What the features of an import are held against.
pub struct Intake {
    pub layer: Arc<Layer>,
    pub town: TownRules,
    pub mapping: Mapping,
    /// Hashes of the ids in the store.
    pub stored: FxHashSet<u128>,
    pub references: References,
    pub faults: FaultList,
    pub warnings: FaultList,
    /// Names of the files and, by hash of the id, which file and line had it first.
    files: Vec<String>,
    seen: FxHashMap<[u64; 2], (u32, u32)>,
    /// References into the layer itself, to be looked at when everything is in.
    pending: Vec<(Place, String, String)>,
    told: Told,
}

/// Warnings that are said once a file.
#[derive(Default)]
struct Told {
    heights: bool,
    north_first: bool,
}

impl Intake {
    /// An intake that has seen nothing.
    pub fn new(
        layer: Arc<Layer>,
        town: TownRules,
        mapping: Mapping,
        stored: FxHashSet<u128>,
        references: References,
    ) -> Intake {
        Intake {
            layer,
            town,
            mapping,
            stored,
            references,
            faults: FaultList::default(),
            warnings: FaultList::default(),
            files: Vec::new(),
            seen: FxHashMap::default(),
            pending: Vec::new(),
            told: Told::default(),
        }
    }

    /// Begins a file.
    pub fn begin(&mut self, file: &str) {
        self.files.push(file.into());
        self.told = Told::default();
    }

    /// Puts down a problem of the file at hand.
    pub fn tell(&mut self, problem: &Problem, line: Option<u64>, row: Option<u64>) {
        self.put(problem, Place { line, row, ..self.place() });
    }

    /// Puts down a fault of the reader.
    pub fn tell_read(&mut self, fault: ReadFault) {
        self.tell(&Problem::Read(fault.problem), fault.line, fault.row);
    }

    fn place(&self) -> Place {
        Place { file: self.files.last().cloned(), layer: Some(self.layer.id.clone()), ..Place::default() }
    }

    fn put(&mut self, problem: &Problem, place: Place) {
        let list = if problem.is_warning() { &mut self.warnings } else { &mut self.faults };
        list.push(problem.at(place));
    }

    /// A feature of the layer, or `None` when something is wrong with it.
    pub fn take(&mut self, raw: RawFeature, crs: Crs) -> Option<Feature> {
        let before = self.faults.total();
        let layer = self.layer.clone();
        let mut problems: Vec<(Option<usize>, Problem)> =
            raw.problems.into_iter().map(|p| (None, Problem::Read(p))).collect();
        if raw.has_heights && !std::mem::replace(&mut self.told.heights, true) {
            self.tell(&Problem::Heights, Some(raw.line), Some(raw.row));
        }
        let row_hash = row_hash(self.files.last().map_or("", String::as_str), &raw.properties, raw.geometry.as_ref());

        let mut geometry = None;
        if !raw.broken_geometry {
            match raw.geometry.map(|g| place::to_storage(g, crs)).transpose() {
                Err(problem) => problems.push((None, problem)),
                Ok(moved) => {
                    if moved.as_ref().is_some_and(|m| m.1) && !std::mem::replace(&mut self.told.north_first, true) {
                        self.tell(&Problem::NorthFirst, Some(raw.line), Some(raw.row));
                    }
                    geometry = moved.map(|m| m.0);
                    let found = self.town.geometry(&layer, geometry.as_ref());
                    problems.extend(found.into_iter().map(|p| (None, p)));
                }
            }
        }

        let mut id = raw.id;
        let mut values: Vec<Option<Value>> = vec![None; layer.fields.len()];
        for (name, json) in raw.properties {
            self.property(&mut id, &mut values, &mut problems, name, json);
        }
        let mut held = Vec::with_capacity(values.len());
        for (i, (field, value)) in layer.fields.iter().zip(values).enumerate() {
            let value = value.unwrap_or_else(|| {
                let value = field.default_value();
                if value.is_null() && field.required {
                    problems.push((Some(i), rules::value_problem(field, crate::layer::value::ValueFault::Missing)));
                }
                value
            });
            held.push(value);
        }

        let id = match id {
            _ if raw.bad_id => String::new(),
            Some(id) => id,
            None => format!("{}-{}-{row_hash:08x}", layer.id, raw.row),
        };
        if !raw.bad_id {
            problems.extend(rules::id(&id).or_else(|| self.claim(&id, raw.line)).map(|p| (None, p)));
        }
        let place = Place {
            line: Some(raw.line),
            row: Some(raw.row),
            feature: (!id.is_empty()).then(|| crate::formats::shown(&id)),
            ..self.place()
        };
        let at = |field: Option<usize>| Place {
            field: field.and_then(|f| layer.fields.get(f)).map(|f| f.id.clone()),
            ..place.clone()
        };
        for (field, problem) in problems {
            self.put(&problem, at(field));
        }
        if self.faults.total() > before {
            return None;
        }
        let feature = Feature { fid: 0, id: id.into(), geometry, values: held };
        self.refer(&feature, &at);
        Some(feature)
    }

    fn property(
        &self,
        id: &mut Option<String>,
        values: &mut [Option<Value>],
        problems: &mut Vec<(Option<usize>, Problem)>,
        name: String,
        json: Json,
    ) {
        let layer = &self.layer;
        let is_mapped_id = self.mapping.id.as_deref() == Some(name.as_str());
        if is_mapped_id || name == "id" && self.mapping.id.is_none() {
            match (id_of(&json), &id) {
                (Some(own), Some(given)) if !is_mapped_id && own != *given => {
                    return problems.push((None, Problem::UnknownField { name, fields: field_names(layer) }));
                }
                (Some(own), _) => {
                    *id = Some(own);
                }
                (None, _) => {}
            }
        }
        let becomes = self.mapping.property(&name).or_else(|| layer.field_by_word(&name).map(Becomes::Field));
        let field = match becomes {
            Some(Becomes::Field(field)) => field,
            Some(Becomes::Dropped) => return,
            None if is_mapped_id || name == "id" => return,
            None => return problems.push((None, Problem::UnknownField { name, fields: field_names(layer) })),
        };
        if values[field].is_some() {
            let problem = Problem::SameField { name, field: layer.fields[field].id.clone() };
            return problems.push((Some(field), problem));
        }
        let json = self.mapping.value(field, &json).unwrap_or(&json);
        let value = match Value::from_json(json, &layer.fields[field]) {
            Ok(value) => {
                problems.extend(rules::value(&layer.fields[field], &value).map(|p| (Some(field), p)));
                value
            }
            Err(fault) => {
                problems.push((Some(field), rules::value_problem(&layer.fields[field], fault)));
                Value::Null
            }
        };
        values[field] = Some(value);
    }

    /// Takes an id; a problem when somebody has it.
    fn claim(&mut self, id: &str, line: u64) -> Option<Problem> {
        let key = xxh3_128(id.as_bytes());
        let file = self.files.len().saturating_sub(1) as u32;
        // two halves and a short line: 24 bytes an id instead of 32
        let first = match self.seen.entry([(key >> 64) as u64, key as u64]) {
            std::collections::hash_map::Entry::Occupied(e) => {
                let (file, line) = *e.get();
                First::File { file: self.files.get(file as usize).cloned().unwrap_or_default(), line: line.into() }
            }
            std::collections::hash_map::Entry::Vacant(e) => {
                e.insert((file, u32::try_from(line).unwrap_or(u32::MAX)));
                if !self.stored.contains(&key) {
                    return None;
                }
                First::Store
            }
        };
        Some(Problem::DuplicateId { id: id.into(), first })
    }

    fn refer(&mut self, feature: &Feature, at: &dyn Fn(Option<usize>) -> Place) {
        let own = self.references.points_into(&self.layer.id);
        if own {
            let layer = self.layer.clone();
            self.references.hold(&layer.id, feature);
        }
        let missing: Vec<(Place, String, String)> = self
            .references
            .missing(feature)
            .map(|(field, value, to)| (at(Some(field)), value.to_text(self.layer.fields[field].kind), to.to_string()))
            .collect();
        for (place, found, to) in missing {
            if own && to.split_once('.').is_some_and(|(layer, _)| layer == self.layer.id) {
                self.pending.push((place, found, to));
            } else {
                self.put(&Problem::MissingReference { found, to }, place);
            }
        }
    }

    /// Ends the import: tells which references into the layer itself point to nothing.
    pub fn end(&mut self) {
        for (place, found, to) in std::mem::take(&mut self.pending) {
            if !self.references.holds(&to, &found) {
                self.put(&Problem::MissingReference { found, to }, place);
            }
        }
    }
}

/// The id that a property holds.
fn id_of(json: &Json) -> Option<String> {
    match json {
        Json::String(s) if !s.is_empty() => Some(s.clone()),
        Json::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

/// A number for a feature without id, the same whenever the same file is read.
fn row_hash(file: &str, properties: &[(String, Json)], geometry: Option<&crate::geom::Geometry>) -> u32 {
    let mut hash = Xxh3::new();
    hash.update(file.as_bytes());
    for (name, value) in properties {
        hash.update(name.as_bytes());
        hash.update(value.to_string().as_bytes());
    }
    if let Some(geometry) = geometry {
        hash.update(&wkb::encode(geometry));
    }
    hash.digest() as u32
}
