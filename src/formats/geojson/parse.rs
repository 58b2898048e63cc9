//! Reads one GeoJSON object from its bytes, keeping what is wrong with it. Knows no stream and no layer.

use rustc_hash::FxHashSet;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use super::members::{Member, Object, Properties};
use super::shape::geometry;
use crate::formats::fault::words;
use crate::formats::{RawFeature, ReadProblem, shown};
use crate::geom::Crs;

/// A feature or bare geometry, with the CRS it names by itself.
pub fn feature(bytes: &[u8], line: u64) -> Result<(RawFeature, Option<Crs>), (u64, ReadProblem)> {
    let object = object(bytes, line)?;
    let mut out = RawFeature { line, ..RawFeature::default() };
    let twice = |o: &Object, out: &mut RawFeature| {
        out.problems.extend(o.twice.iter().map(|name| ReadProblem::Twice { name: name.clone() }));
    };
    twice(&object, &mut out);
    let Some(kind) = object.kind.as_ref().and_then(Json::as_str) else {
        return Err((line, not_geojson("缺少 type", "it has no member type")));
    };
    let crs = match crs_of(object.crs.as_ref()) {
        Ok(crs) => crs,
        Err(problem) => {
            out.problems.push(problem);
            None
        }
    };
    if kind != "Feature" {
        if kind == "FeatureCollection" {
            return Err((
                line,
                not_geojson("FeatureCollection 没有 features 数组", "a FeatureCollection without an array of features"),
            ));
        }
        if !super::shape::KINDS.contains(&kind) {
            let kind = shown(kind);
            return Err((line, not_geojson(format!("未知的 type“{kind}”"), format!("type '{kind}' is unknown"))));
        }
        put_geometry(&object, &mut out);
        return Ok((out, crs));
    }
    match object.id.as_ref().map(id_text) {
        None => {}
        Some(Ok(id)) => out.id = id,
        Some(Err(problem)) => {
            out.bad_id = true;
            out.problems.push(problem);
        }
    }
    match &object.geometry {
        None => out.problems.push(not_geojson(
            "Feature 缺少 geometry（没有图形请写 null）",
            "the Feature has no member geometry (null, where there is none)",
        )),
        Some(Member::Other("null")) => {}
        Some(Member::Other(what)) => {
            out.broken_geometry = true;
            out.problems.push(shape_problem(format!("geometry 是 {what}"), format!("geometry is {what}")));
        }
        Some(Member::Object(part)) => {
            twice(part, &mut out);
            put_geometry(part, &mut out);
        }
    }
    match object.properties {
        None | Some(Properties::Other("null")) => {}
        Some(Properties::Other(what)) => {
            out.problems
                .push(not_geojson(format!("properties 是 {what}"), format!("properties is {what}, not an object")));
        }
        Some(Properties::Members(mut members)) => {
            out.problems.extend(repeated(&mut members).into_iter().map(|name| ReadProblem::Twice { name }));
            out.properties = members;
        }
    }
    Ok((out, crs))
}

fn object(bytes: &[u8], line: u64) -> Result<Object, (u64, ReadProblem)> {
    let text = utf8(bytes, line)?;
    match serde_json::from_str::<Member>(text) {
        Ok(Member::Object(object)) => Ok(*object),
        Ok(Member::Other(what)) => Err((
            line,
            not_geojson(format!("此处是 {what} 而不是要素"), format!("{what} stands where a feature is wanted")),
        )),
        Err(e) => Err(located(bytes, line, &e)),
    }
}

fn utf8(bytes: &[u8], line: u64) -> Result<&str, (u64, ReadProblem)> {
    std::str::from_utf8(bytes).map_err(|e| (line + newlines(&bytes[..e.valid_up_to()]), ReadProblem::NotUtf8))
}

fn put_geometry(object: &Object, out: &mut RawFeature) {
    let kind = object.kind.as_ref().and_then(Json::as_str);
    match geometry(kind, object.coordinates.as_ref(), &mut out.has_heights) {
        Ok(geometry) => out.geometry = Some(geometry),
        Err(problems) => {
            out.broken_geometry = true;
            out.problems.extend(problems);
        }
    }
}

/// What a collection says beside its features.
#[derive(Debug, Default)]
pub struct Envelope {
    /// `None` while no type has been read.
    pub kind: Option<String>,
    pub crs: Option<Crs>,
    pub problems: Vec<ReadProblem>,
}

/// Reads a collection without its features.
pub fn envelope(bytes: &[u8], line: u64) -> Result<Envelope, (u64, ReadProblem)> {
    let object = object(bytes, line)?;
    let mut out = Envelope::default();
    out.problems.extend(object.twice.iter().map(|name| ReadProblem::Twice { name: name.clone() }));
    out.kind = object.kind.as_ref().map(|k| k.as_str().map_or_else(|| shown(&k.to_string()), shown));
    match crs_of(object.crs.as_ref()) {
        Ok(crs) => out.crs = crs,
        Err(problem) => out.problems.push(problem),
    }
    Ok(out)
}

