//! CQL2 JSON into the filter's own tree: names, types and code words held against the layer.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{DEEPEST, FilterFault, Reading, fault, geometry};
use crate::layer::filter::{Arithmetic, ArrayOp, Comparison, Filter, Fold, Period, Place, SpatialOp, TemporalOp, Term};
use crate::layer::{Field, FieldType, Value, value};

type Found<T> = Result<T, FilterFault>;

/// Names by which the feature's own geometry goes.
const GEOMETRY: [&str; 2] = ["geometry", "geom"];

fn short(json: &Json) -> String {
    let text = json.as_str().map_or_else(|| json.to_string(), str::to_string);
    text.chars().take(60).collect()
}

fn misplaced(json: &Json) -> FilterFault {
    let text = short(json);
    fault(
        format!("此处不能用 {text}"),
        format!("{text} can't stand here"),
        "请对照 CQL2 的写法",
        "compare with the CQL2 standard",
    )
}

/// An operation's name and arguments.
fn operation(json: &Json) -> Option<(&str, &[Json])> {
    Some((json.get("op")?.as_str()?, json.get("args")?.as_array()?))
}

/// A condition.
pub fn filter(json: &Json, reading: &Reading<'_>, depth: usize) -> Found<Filter> {
    if depth > DEEPEST {
        return Err(misplaced(&Json::from("…")));
    }
    let Some((op, args)) = operation(json) else {
        return match json {
            Json::Bool(_) => Ok(Filter::Holds(term(json, reading, None, depth + 1)?)),
            _ if json.get("property").is_some() => match term(json, reading, None, depth + 1)? {
                Term::Field(f) if reading.layer.fields[f].kind == FieldType::Boolean => {
                    Ok(Filter::Holds(Term::Field(f)))
                }
                _ => Err(misplaced(json)),
            },
            _ => Err(misplaced(json)),
        };
    };
    let parts = || args.iter().map(|a| filter(a, reading, depth + 1)).collect::<Found<Vec<_>>>();
    match (op, args) {
        ("and", _) => Ok(Filter::And(parts()?)),
        ("or", _) => Ok(Filter::Or(parts()?)),
        ("not", [one]) => Ok(Filter::Not(Box::new(filter(one, reading, depth + 1)?))),
        ("isNull", [one]) => {
            let own_geometry = one.get("property").and_then(Json::as_str).is_some_and(|p| GEOMETRY.contains(&p));
            match own_geometry {
                true => Ok(Filter::NoGeometry),
                false => Ok(Filter::IsNull(term(one, reading, None, depth + 1)?)),
            }
        }
        ("between", [v, low, high]) => {
            let field = field_of(v, reading);
            Ok(Filter::Between {
                term: term(v, reading, field, depth + 1)?,
                low: term(low, reading, field, depth + 1)?,
                high: term(high, reading, field, depth + 1)?,
            })
        }
        ("in", [v, Json::Array(list)]) => {
            let field = field_of(v, reading);
            let list = list.iter().map(|l| term(l, reading, field, depth + 1)).collect::<Found<_>>()?;
            Ok(Filter::In { term: term(v, reading, field, depth + 1)?, list })
        }
        ("like", [v, pattern]) => {
            let (pattern, fold) = pattern_of(pattern).ok_or_else(|| misplaced(pattern))?;
            let (inner, fold_left) = unfold(term(v, reading, None, depth + 1)?);
            let fold = Fold { case: fold.case || fold_left.case, accents: fold.accents || fold_left.accents };
            if let Term::Field(f) = inner
                && matches!(reading.layer.fields[f].kind, FieldType::Integer | FieldType::Number | FieldType::Boolean)
            {
                return Err(mismatch(&reading.layer.fields[f], "LIKE"));
            }
            Ok(Filter::Like { term: inner, pattern: Arc::from(pattern), fold })
        }
        (op, [left, right]) => {
            if let Some(op) = comparison(op) {
                let field = field_of(left, reading).or_else(|| field_of(right, reading));
                let (left, right) = (term(left, reading, field, depth + 1)?, term(right, reading, field, depth + 1)?);
                return Ok(match (&left, &right) {
                    // A field stands on the left, so that there is one way to look for.
                    (Term::Literal(_), Term::Field(_)) => Filter::Compare { op: op.turned(), left: right, right: left },
                    _ => Filter::Compare { op, left, right },
                });
            }
            if let Some(op) = spatial(op) {
                return Ok(Filter::Spatial { op, left: place(left, reading)?, right: place(right, reading)? });
            }
            if let Some(op) = temporal(op) {
                return Ok(Filter::Temporal {
                    op,
                    left: period(left, reading, depth)?,
                    right: period(right, reading, depth)?,
                });
            }
            if let Some(op) = array(op) {
                return Ok(Filter::Array {
                    op,
                    left: list(left, reading, depth)?,
                    right: list(right, reading, depth)?,
                });
            }
            Err(unknown(op))
        }
        (op, _) => Err(unknown(op)),
    }
}

