//! The tree into conditions: each operator with operands of the types it takes.

use super::Reading;
use super::fault::{FilterFault, Found};
use super::node::{Kind, Node};
use super::operand::{Operand, Type, field_in, settle, to_code};
use super::ops::{array, comparison, is_value, spatial, temporal};
use crate::layer::Value;
use crate::layer::filter::{ArrayOp, Comparison, Filter, Fold, Members, Period, Place, TemporalOp, Term};
use crate::layer::pattern::Pattern;

impl Reading<'_> {
    /// A condition.
    pub(super) fn condition(&self, node: &Node) -> Found<Filter> {
        let Kind::Call(op, args) = &node.kind else {
            return match &node.kind {
                Kind::Bool(_) | Kind::Name(_) if !self.is_geometry(node) => {
                    let operand = self.operand(node)?;
                    self.expect(&operand, Type::Bool)?;
                    Ok(Filter::Holds(operand.term))
                }
                _ => Err(self.no_condition(node)),
            };
        };
        let parts = || args.iter().map(|a| self.condition(a)).collect::<Found<Vec<_>>>();
        match (op.as_str(), args.as_slice()) {
            ("and", [_, _, ..]) => Ok(Filter::And(parts()?)),
            ("or", [_, _, ..]) => Ok(Filter::Or(parts()?)),
            ("not", [one]) => Ok(Filter::Not(Box::new(self.condition(one)?))),
            ("isnull", [one]) => self.is_null(one),
            ("between", [v, low, high]) => self.between(v, low, high),
            ("in", [v, Node { kind: Kind::List(list), .. }]) => self.one_of(v, list),
            ("like", [v, pattern]) => self.like(v, pattern),
            (op, [left, right]) => {
                if let Some(op) = comparison(op) {
                    self.compare(op, left, right)
                } else if let Some(op) = spatial(op) {
                    Ok(Filter::Spatial { op, left: self.place(left)?, right: self.place(right)? })
                } else if let Some(op) = temporal(op) {
                    Ok(Filter::Temporal { op, left: self.period(left)?, right: self.period(right)? })
                } else if let Some(op) = array(op) {
                    self.array(op, left, right)
                } else if is_value(op) {
                    Err(self.no_condition(node))
                } else {
                    Err(self.unknown(node, op))
                }
            }
            (op, _) if is_value(op) => Err(self.no_condition(node)),
            (op, _) => Err(self.unknown(node, op)),
        }
    }

    fn no_condition(&self, node: &Node) -> FilterFault {
        let (zh, en) = node.words();
        FilterFault::new(node.at, format!("{zh} 不是条件"), format!("{en} is no condition"))
    }

    fn compare(&self, op: Comparison, left: &Node, right: &Node) -> Found<Filter> {
        // A condition may be held against TRUE or FALSE.
        for (side, literal) in [(left, right), (right, left)] {
            if let Kind::Bool(wanted) = literal.kind
                && is_condition(side)
                && matches!(op, Comparison::Equal | Comparison::NotEqual)
            {
                let inner = self.condition(side)?;
                let straight = wanted == (op == Comparison::Equal);
                return Ok(if straight { inner } else { Filter::Not(Box::new(inner)) });
            }
        }
        let mut both = [self.operand(left)?, self.operand(right)?];
        let mixed = self.agree(&mut both)?;
        let [left, right] = both;
        Ok(compared(op, left.term, right.term, mixed))
    }

    fn between(&self, v: &Node, low: &Node, high: &Node) -> Found<Filter> {
        let mut all = [self.operand(v)?, self.operand(low)?, self.operand(high)?];
        let mixed = self.agree(&mut all)?;
        let [v, low, high] = all;
        if mixed {
            return Ok(Filter::And(vec![
                compared(Comparison::GreaterOrEqual, v.term.clone(), low.term, v.kind != low.kind),
                compared(Comparison::LessOrEqual, v.term, high.term, v.kind != high.kind),
            ]));
        }
        Ok(Filter::Between { term: v.term, low: low.term, high: high.term })
    }

    fn one_of(&self, v: &Node, list: &[Node]) -> Found<Filter> {
        let mut all = vec![self.operand(v)?];
        all.extend(list.iter().map(|l| self.operand(l)).collect::<Found<Vec<_>>>()?);
        let mixed = self.agree(&mut all)?;
        let mut all = all.into_iter();
        let Some(Operand { term, kind, .. }) = all.next() else { return Ok(Filter::Or(vec![])) };
        if mixed {
            let equals = |o: Operand| compared(Comparison::Equal, term.clone(), o.term, o.kind != kind);
            return Ok(Filter::Or(all.map(equals).collect()));
        }
        Ok(Filter::In { term, list: all.map(|o| o.term).collect() })
    }

    fn like(&self, v: &Node, pattern: &Node) -> Found<Filter> {
        let mut operand = self.operand(v)?;
        self.expect(&operand, Type::Text)?;
        let (text, fold) = pattern_of(pattern, Fold::default()).ok_or_else(|| {
            FilterFault::new(pattern.at, "LIKE 右边应为文字", "a text is wanted on the right of LIKE").hint(
                "例如 name LIKE '府西%'；% 任意多个字，_ 一个字",
                "such as name LIKE 'West%'; % is any run, _ any one character",
            )
        })?;
        // A pattern that is wholly a word of the code list means its code.
        let codes = field_in(&operand.term).map(|f| &self.layer.fields[f]).and_then(|f| f.code_of(text));
        let text = codes.map_or(text, |c| c.code.as_str());
        settle(&mut operand.term);
        Ok(Filter::Like { term: operand.term, pattern: Pattern::new(text, fold) })
    }

    fn is_null(&self, one: &Node) -> Found<Filter> {
        if self.is_geometry(one) {
            return Ok(Filter::NoGeometry);
        }
        match &one.kind {
            Kind::Bbox(_) | Kind::Geometry(_) => {
                self.place(one)?;
                Ok(Filter::Holds(Term::Literal(Value::Bool(false))))
            }
            Kind::Interval(_) => {
                self.period(one)?;
                Ok(Filter::Holds(Term::Literal(Value::Bool(false))))
            }
            _ if is_condition(one) => Ok(Filter::IsUnknown(Box::new(self.condition(one)?))),
            _ => Ok(Filter::IsNull(self.operand(one)?.term)),
        }
    }

    fn place(&self, node: &Node) -> Found<Place> {
        if self.is_geometry(node) {
            return Ok(Place::Own);
        }
        match &node.kind {
            Kind::Geometry(g) => Ok(Place::given(self.stored(node.at, g)?)),
            Kind::Bbox(b) => Ok(Place::given(self.boxed(node.at, *b)?)),
            // A name that is nothing here is told as an unknown field, one that is a field as no geometry.
            Kind::Name(_) => {
                let operand = self.operand(node)?;
                let (zh, en) = operand.words;
                Err(FilterFault::new(node.at, format!("{zh} 不是几何"), format!("{en} is no geometry"))
                    .hint("要素自己的几何写作 geometry", "the feature's own geometry is called geometry"))
            }
            _ => {
                let (zh, en) = node.words();
                Err(FilterFault::new(node.at, format!("{zh} 不是几何"), format!("{en} is no geometry")).hint(
                    "例如 S_INTERSECTS(geometry, BBOX(116.7,35.4,116.8,35.5))；坐标系由 filter-crs 指定",
                    "such as S_INTERSECTS(geometry, BBOX(116.7,35.4,116.8,35.5)); filter-crs names the CRS",
                ))
            }
        }
    }

    fn array(&self, op: ArrayOp, left: &Node, right: &Node) -> Found<Filter> {
        let mut sides = [self.members(left)?, self.members(right)?];
        let coded = sides.iter().find_map(|s| match s {
            Members::Field(f) => Some(&self.layer.fields[*f]),
            Members::Given(terms) => terms.iter().find_map(field_in).map(|f| &self.layer.fields[f]),
        });
        if let Some(field) = coded {
            for side in &mut sides {
                if let Members::Given(terms) = side {
                    terms.iter_mut().for_each(|t| to_code(t, field));
                }
            }
        }
        let [left, right] = sides;
        Ok(Filter::Array { op, left, right })
    }

    fn members(&self, node: &Node) -> Found<Members> {
        let elements: &[Node] = match &node.kind {
            Kind::List(elements) => elements,
            // `('a')` reads as a text in brackets: a list of one.
            Kind::Text(_) | Kind::Int(_) | Kind::Real(_) | Kind::Bool(_) => std::slice::from_ref(node),
            _ => {
                let operand = self.operand(node)?;
                return match operand.term {
                    Term::Field(f) if operand.kind == Type::List => Ok(Members::Field(f)),
                    _ => {
                        self.expect(&operand, Type::List)?;
                        Err(self.no_condition(node))
                    }
                };
            }
        };
        let element = |n: &Node| {
            let mut operand = self.operand(n)?;
            if operand.kind == Type::List {
                self.expect(&operand, Type::Text)?;
            }
            settle(&mut operand.term);
            Ok(operand.term)
        };
        Ok(Members::Given(elements.iter().map(element).collect::<Found<_>>()?))
    }
}