/// What is wrong with bytes that should be JSON, and in which line; `None` when nothing is.
pub fn syntax(bytes: &[u8], line: u64) -> Option<(u64, ReadProblem)> {
    if let Err(e) = std::str::from_utf8(bytes)
        && e.error_len().is_some()
    {
        return Some((line + newlines(&bytes[..e.valid_up_to()]), ReadProblem::NotUtf8));
    }
    serde_json::from_slice::<IgnoredAny>(bytes).err().map(|e| located(bytes, line, &e))
}

/// The problem behind a parser's error, with its line in the file; the bytes begin in line `line`.
fn located(bytes: &[u8], line: u64, e: &serde_json::Error) -> (u64, ReadProblem) {
    let at = line + (e.line() as u64).saturating_sub(1);
    if e.is_eof() {
        return (at, ReadProblem::CutShort { opened: line });
    }
    let mut what = e.to_string();
    if let Some(end) = what.rfind(" at line ") {
        what.truncate(end);
    }
    if what.starts_with("recursion limit") {
        return (at, ReadProblem::TooDeep);
    }
    let text = bytes.split(|b| *b == b'\n').nth(e.line().saturating_sub(1)).unwrap_or_default();
    let from = e.column().saturating_sub(1).min(text.len());
    if ["NaN", "Infinity", "-Infinity", "nan", "inf"].iter().any(|w| text[from..].starts_with(w.as_bytes())) {
        what = "JSON has no NaN and no Infinity".into();
    }
    let near = &text[from.saturating_sub(12)..(from + 24).min(text.len())];
    (at, ReadProblem::BrokenJson { what, near: String::from_utf8_lossy(near).trim_matches('\u{fffd}').trim().into() })
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

/// The problem of an object with features that is no FeatureCollection.
pub fn wrong_collection(kind: Option<&str>) -> ReadProblem {
    match kind {
        None => not_geojson("含 features 的对象缺少 type", "the object with features has no member type"),
        Some(kind) => not_geojson(
            format!("含 features 的对象 type 为“{kind}”"),
            format!("the object with features has type '{kind}'"),
        ),
    }
}

/// The problem of a file that is an array.
pub fn bare_array() -> ReadProblem {
    not_geojson("最外层是数组", "the outermost value is an array")
}

fn not_geojson(zh: impl Into<String>, en: impl Into<String>) -> ReadProblem {
    ReadProblem::NotGeoJson { what: words(zh, en) }
}

fn shape_problem(zh: impl Into<String>, en: impl Into<String>) -> ReadProblem {
    ReadProblem::WrongShape { what: words(zh, en) }
}

/// An id as text; `Ok(None)` for null, which some programs write.
fn id_text(id: &Json) -> Result<Option<String>, ReadProblem> {
    match id {
        Json::Null => Ok(None),
        Json::String(s) => Ok(Some(s.clone())),
        Json::Number(n) => Ok(Some(match n.as_f64() {
            // 7.0 and 7 are one number
            Some(v) if !n.is_i64() && !n.is_u64() && v.fract() == 0.0 && v.abs() < 9e15 => format!("{}", v as i64),
            _ => n.to_string(),
        })),
        other => Err(ReadProblem::BadId {
            what: words(shown(&other.to_string()), format!("{} is neither text nor number", shown(&other.to_string()))),
        }),
    }
}

/// The CRS of an old GeoJSON file's `crs` member; absent and null mean none is named.
fn crs_of(crs: Option<&Json>) -> Result<Option<Crs>, ReadProblem> {
    let Some(crs) = crs.filter(|c| !c.is_null()) else { return Ok(None) };
    let name = match &crs["properties"] {
        p if p["name"].is_string() => p["name"].as_str().unwrap_or_default().to_string(),
        p if p["code"].is_u64() => p["code"].to_string(),
        _ => crs.to_string(),
    };
    Crs::parse(&name).map(Some).map_err(|e| ReadProblem::UnknownCrs { name, hint: e.hint.into() })
}

/// Takes out members whose name stood before, and gives their names.
fn repeated(members: &mut Vec<(String, Json)>) -> Vec<String> {
    let mut seen = FxHashSet::default();
    let stands: Vec<bool> = members.iter().map(|(name, _)| !seen.insert(name.as_str())).collect();
    if !stands.contains(&true) {
        return Vec::new();
    }
    let mut stands = stands.into_iter();
    let again = members.extract_if(.., |_| stands.next().unwrap_or(false));
    again.map(|(name, _)| name).collect()
}