fn unknown(op: &str) -> FilterFault {
    let op: String = op.chars().take(40).collect();
    fault(
        format!("没有运算“{op}”，或参数个数不对"),
        format!("there is no operation '{op}' with so many arguments"),
        "可用：= <> < <= > >= LIKE IN BETWEEN IS NULL AND OR NOT CASEI ACCENTI S_… T_… A_… + - * / % DIV ^",
        "served are = <> < <= > >= LIKE IN BETWEEN IS NULL AND OR NOT CASEI ACCENTI S_… T_… A_… + - * / % DIV ^",
    )
}

fn mismatch(field: &Field, other: &str) -> FilterFault {
    let other: String = other.chars().take(60).collect();
    fault(
        format!("字段“{}”（{}）不能与 {other} 比较", field.title.zh, field.id),
        format!("field '{}' is {} and can't be compared with {other}", field.id, field.kind.wanted()),
        "文字加单引号，数字不加；日期写作 DATE('2024-05-01')",
        "texts stand in single quotes, numbers without; dates as DATE('2024-05-01')",
    )
}

/// The field that an expression is about, which gives literals beside it their type and codes.
fn field_of(json: &Json, reading: &Reading<'_>) -> Option<usize> {
    if let Some(name) = json.get("property").and_then(Json::as_str) {
        return reading.layer.field_index(name).filter(|f| (reading.sees)(*f));
    }
    let (op, args) = operation(json)?;
    matches!(op.to_ascii_lowercase().as_str(), "casei" | "accenti")
        .then(|| args.first().and_then(|a| field_of(a, reading)))
        .flatten()
}

/// A value; `field` gives a literal its type.
fn term(json: &Json, reading: &Reading<'_>, field: Option<usize>, depth: usize) -> Found<Term> {
    if depth > DEEPEST {
        return Err(misplaced(&Json::from("…")));
    }
    if let Some(name) = json.get("property").and_then(Json::as_str) {
        return name_of(name, reading);
    }
    if let Some((op, args)) = operation(json) {
        return match (op.to_ascii_lowercase().as_str(), args) {
            ("casei", [one]) => Ok(fold(Fold { case: true, accents: false }, term(one, reading, field, depth + 1)?)),
            ("accenti", [one]) => Ok(fold(Fold { case: false, accents: true }, term(one, reading, field, depth + 1)?)),
            ("-", [one]) => {
                let right = Box::new(number(one, reading, depth)?);
                Ok(Term::Arithmetic { op: Arithmetic::Subtract, left: Box::new(Term::Literal(Value::Int(0))), right })
            }
            (name, [first, rest @ ..]) if !rest.is_empty() => {
                let op = arithmetic(name).ok_or_else(|| unknown(op))?;
                let mut left = number(first, reading, depth)?;
                for one in rest {
                    left = Term::Arithmetic { op, left: Box::new(left), right: Box::new(number(one, reading, depth)?) };
                }
                Ok(left)
            }
            _ => Err(unknown(op)),
        };
    }
    if let Some(date) = json.get("date").and_then(Json::as_str) {
        return moment(date, json, field.map(|f| &reading.layer.fields[f]));
    }
    if let Some(at) = json.get("timestamp").and_then(Json::as_str) {
        return moment(at, json, field.map(|f| &reading.layer.fields[f]));
    }
    literal(json, field.map(|f| &reading.layer.fields[f]))
}

fn name_of(name: &str, reading: &Reading<'_>) -> Found<Term> {
    if name == "id" {
        return Ok(Term::Id);
    }
    let known = || reading.layer.fields.iter().enumerate().filter(|(i, _)| (reading.sees)(*i)).map(|(_, f)| f);
    let found = reading.layer.field_by_word(name).filter(|f| (reading.sees)(*f));
    found.map(Term::Field).ok_or_else(|| {
        let name: String = name.chars().take(60).collect();
        let list: Vec<&str> = known().map(|f| f.id.as_str()).collect();
        let list = list.join(", ");
        fault(
            format!("没有字段“{name}”"),
            format!("there is no field '{name}'"),
            &format!("可用字段：id, geometry, {list}"),
            &format!("fields are id, geometry, {list}"),
        )
    })
}

