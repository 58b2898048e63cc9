//! Parameters of a question to a layer: box, time, order, fields, CRS. Each says what is wrong with it.

use super::filter::{Comparison, Filter, Period, TemporalOp, Term};
use super::query::Direction;
use super::value::{self, ValueFault};
use super::{FieldType, Layer, Value, Words};
use crate::geom::{Bounds, Crs};

/// A parameter that can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionFault {
    pub parameter: String,
    pub what: Words,
    pub hint: Words,
}

fn fault(parameter: &str, zh: impl Into<String>, en: impl Into<String>, hint_zh: &str, hint_en: &str) -> QuestionFault {
    QuestionFault {
        parameter: parameter.into(),
        what: Words { zh: zh.into(), en: en.into() },
        hint: Words { zh: hint_zh.into(), en: hint_en.into() },
    }
}

/// A CRS that answers may be asked in.
pub fn crs(parameter: &str, text: &str) -> Result<Crs, QuestionFault> {
    let served: Vec<String> = Crs::SERVED.iter().filter_map(|c| c.uri()).collect();
    let served = served.join(" ");
    Crs::parse(text).ok().filter(|c| Crs::SERVED.contains(c)).ok_or_else(|| {
        let shown: String = text.chars().take(80).collect();
        fault(
            parameter,
            format!("不支持坐标系“{shown}”"),
            format!("CRS '{shown}' is not served"),
            &format!("可用：{served}"),
            &format!("served are {served}"),
        )
    })
}

/// Half the side of the Web Mercator square, in metres.
const WORLD: f64 = std::f64::consts::PI * 6_378_137.0;

/// A box of four or six numbers in a CRS, axes in that system's order. One that crosses the antimeridian
/// (its west lies east of its east) gives two.
pub fn bbox(text: &str, crs: Crs) -> Result<Vec<Bounds>, QuestionFault> {
    let refuse = |zh: &str, en: &str| {
        let hint = match (crs.north_first(), crs.is_projected()) {
            (false, false) => "116.71,35.45,116.73,35.47（西,南,东,北）/(west,south,east,north)",
            (true, false) => "35.45,116.71,35.47,116.73（南,西,北,东）/(south,west,north,east)",
            (false, true) => "12992098,4225203,12994324,4227940（西,南,东,北）/(west,south,east,north)",
            (true, true) => "3924546,473672,3926767,475489（南,西,北,东）/(south,west,north,east)",
        };
        let (zh_order, en_order) = hint.split_once('/').unwrap_or((hint, ""));
        let numbers = zh_order.split('（').next().unwrap_or_default();
        Err(fault(
            "bbox",
            zh,
            en,
            &format!("{crs} 的写法：bbox={zh_order}"),
            &format!("in {crs} such as bbox={numbers} {en_order}"),
        ))
    };
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|n| n.trim().parse::<f64>()).collect();
    let numbers = match numbers {
        Ok(n) if n.iter().all(|v| v.is_finite()) => n,
        _ => return refuse("含有不是数字的部分", "it holds what is no number"),
    };
    let (a, b) = match numbers[..] {
        [x1, y1, x2, y2] => ((x1, y1), (x2, y2)),
        [_, _, low, _, _, high] if low > high => return refuse("下界高于上界", "its bottom lies above its top"),
        [x1, y1, _, x2, y2, _] => ((x1, y1), (x2, y2)),
        _ => return refuse("应为 4 或 6 个数字", "four or six numbers are wanted"),
    };
    let turn = |(x, y): (f64, f64)| if crs.north_first() { (y, x) } else { (x, y) };
    let ((west, south), (east, north)) = (turn(a), turn(b));
    if south > north {
        return refuse("南界大于北界", "its south lies north of its north");
    }
    if crs.is_projected() {
        if west > east {
            return refuse("西界大于东界", "its west lies east of its east");
        }
        // A map zoomed out shows more than the world: what lies beyond it holds nothing.
        let (west, south, east, north) = match crs {
            Crs::Epsg3857 => (west.max(-WORLD), south.max(-WORLD), east.min(WORLD), north.min(WORLD)),
            _ => (west, south, east, north),
        };
        let b = crs.bounds_to_storage(&Bounds { west, south, east, north });
        let b = Bounds { west: b.west.max(-180.0), east: b.east.min(180.0), ..b };
        return if !b.is_empty() && b.to_array().iter().all(|v| v.is_finite()) {
            Ok(vec![b])
        } else {
            refuse("超出该坐标系的范围", "it is out of that system's range")
        };
    }
    if west.abs() > 180.0 || east.abs() > 180.0 || south.abs() > 90.0 || north.abs() > 90.0 {
        return refuse("经纬度超出范围", "longitude or latitude is out of range");
    }
    if west > east {
        return Ok(vec![Bounds { west, south, east: 180.0, north }, Bounds { west: -180.0, south, east, north }]);
    }
    Ok(vec![Bounds { west, south, east, north }])
}

