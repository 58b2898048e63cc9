//! Holds one feature against its layer's rules: the same for imports, edits and checks.

use crate::formats::fault::words;
use crate::formats::{ReadProblem, is_hidden};
use crate::geom::validity::{self, GeometryFault};
use crate::geom::{Bounds, Geometry, WorkCrs};
use crate::layer::value::ValueFault;
use crate::layer::{Catalogue, Feature, Field, GeometryKind, Layer, Value};

use super::import::place;
use super::problem::Problem;

/// What a town brings to the rules.
#[derive(Debug, Clone, Copy)]
pub struct TownRules {
    pub extent: Bounds,
    pub work: WorkCrs,
}

impl TownRules {
    /// The rules of a catalogue's town.
    pub fn of(catalogue: &Catalogue) -> TownRules {
        TownRules { extent: catalogue.town.bounds(), work: catalogue.town.work() }
    }

    /// Everything wrong with a geometry, in storage coordinates, as one of the layer.
    pub fn geometry(&self, layer: &Layer, geometry: Option<&Geometry>) -> Vec<Problem> {
        if !layer.takes(geometry) {
            return vec![Problem::WrongKind { found: kind_name(geometry), wanted: layer.geometry.clone() }];
        }
        let Some(geometry) = geometry else { return Vec::new() };
        let problem = |fault| match fault {
            GeometryFault::Projected { x, y } => Problem::Projected { x, y, likely: place::likely(x, y) },
            other => Problem::Geometry(other),
        };
        validity::faults(geometry, self.work, &self.extent).into_iter().map(problem).collect()
    }
}

/// Longest id in characters.
pub const LONGEST_ID: usize = 200;

/// What is wrong with an id that no address, table or terminal can carry in good health.
pub fn id(id: &str) -> Option<Problem> {
    let bad = |zh: String, en: String| Some(Problem::Read(ReadProblem::BadId { what: words(zh, en) }));
    if id.trim().is_empty() {
        return bad("空白".into(), "it is blank".into());
    }
    let count = id.chars().count();
    if count > LONGEST_ID {
        return bad(format!("共 {count} 个字符"), format!("it has {count} characters"));
    }
    let hidden = id.chars().find(|c| is_hidden(*c)).map(|c| format!("U+{:04X}", c as u32))?;
    bad(format!("含有控制字符 {hidden}"), format!("it has the control character {hidden}"))
}

/// The problem of a value that does not fit its field.
pub fn value_problem(field: &Field, fault: ValueFault) -> Problem {
    Problem::Value { fault, field: field.title.clone(), kind: field.kind }
}

/// What is still to be said of a value that fits its field.
pub fn value(field: &Field, value: &Value) -> Option<Problem> {
    match value {
        Value::Text(t) if t.contains('\0') => Some(Problem::Nul),
        _ if field.is_unlisted(value) => Some(Problem::Unlisted { found: value.to_text(field.kind) }),
        _ => None,
    }
}

/// Everything wrong with the values of a feature as it is stored: the field's position and the problem.
pub fn stored_values<'a>(layer: &'a Layer, feature: &'a Feature) -> impl Iterator<Item = (usize, Problem)> + 'a {
    layer.fields.iter().zip(&feature.values).enumerate().filter_map(|(i, (field, held))| {
        // The way through JSON holds a value against its type as well, which outsiders may not have kept.
        match Value::from_json(&held.to_json(field.kind), field) {
            Err(fault) => Some((i, value_problem(field, fault))),
            Ok(_) => value(field, held).map(|problem| (i, problem)),
        }
    })
}

/// What GeoJSON calls the geometry.
fn kind_name(geometry: Option<&Geometry>) -> &'static str {
    match geometry {
        None => "null",
        Some(Geometry::GeometryCollection(_)) => "GeometryCollection",
        Some(g) => match (GeometryKind::of(g), g) {
            (_, Geometry::MultiPoint(_)) => "MultiPoint",
            (_, Geometry::MultiLineString(_)) => "MultiLineString",
            (_, Geometry::MultiPolygon(_)) => "MultiPolygon",
            (Some(GeometryKind::Point), _) => "Point",
            (Some(GeometryKind::LineString), _) => "LineString",
            _ => "Polygon",
        },
    }
}