/// A term that must be a number.
fn number(json: &Json, reading: &Reading<'_>, depth: usize) -> Found<Term> {
    let found = term(json, reading, None, depth + 1)?;
    match &found {
        Term::Field(f) if !matches!(reading.layer.fields[*f].kind, FieldType::Integer | FieldType::Number) => {
            Err(mismatch(&reading.layer.fields[*f], "+ - * /"))
        }
        Term::Literal(v) if v.as_f64().is_none() => Err(misplaced(json)),
        Term::Id | Term::Folded { .. } => Err(misplaced(json)),
        _ => Ok(found),
    }
}

fn literal(json: &Json, field: Option<&Field>) -> Found<Term> {
    let value = match json {
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => match n.as_i64() {
            Some(i) => Value::Int(i),
            None => match n.as_f64() {
                Some(r) if r.fract() == 0.0 && r.abs() < 9e15 => Value::Int(r as i64),
                Some(r) => Value::Real(r),
                None => return Err(misplaced(json)),
            },
        },
        Json::String(s) => Value::text(s),
        _ => return Err(misplaced(json)),
    };
    let Some(field) = field else { return Ok(Term::Literal(value)) };
    let fits = match (field.kind, &value) {
        (FieldType::Integer | FieldType::Number, Value::Int(_) | Value::Real(_)) => true,
        (FieldType::Boolean, Value::Bool(_)) => true,
        (FieldType::Text | FieldType::List, Value::Text(_)) => true,
        (FieldType::Date | FieldType::DateTime, Value::Text(t)) => return moment(t, json, Some(field)),
        _ => false,
    };
    if !fits {
        return Err(mismatch(field, &short(json)));
    }
    // Words of the code list, in either language, stand for their code.
    Ok(Term::Literal(match &value {
        Value::Text(t) => field.code_of(t).map_or(value.clone(), |c| Value::text(&c.code)),
        _ => value,
    }))
}

/// A date or a moment, in the canonical form that the field holds.
fn moment(text: &str, json: &Json, field: Option<&Field>) -> Found<Term> {
    let date = text.parse::<jiff::civil::Date>().ok().filter(|_| text.len() == 10).map(|d| d.to_string());
    let canonical = match field.map(|f| f.kind) {
        Some(FieldType::DateTime) => value::time(text),
        Some(FieldType::Date) | None => date.or_else(|| value::time(text)),
        Some(_) => return Err(mismatch(field.expect("just matched"), &short(json))),
    };
    canonical.map(|t| Term::Literal(Value::text(&t))).ok_or_else(|| {
        let text: String = text.chars().take(40).collect();
        fault(
            format!("“{text}”不是日期或时刻"),
            format!("'{text}' is no date or time"),
            "例如 DATE('2024-05-01') 或 TIMESTAMP('2024-05-01T08:00:00Z')",
            "such as DATE('2024-05-01') or TIMESTAMP('2024-05-01T08:00:00Z')",
        )
    })
}

fn fold(by: Fold, term: Term) -> Term {
    match term {
        Term::Folded { fold, term } => {
            Term::Folded { fold: Fold { case: fold.case || by.case, accents: fold.accents || by.accents }, term }
        }
        other => Term::Folded { fold: by, term: Box::new(other) },
    }
}

fn unfold(term: Term) -> (Term, Fold) {
    match term {
        Term::Folded { fold, term } => (*term, fold),
        other => (other, Fold::default()),
    }
}

fn pattern_of(json: &Json) -> Option<(&str, Fold)> {
    if let Some(text) = json.as_str() {
        return Some((text, Fold::default()));
    }
    let (op, args) = operation(json)?;
    let (text, fold) = pattern_of(args.first()?)?;
    match op.to_ascii_lowercase().as_str() {
        "casei" => Some((text, Fold { case: true, ..fold })),
        "accenti" => Some((text, Fold { accents: true, ..fold })),
        _ => None,
    }
}

fn place(json: &Json, reading: &Reading<'_>) -> Found<Place> {
    if let Some(name) = json.get("property").and_then(Json::as_str) {
        return if GEOMETRY.contains(&name) && !reading.layer.geometry.is_empty() {
            Ok(Place::Own)
        } else {
            Err(misplaced(json))
        };
    }
    let found = match json.get("bbox") {
        Some(b) => geometry::bbox(b, reading.crs),
        None => geometry::geojson(json, reading.crs),
    };
    found.map(|g| Place::Given(Arc::new(g))).ok_or_else(|| {
        fault(
            "条件中的几何无法读懂，或坐标超出范围",
            "a geometry in the condition can't be read, or its coordinates are out of range",
            "例如 S_INTERSECTS(geometry, BBOX(116.7,35.4,116.8,35.5))；坐标系由 filter-crs 指定",
            "such as S_INTERSECTS(geometry, BBOX(116.7,35.4,116.8,35.5)); filter-crs names the CRS",
        )
    })
}