/// One comparison. A date against a timestamp is a whole day against a moment: equal when it lies within.
fn compared(op: Comparison, left: Term, right: Term, mixed: bool) -> Filter {
    if !mixed {
        return match (&left, &right) {
            // A field stands on the left, so that there is one way to look for.
            (Term::Literal(_), Term::Field(_) | Term::Folded { .. }) => {
                Filter::Compare { op: op.turned(), left: right, right: left }
            }
            _ => Filter::Compare { op, left, right },
        };
    }
    let instant = |t: Term| Period { from: Some(t.clone()), to: Some(t) };
    let (op, straight) = match op {
        Comparison::Equal => (TemporalOp::Intersects, true),
        Comparison::NotEqual => (TemporalOp::Disjoint, true),
        Comparison::Less => (TemporalOp::Before, true),
        Comparison::GreaterOrEqual => (TemporalOp::Before, false),
        Comparison::Greater => (TemporalOp::After, true),
        Comparison::LessOrEqual => (TemporalOp::After, false),
    };
    let filter = Filter::Temporal { op, left: instant(left), right: instant(right) };
    if straight { filter } else { Filter::Not(Box::new(filter)) }
}

fn pattern_of(node: &Node, fold: Fold) -> Option<(&str, Fold)> {
    match &node.kind {
        Kind::Text(t) => Some((t, fold)),
        Kind::Call(op, args) => {
            let [one] = args.as_slice() else { return None };
            match op.as_str() {
                "casei" => pattern_of(one, Fold { case: true, ..fold }),
                "accenti" => pattern_of(one, Fold { accents: true, ..fold }),
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_condition(node: &Node) -> bool {
    matches!(&node.kind, Kind::Call(op, _) if !is_value(op))
}