/// OGC `datetime`: an instant, or `from/to` with `..` or nothing for an open end, against the layer's time
/// fields. Features without a time stay in. `None` for a layer that declares none: all its features match.
/// `sees` tells which fields may be used: times that may not be seen are as if not declared.
pub fn datetime(text: &str, layer: &Layer, sees: &dyn Fn(usize) -> bool) -> Result<Option<Filter>, QuestionFault> {
    let wrong = |zh: &str, en: &str| {
        fault(
            "datetime",
            zh,
            en,
            "例如 2024-05-01T00:00:00Z 或 2024-01-01/.. ",
            "such as 2024-05-01T00:00:00Z or 2024-01-01/..",
        )
    };
    let end = |text: &str| match text.trim() {
        "" | ".." => Ok(None),
        t => {
            let date = t.parse::<jiff::civil::Date>().ok().filter(|_| t.len() == 10).map(|d| d.to_string());
            let canonical = date.or_else(|| value::time(t));
            canonical
                .map(|c| Some(Term::Literal(Value::text(&c))))
                .ok_or_else(|| wrong("不是 RFC 3339 时刻", "not an RFC 3339 time"))
        }
    };
    let asked = match text.split('/').collect::<Vec<_>>()[..] {
        [one] => match end(one)? {
            Some(at) => Period { from: Some(at.clone()), to: Some(at) },
            None => return Err(wrong("缺少时刻", "a time is wanted")),
        },
        [from, to] => {
            let (from, to) = (end(from)?, end(to)?);
            let text = |t: &Option<Term>| match t {
                Some(Term::Literal(Value::Text(t))) => t.to_string(),
                _ => String::new(),
            };
            if from.is_none() && to.is_none() {
                return Err(wrong("两端都是开放的", "both ends are open"));
            }
            if from.is_some() && to.is_some() && is_later(&text(&from), &text(&to)) {
                return Err(wrong("起始晚于结束", "it ends before it begins"));
            }
            Period { from, to }
        }
        _ => return Err(wrong("最多一个“/”", "at most one '/'")),
    };
    let Some(times) = &layer.times else { return Ok(None) };
    let seen = |name: &str| layer.field_index(name).filter(|f| sees(*f));
    let Some(from) = seen(&times.from) else { return Ok(None) };
    let to = times.to.as_deref().and_then(seen);
    let is_null = |f: usize| Filter::IsNull(Term::Field(f));
    let meets = |from: Option<usize>, to: Option<usize>| Filter::Temporal {
        op: TemporalOp::Intersects,
        left: Period { from: from.map(Term::Field), to: to.map(Term::Field) },
        right: asked.clone(),
    };
    Ok(Some(match to {
        None => Filter::Or(vec![is_null(from), meets(Some(from), Some(from))]),
        // An end that is not known is open.
        Some(to) => Filter::Or(vec![
            Filter::And(vec![is_null(from), is_null(to)]),
            Filter::And(vec![is_null(to), meets(Some(from), None)]),
            Filter::And(vec![is_null(from), meets(None, Some(to))]),
            meets(Some(from), Some(to)),
        ]),
    }))
}

/// True when one canonical date or timestamp lies wholly after another.
fn is_later(a: &str, b: &str) -> bool {
    match (a.len(), b.len()) {
        (x, y) if x == y => a > b,
        // A date beside a timestamp is its whole day.
        _ => a.get(..10) > b.get(..10),
    }
}

/// `sortby=-a,+b,c`.
pub fn sortby(
    text: &str,
    layer: &Layer,
    sees: &dyn Fn(usize) -> bool,
) -> Result<Vec<(usize, Direction)>, QuestionFault> {
    let one = |part: &str| {
        // A plus that was not encoded comes as a blank.
        let part = part.trim();
        let (direction, name) = match part.strip_prefix('-') {
            Some(name) => (Direction::Down, name),
            None => (Direction::Up, part.strip_prefix('+').unwrap_or(part)),
        };
        let found = layer.field_index(name).filter(|f| sees(*f) && layer.fields[*f].kind != FieldType::List);
        found.map(|f| (f, direction)).ok_or_else(|| no_field("sortby", name, layer, sees))
    };
    let keys: Vec<(usize, Direction)> = text.split(',').map(one).collect::<Result<_, _>>()?;
    match keys.iter().enumerate().find(|(i, k)| keys[..*i].iter().any(|earlier| earlier.0 == k.0)) {
        None => Ok(keys),
        Some((_, (f, _))) => {
            let id = &layer.fields[*f].id;
            let (zh, en) = (format!("字段“{id}”出现了两次"), format!("field '{id}' stands twice"));
            Err(fault("sortby", zh, en, "每个字段只写一次", "name each field once"))
        }
    }
}

/// `properties=a,b`; `id` and `geometry` may be named, they come anyway.
pub fn properties(text: &str, layer: &Layer, sees: &dyn Fn(usize) -> bool) -> Result<Vec<usize>, QuestionFault> {
    let names = text.split(',').map(str::trim).filter(|n| !["", "id", "geometry"].contains(n));
    let one = |name: &str| {
        layer.field_index(name).filter(|f| sees(*f)).ok_or_else(|| no_field("properties", name, layer, sees))
    };
    names.map(one).collect()
}

fn no_field(parameter: &str, name: &str, layer: &Layer, sees: &dyn Fn(usize) -> bool) -> QuestionFault {
    let name: String = name.chars().take(60).collect();
    let known: Vec<&str> =
        layer.fields.iter().enumerate().filter(|(i, _)| sees(*i)).map(|(_, f)| f.id.as_str()).collect();
    let known = known.join(", ");
    fault(
        parameter,
        format!("没有可用的字段“{name}”"),
        format!("there is no such field '{name}'"),
        &format!("可用：{known}"),
        &format!("fields are {known}"),
    )
}

/// A value given for a field that does not fit it.
pub fn value_fault(field: &str, e: &ValueFault) -> QuestionFault {
    fault(field, format!("取值有误：{e}"), e.to_string(), "请检查类型", "look at its type")
}

/// A value that is neither true nor false.
pub fn flag_fault(parameter: &str) -> QuestionFault {
    fault(parameter, "应为 true 或 false", "true or false is wanted", "例如 true", "such as true")
}

/// Field equals value, as `kind=WS` in the query string asks.
pub fn equals(field: usize, value: Value) -> Filter {
    Filter::Compare { op: Comparison::Equal, left: Term::Field(field), right: Term::Literal(value) }
}