fn period(json: &Json, reading: &Reading<'_>, depth: usize) -> Found<Period> {
    let end = |json: &Json| match json.as_str() {
        Some("..") => Ok(None),
        Some(text) => moment(text, json, None).map(Some),
        None => instant(json, reading, depth).map(Some),
    };
    match json.get("interval").and_then(Json::as_array).map(Vec::as_slice) {
        Some([from, to]) => Ok(Period { from: end(from)?, to: end(to)? }),
        Some(_) => Err(misplaced(json)),
        None => {
            let at = instant(json, reading, depth)?;
            Ok(Period { from: Some(at.clone()), to: Some(at) })
        }
    }
}

fn instant(json: &Json, reading: &Reading<'_>, depth: usize) -> Found<Term> {
    if let Some(text) = json.as_str() {
        return moment(text, json, None);
    }
    let found = term(json, reading, None, depth + 1)?;
    match &found {
        Term::Field(f) if !matches!(reading.layer.fields[*f].kind, FieldType::Date | FieldType::DateTime) => {
            Err(mismatch(&reading.layer.fields[*f], "T_…"))
        }
        Term::Field(_) | Term::Literal(Value::Text(_)) => Ok(found),
        _ => Err(misplaced(json)),
    }
}

fn list(json: &Json, reading: &Reading<'_>, depth: usize) -> Found<Vec<Term>> {
    match json {
        Json::Array(items) => items.iter().map(|i| term(i, reading, None, depth + 1)).collect(),
        _ => match term(json, reading, None, depth + 1)? {
            Term::Field(f) if reading.layer.fields[f].kind == FieldType::List => Ok(vec![Term::Field(f)]),
            _ => Err(misplaced(json)),
        },
    }
}

fn comparison(op: &str) -> Option<Comparison> {
    Some(match op {
        "=" => Comparison::Equal,
        "<>" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn arithmetic(op: &str) -> Option<Arithmetic> {
    Some(match op {
        "+" => Arithmetic::Add,
        "-" => Arithmetic::Subtract,
        "*" => Arithmetic::Multiply,
        "/" => Arithmetic::Divide,
        "%" => Arithmetic::Remainder,
        "^" => Arithmetic::Power,
        "div" => Arithmetic::Div,
        _ => return None,
    })
}

fn spatial(op: &str) -> Option<SpatialOp> {
    Some(match op.to_ascii_lowercase().as_str() {
        "s_intersects" => SpatialOp::Intersects,
        "s_disjoint" => SpatialOp::Disjoint,
        "s_equals" => SpatialOp::Equals,
        "s_touches" => SpatialOp::Touches,
        "s_within" => SpatialOp::Within,
        "s_overlaps" => SpatialOp::Overlaps,
        "s_crosses" => SpatialOp::Crosses,
        "s_contains" => SpatialOp::Contains,
        _ => return None,
    })
}

fn temporal(op: &str) -> Option<TemporalOp> {
    Some(match op.to_ascii_lowercase().as_str() {
        "t_after" => TemporalOp::After,
        "t_before" => TemporalOp::Before,
        "t_contains" => TemporalOp::Contains,
        "t_disjoint" => TemporalOp::Disjoint,
        "t_during" => TemporalOp::During,
        "t_equals" => TemporalOp::Equals,
        "t_finishedby" => TemporalOp::FinishedBy,
        "t_finishes" => TemporalOp::Finishes,
        "t_intersects" => TemporalOp::Intersects,
        "t_meets" => TemporalOp::Meets,
        "t_metby" => TemporalOp::MetBy,
        "t_overlappedby" => TemporalOp::OverlappedBy,
        "t_overlaps" => TemporalOp::Overlaps,
        "t_startedby" => TemporalOp::StartedBy,
        "t_starts" => TemporalOp::Starts,
        _ => return None,
    })
}

fn array(op: &str) -> Option<ArrayOp> {
    Some(match op.to_ascii_lowercase().as_str() {
        "a_equals" => ArrayOp::Equals,
        "a_contains" => ArrayOp::Contains,
        "a_containedby" => ArrayOp::ContainedBy,
        "a_overlaps" => ArrayOp::Overlaps,
        _ => return None,
    })
}
