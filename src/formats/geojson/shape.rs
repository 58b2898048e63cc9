//! Builds a geometry from nested coordinates as they are written, so that open rings and wrong
//! nesting are seen before `geo_types` mends or refuses them.

use std::fmt;

use geo_types::{Coord, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde::Deserialize;
use serde::de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::members::others;
use crate::formats::fault::words;
use crate::formats::{ReadProblem, shown};
use crate::geom::Geometry;

/// The types of RFC 7946 section 3.1.
pub const KINDS: [&str; 7] =
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"];

/// Nested coordinates. A run of numbers is a place.
pub enum Node {
    Number(f64),
    /// `count` numbers; `y` is 0 when there is only one.
    Place {
        x: f64,
        y: f64,
        count: u32,
    },
    List(Vec<Node>),
    /// Something that is neither number nor list.
    Wrong(&'static str),
}

/// A geometry of a type from its coordinates, or everything that is wrong with it.
/// Heights and measures are dropped and told by `heights`.
pub fn geometry(
    kind: Option<&str>,
    coordinates: Option<&Node>,
    heights: &mut bool,
) -> Result<Geometry, Vec<ReadProblem>> {
    let wrong = |zh: String, en: String| vec![ReadProblem::WrongShape { what: words(zh, en) }];
    let Some(kind) = kind else {
        return Err(wrong("图形缺少 type".into(), "the geometry has no member type".into()));
    };
    if kind == "GeometryCollection" {
        return Ok(Geometry::GeometryCollection(geo_types::GeometryCollection(Vec::new())));
    }
    let want = match kind {
        "Point" => "[x, y]",
        "MultiPoint" | "LineString" => "[[x, y], …]",
        "MultiLineString" | "Polygon" => "[[[x, y], …], …]",
        "MultiPolygon" => "[[[[x, y], …], …], …]",
        other => {
            let other = shown(other);
            return Err(wrong(format!("未知的图形类型“{other}”"), format!("geometry type '{other}' is unknown")));
        }
    };
    let Some(node) = coordinates else {
        return Err(wrong(format!("{kind} 缺少 coordinates"), format!("the {kind} has no member coordinates")));
    };
    let mut build = Build { heights, ring: 0, open: Vec::new() };
    let built = match kind {
        "Point" => build.place(node).map(|c| Geometry::Point(Point(c))),
        "MultiPoint" => build
            .list(node, Build::place)
            .map(|places| Geometry::MultiPoint(MultiPoint(places.into_iter().map(Point).collect()))),
        "LineString" => build.line(node).map(Geometry::LineString),
        "MultiLineString" => build.list(node, Build::line).map(|l| Geometry::MultiLineString(MultiLineString(l))),
        "Polygon" => build.polygon(node).map(Geometry::Polygon),
        _ => build.list(node, Build::polygon).map(|p| Geometry::MultiPolygon(MultiPolygon(p))),
    };
    let open = std::mem::take(&mut build.open);
    match built {
        Err(found) => {
            Err(wrong(format!("{kind} 应为 {want}，却有 {found}"), format!("a {kind} wants {want}, here is {found}")))
        }
        Ok(_) if !open.is_empty() => Err(open.into_iter().map(|ring| ReadProblem::OpenRing { ring }).collect()),
        Ok(geometry) => Ok(geometry),
    }
}

/// What went wrong while building: the part that does not fit, sketched.
type Built<T> = Result<T, String>;

struct Build<'a> {
    heights: &'a mut bool,
    /// Rings seen so far, over all polygons.
    ring: usize,
    open: Vec<usize>,
}

impl Build<'_> {
    fn place(&mut self, node: &Node) -> Built<Coord> {
        match node {
            Node::Place { x, y, count } if *count >= 2 => {
                *self.heights |= *count > 2;
                Ok(Coord { x: *x, y: *y })
            }
            other => Err(sketch(other)),
        }
    }

    fn list<T>(&mut self, node: &Node, one: fn(&mut Self, &Node) -> Built<T>) -> Built<Vec<T>> {
        match node {
            Node::List(items) => items.iter().map(|item| one(self, item)).collect(),
            other => Err(sketch(other)),
        }
    }

    fn line(&mut self, node: &Node) -> Built<LineString> {
        self.list(node, Build::place).map(LineString)
    }

    fn ring(&mut self, node: &Node) -> Built<LineString> {
        let line = self.line(node)?;
        self.ring += 1;
        if line.0.first() != line.0.last() {
            self.open.push(self.ring);
        }
        Ok(line)
    }

    fn polygon(&mut self, node: &Node) -> Built<Polygon> {
        let mut rings = self.list(node, Build::ring)?.into_iter();
        let outer = rings.next().unwrap_or(LineString(Vec::new()));
        Ok(Polygon::new(outer, rings.collect()))
    }
}

fn sketch(node: &Node) -> String {
    match node {
        Node::Number(v) => format!("the number {v}"),
        Node::Place { x, count: 1, .. } => format!("[{x}]"),
        Node::Place { x, y, count: 2 } => format!("[{x}, {y}]"),
        Node::Place { x, y, .. } => format!("[{x}, {y}, …]"),
        Node::List(items) if items.is_empty() => "[]".into(),
        Node::List(items) => format!("[{}, …]", sketch(&items[0])),
        Node::Wrong(what) => (*what).into(),
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: de::Deserializer<'de>>(from: D) -> Result<Node, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = Node;
            others!(Node::Wrong);
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("coordinates")
            }
            fn visit_f64<E>(self, v: f64) -> Result<Node, E> {
                Ok(Node::Number(v))
            }
            fn visit_u64<E>(self, v: u64) -> Result<Node, E> {
                Ok(Node::Number(v as f64))
            }
            fn visit_i64<E>(self, v: i64) -> Result<Node, E> {
                Ok(Node::Number(v as f64))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Node::Wrong("an object"))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
                let x = match seq.next_element()? {
                    None => return Ok(Node::List(Vec::new())),
                    Some(Node::Number(x)) => x,
                    Some(first) => {
                        let mut items = vec![first];
                        while let Some(item) = seq.next_element()? {
                            items.push(item);
                        }
                        return Ok(Node::List(items));
                    }
                };
                let (mut y, mut count, mut wrong) = (0.0, 1u32, None);
                while let Some(node) = seq.next_element()? {
                    match node {
                        Node::Number(v) if count == 1 => y = v,
                        Node::Number(_) => {}
                        Node::Wrong(what) => wrong = Some(what),
                        Node::Place { .. } | Node::List(_) => wrong = Some("a list among numbers"),
                    }
                    count = count.saturating_add(1);
                }
                Ok(wrong.map_or(Node::Place { x, y, count }, Node::Wrong))
            }
        }
        from.deserialize_any(Seen)
    }
}
