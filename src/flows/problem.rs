//! What can be wrong with a feature of a layer, in the users' words. Knows no file and no store.

use crate::formats::ReadProblem;
use crate::geom::Crs;
use crate::geom::validity::GeometryFault;
use crate::layer::value::ValueFault;
use crate::layer::{Fault, Field, FieldType, GeometryKind, Layer, Place, Words};

mod words;

/// One thing wrong, before it has a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// Wrong before any layer was asked.
    Read(ReadProblem),
    Geometry(GeometryFault),
    /// Metres without a CRS; `likely` by the size of the numbers.
    Projected {
        x: f64,
        y: f64,
        likely: Option<Crs>,
    },
    /// Numbers that the stated CRS does not have.
    NotInCrs {
        x: f64,
        y: f64,
        crs: Crs,
        likely: Option<Crs>,
    },
    /// A geometry of a kind that the layer does not take, or none where one is wanted.
    WrongKind {
        found: &'static str,
        wanted: Vec<GeometryKind>,
    },
    Value {
        fault: ValueFault,
        field: Words,
        kind: FieldType,
    },
    /// A character that no store keeps.
    Nul,
    UnknownField {
        name: String,
        fields: String,
    },
    /// Two properties that are one field.
    SameField {
        name: String,
        field: String,
    },
    DuplicateId {
        id: String,
        first: First,
    },
    /// A row of the store that is no feature.
    BrokenRow {
        what: String,
    },
    /// A value that an open list does not know.
    Unlisted {
        found: String,
    },
    /// A value that points to a feature which is not there.
    MissingReference {
        found: String,
        to: String,
    },
    /// Heights in the file, which are not kept.
    Heights,
    /// Northing stood first and was put second.
    NorthFirst,
    /// The file names one CRS, the user another.
    OtherCrs {
        file: Crs,
        given: Crs,
    },
    /// A file without a feature.
    NoFeatures,
}

/// Where an id stands already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum First {
    Store,
    File { file: String, line: u64 },
}

impl Problem {
    /// Short name of the rule that is broken.
    pub fn rule(&self) -> &'static str {
        match self {
            Problem::Read(p) => p.rule(),
            Problem::Geometry(g) => match g {
                GeometryFault::Empty => "empty-geometry",
                GeometryFault::OutOfRange { .. } => "out-of-range-place",
                GeometryFault::Projected { .. } => "projected-without-crs",
                GeometryFault::Swapped { .. } => "swapped-axes",
                GeometryFault::OpenRing { .. } => "open-ring",
                GeometryFault::TooShort { .. } => "too-few-places",
                GeometryFault::Crossing { .. } => "crossing-ring",
                GeometryFault::Tiny { .. } => "tiny",
                GeometryFault::Winding => "ring-winding",
                GeometryFault::OutsideTown => "outside-extent",
            },
            Problem::Projected { .. } => "projected-without-crs",
            Problem::NotInCrs { .. } => "not-in-crs",
            Problem::WrongKind { .. } => "wrong-kind",
            Problem::Value { fault, .. } => match fault {
                ValueFault::WrongType { .. } => "wrong-type",
                ValueFault::UnknownCode { .. } => "unknown-code",
                ValueFault::OutOfRange { .. } => "out-of-range-value",
                ValueFault::Missing => "missing-value",
            },
            Problem::Nul => "wrong-type",
            Problem::UnknownField { .. } => "unknown-field",
            Problem::SameField { .. } => "same-field",
            Problem::DuplicateId { .. } => "duplicate-id",
            Problem::BrokenRow { .. } => "broken-row",
            Problem::Unlisted { .. } => "unlisted-value",
            Problem::MissingReference { .. } => "missing-reference",
            Problem::Heights => "heights-dropped",
            Problem::NorthFirst => "north-first",
            Problem::OtherCrs { .. } => "other-crs",
            Problem::NoFeatures => "no-features",
        }
    }

    /// True when the data lands all the same.
    pub fn is_warning(&self) -> bool {
        match self {
            Problem::Geometry(g) => g.is_warning(),
            Problem::Unlisted { .. }
            | Problem::MissingReference { .. }
            | Problem::Heights
            | Problem::NorthFirst
            | Problem::OtherCrs { .. }
            | Problem::NoFeatures => true,
            _ => false,
        }
    }

    /// The problem as a fault at its place.
    pub fn at(&self, place: Place) -> Fault {
        Fault { place, rule: self.rule(), warning: self.is_warning(), what: self.what(), hint: self.hint() }
    }
}

/// The fields of a layer as a hint names them: ids and Chinese titles.
pub fn field_names(layer: &Layer) -> String {
    layer.fields.iter().map(|f: &Field| format!("{} {}", f.id, f.title.zh)).collect::<Vec<_>>().join(", ")
}
