//! The tree that both encodings are read into: shapes of the language only, nothing held against a layer.

use super::DEEPEST;
use super::fault::{FilterFault, Found};
use crate::geom::Geometry;

/// One expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it begins in the text, in characters from 0.
    pub at: Option<usize>,
    pub kind: Kind,
    depth: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A property.
    Name(String),
    Text(String),
    Int(i64),
    Real(f64),
    Bool(bool),
    /// What stands in `DATE('…')`.
    Date(String),
    /// What stands in `TIMESTAMP('…')`.
    Timestamp(String),
    /// Two ends: names, texts, dates, timestamps, or the text `..`.
    Interval(Box<[Node; 2]>),
    /// Two corners in the axis order of the filter's CRS, heights left out.
    Bbox([f64; 4]),
    /// In the axis order of the filter's CRS: what is `x` here came first.
    Geometry(Geometry),
    List(Vec<Node>),
    /// An operator or function, its name in small letters.
    Call(String, Vec<Node>),
}

impl Node {
    /// A node; a fault when it is nested too deep, so that whoever walks the tree may recurse.
    pub fn new(at: Option<usize>, kind: Kind) -> Found<Node> {
        let below = match &kind {
            Kind::List(parts) | Kind::Call(_, parts) => parts.iter().map(|p| p.depth).max().unwrap_or(0),
            Kind::Interval(ends) => ends[0].depth.max(ends[1].depth),
            _ => 0,
        };
        let depth = below + 1;
        if depth > DEEPEST { Err(FilterFault::deep(at)) } else { Ok(Node { at, kind, depth }) }
    }

    /// A call of an operator.
    pub fn call(at: Option<usize>, op: &str, args: Vec<Node>) -> Found<Node> {
        Node::new(at, Kind::Call(op.to_string(), args))
    }

    /// What a message calls it, Chinese and English.
    pub fn words(&self) -> (String, String) {
        use super::fault::short;
        let same = |s: String| (s.clone(), s);
        match &self.kind {
            Kind::Name(n) => same(format!("\"{}\"", short(n))),
            Kind::Text(t) => same(format!("'{}'", short(t))),
            Kind::Int(i) => same(i.to_string()),
            Kind::Real(r) => same(r.to_string()),
            Kind::Bool(b) => same(b.to_string().to_uppercase()),
            Kind::Date(t) => same(format!("DATE('{}')", short(t))),
            Kind::Timestamp(t) => same(format!("TIMESTAMP('{}')", short(t))),
            Kind::Interval(_) => ("时间段 INTERVAL".into(), "an interval".into()),
            Kind::Bbox(_) | Kind::Geometry(_) => ("几何".into(), "a geometry".into()),
            Kind::List(_) => ("一组值".into(), "a list of values".into()),
            Kind::Call(op, _) => same(short(&op.to_uppercase())),
        }
    }
}
