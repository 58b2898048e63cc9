//! A layer as its file in `seeds/layers/` writes it.

use serde::{Deserialize, Serialize};

use super::field::Field;
use crate::geom::Geometry;

/// A title in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

/// A kind of geometry a layer takes; a Multi geometry goes where its parts go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GeometryKind {
    Point,
    LineString,
    Polygon,
}

impl GeometryKind {
    /// The kind of a geometry; `None` for a collection.
    pub fn of(geometry: &Geometry) -> Option<GeometryKind> {
        match geometry {
            Geometry::Point(_) | Geometry::MultiPoint(_) => Some(GeometryKind::Point),
            Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => {
                Some(GeometryKind::LineString)
            }
            Geometry::Polygon(_) | Geometry::MultiPolygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {
                Some(GeometryKind::Polygon)
            }
            Geometry::GeometryCollection(_) => None,
        }
    }
}

/// From which zoom a layer shows, and from which nothing of it is thinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zooms {
    /// First zoom whose tiles hold the layer.
    pub min: u8,
    /// First zoom whose tiles hold every feature, none left out for want of size or room.
    pub full: u8,
}

/// How the map draws a layer; the style is made from it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draw {
    /// Colour where no value decides, `#rrggbb`.
    pub color: String,
    /// Field whose values' colours are used.
    pub by: Option<String>,
    /// Line width or point radius in pixels at zoom 16.
    pub size: f64,
    /// Field in metres that sets a line's true width from zoom 16 on.
    pub width_field: Option<String>,
    /// Opacity of a fill, 0 to 1.
    pub fill: f64,
    /// True for a dashed line.
    pub dash: bool,
    /// True when it belongs to the base map rather than the layer tree's working layers.
    pub base: bool,
    /// True when it is shown when the map opens.
    pub shown: bool,
    /// Drawing order, lower first.
    pub order: i32,
}

/// Fields that tell when a feature holds, for OGC `datetime=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    pub from: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// A layer of the catalogue: everything else (table, checks, form, legend, style, tiles) is made from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Table name: small letters, digits and `_`.
    pub id: String,
    pub title: Words,
    /// One sentence about what the layer holds.
    pub about: Words,
    /// Group of the layer tree; titles in the town file.
    pub group: String,
    /// Kinds of geometry it takes; empty for a layer without geometry.
    #[serde(default)]
    pub geometry: Vec<GeometryKind>,
    pub zoom: Zooms,
    /// Field that names a feature on the map and in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default)]
    pub draw: Draw,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
    /// Name of the rule in `seeds/` that decides who sees it; absent: everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    #[serde(rename = "field", default)]
    pub fields: Vec<Field>,
}

impl Layer {
    /// Position of a field.
    pub fn field_index(&self, id: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.id == id)
    }

    /// A field by id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.id == id)
    }

    /// The field of a column heading: an id, or a title in either language.
    pub fn field_by_word(&self, word: &str) -> Option<usize> {
        self.field_index(word)
            .or_else(|| self.fields.iter().position(|f| f.title.zh == word || f.title.en.eq_ignore_ascii_case(word)))
    }

    /// True when the layer takes the geometry (or its absence).
    pub fn takes(&self, geometry: Option<&Geometry>) -> bool {
        match geometry {
            None => self.geometry.is_empty(),
            Some(g) => GeometryKind::of(g).is_some_and(|k| self.geometry.contains(&k)),
        }
    }
}
