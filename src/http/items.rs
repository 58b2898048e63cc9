//! `/api/collections/{layer}/items` and one item: OGC API Features Parts 1, 2 and 3 over the live town.

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use xxhash_rust::xxh3::xxh3_128;

use super::Service;
use super::answer::{Form, base_url, form, typed_answer};
use super::collections::layer_of;
use super::negotiate;
use super::pages;
use super::params::Params;
use super::problem::Problem;
use crate::formats::geojson::write::{self, Collection, Members};
use crate::formats::{self, Row};
use crate::geom::Crs;
use crate::layer::filter::Filter;
use crate::layer::question::{self, QuestionFault};
use crate::layer::{Layer, Query, Value, ValueRef, cql2};
use crate::town::{LayerTown, RowRef, Selection};

/// Parameters that the resource itself knows; every visible field is one too.
pub(super) const KNOWN: [&str; 13] = [
    "bbox",
    "bbox-crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "crs",
    "sortby",
    "properties",
    "limit",
    "offset",
    "skipGeometry",
    "f",
];

/// Features of a page when no limit is asked, and at most.
pub(super) const PAGE: usize = 10;
pub(super) const MOST: usize = 10_000;
/// Features of a table, which comes whole.
const TABLE: usize = 1_000_000;

impl From<QuestionFault> for Problem {
    fn from(fault: QuestionFault) -> Problem {
        Problem::parameter(&fault.parameter, fault.what, fault.hint)
    }
}

/// A question as asked: what to select and how to show it.
struct Question {
    query: Query,
    /// Positions of the fields to show.
    fields: Vec<usize>,
    crs: Crs,
    geometry: bool,
}

impl Question {
    fn read(
        params: &Params,
        layer: &Layer,
        visible: &[usize],
        default: usize,
        most: usize,
    ) -> Result<Question, Problem> {
        let sees = |f: usize| visible.contains(&f);
        let crs_of = |name: &'static str| -> Result<Crs, Problem> {
            let Some(text) = params.get(name) else { return Ok(Crs::Crs84) };
            Ok(question::crs(name, text)?)
        };
        let boxes = match params.get("bbox") {
            Some(text) => question::bbox(text, crs_of("bbox-crs")?)?,
            None => {
                crs_of("bbox-crs")?;
                vec![]
            }
        };
        let mut parts = Vec::new();
        if let Some(text) = params.get("filter") {
            let fault = |e: cql2::FilterFault| Problem::parameter("filter", e.what, e.hint).at(e.at);
            parts.push(
                cql2::parse(text, params.get("filter-lang"), layer, crs_of("filter-crs")?, &sees).map_err(fault)?,
            );
        } else {
            crs_of("filter-crs")?;
        }
        if let Some(text) = params.get("datetime") {
            parts.extend(question::datetime(text, layer, &sees)?);
        }
        for field in visible {
            let f = &layer.fields[*field];
            if KNOWN.contains(&f.id.as_str()) {
                continue;
            }
            if let Some(text) = params.get(&f.id) {
                let wrong = |e: crate::layer::value::ValueFault| question::value_fault(&f.id, &e);
                let mut loose = f.clone();
                (loose.required, loose.min, loose.max, loose.closed) = (false, None, None, false);
                let value = Value::from_text(text, &loose).map_err(wrong)?;
                parts.push(question::equals(*field, value));
            }
        }
        let filter = match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(Filter::And(parts)),
        };
        let sort = match params.get("sortby") {
            Some(text) => question::sortby(text, layer, &sees)?,
            None => vec![],
        };
        let fields = match params.get("properties") {
            Some(text) => question::properties(text, layer, &sees)?,
            None => visible.to_vec(),
        };
        let geometry = match params.get("skipGeometry") {
            None | Some("false") => true,
            Some("true") => false,
            Some(_) => return Err(question::flag_fault("skipGeometry").into()),
        };
        let limit = params.count("limit", 1, most, default)?;
        let offset = params.count("offset", 0, usize::MAX, 0)?;
        let crs = crs_of("crs")?;
        Ok(Question { query: Query { boxes, filter, sort, offset, limit }, fields, crs, geometry })
    }
}

/// Features of a layer.
pub async fn items(
    State(service): State<Service>,
    Path(layer): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (index, layer) = layer_of(&service, &layer)?;
    let visible: Vec<usize> = service.live.public.fields(index, layer).collect();
    let known: Vec<&str> = KNOWN.into_iter().chain(visible.iter().map(|f| layer.fields[*f].id.as_str())).collect();
    let params = Params::read(raw.as_deref(), &known)?;
    let form = form(&headers, &params, &[Form::GeoJson, Form::Html, Form::Csv, Form::Xlsx])?;
    let whole = matches!(form, Form::Csv | Form::Xlsx);
    let (default, most) = if whole { (TABLE, TABLE) } else { (PAGE, MOST) };
    let question = Question::read(&params, layer, &visible, default, most)?;
    let town = service.live.town.layer(index);
    let found = town.select(&question.query);
    let base = format!("{}/api/collections/{}/items", base_url(&headers), layer.id);
    let paging = Paging { params: &params, base: &base, query: &question.query, found: &found };
    match form {
        Form::Html => Ok(pages::items(&pages::Listing {
            layer,
            town: &town,
            found: &found,
            fields: &question.fields,
            links: &paging.links(),
            filter: params.get("filter").unwrap_or_default(),
            work: service.live.catalogue.town.work(),
        })),
        Form::Csv => table(layer, &town, &found, &question, Form::Csv),
        Form::Xlsx => table(layer, &town, &found, &question, Form::Xlsx),
        _ => collection(layer, &town, &found, &question, &paging),
    }
}

fn collection(
    layer: &Layer,
    town: &LayerTown,
    found: &Selection,
    question: &Question,
    paging: &Paging<'_>,
) -> Result<Response, Problem> {
    let mut out = Collection::new(layer, &question.fields, Vec::with_capacity(found.rows.len() * 512), Members::new());
    out.behind = vec![
        ("numberMatched".into(), found.matched.into()),
        ("numberReturned".into(), found.rows.len().into()),
        ("timeStamp".into(), jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into()),
        ("links".into(), links_json(&paging.links())),
    ];
    for row in &found.rows {
        question.show(town.row(*row), |row| out.feature(row, &Members::new())).map_err(|e| Problem::internal(&e))?;
    }
    let body = out.end().map_err(|e| Problem::internal(&e))?;
    let mut response = typed_answer("application/geo+json", body);
    say_crs(&mut response, question.crs);
    Ok(response)
}

impl Question {
    /// Hands a row on as it is to be written: visible values, geometry in the CRS asked for.
    fn show<T>(&self, row: RowRef<'_>, write: impl FnOnce(&Row<'_>) -> T) -> T {
        let geometry = row.shape().filter(|_| self.geometry).map(|s| s.to_geometry());
        let geometry =
            geometry.map(|g| if self.crs == Crs::Crs84 { g } else { self.crs.geometry_from_storage(&g, true) });
        let values: Vec<ValueRef<'_>> = self.fields.iter().map(|f| row.value(*f)).collect();
        write(&Row { id: row.id(), geometry: geometry.as_ref(), values: &values })
    }
}

/// `Content-Crs`, as Part 2 wants it.
fn say_crs(response: &mut Response, crs: Crs) {
    if let Some(value) = crs.uri().and_then(|u| HeaderValue::from_str(&format!("<{u}>")).ok()) {
        response.headers_mut().insert("content-crs", value);
    }
}

/// All features as a table in a form of the register, as a file to keep.
fn table(
    layer: &Layer,
    town: &LayerTown,
    found: &Selection,
    question: &Question,
    form: Form,
) -> Result<Response, Problem> {
    let fault = |e: &dyn std::fmt::Display| Problem::internal(e);
    let format = formats::by_name(form.name()).ok_or_else(|| fault(&"a form without a format"))?;
    let mut bytes: Vec<u8> = Vec::new();
    let writer = format.writer(layer, &question.fields, Box::new(&mut bytes));
    let mut writer = writer.ok_or_else(|| fault(&"a format that does not write"))?;
    for row in &found.rows {
        question.show(town.row(*row), |row| writer.write(row)).map_err(|e| fault(&e))?;
    }
    writer.finish().map_err(|e| fault(&e))?;
    let mut response = typed_answer(format.media_type(), bytes);
    let name = format!("attachment; filename=\"{}.{}\"", layer.id, form.name());
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|e| fault(&e))?);
    say_crs(&mut response, question.crs);
    Ok(response)
}

/// One feature, with a strong ETag of its content.
pub async fn item(
    State(service): State<Service>,
    Path((layer, id)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (index, layer) = layer_of(&service, &layer)?;
    let params = Params::read(raw.as_deref(), &["crs", "f"])?;
    let form = form(&headers, &params, &[Form::GeoJson, Form::Html])?;
    let crs = match params.get("crs") {
        Some(text) => question::crs("crs", text)?,
        None => Crs::Crs84,
    };
    let town = service.live.town.layer(index);
    let row = town.find(&id).ok_or_else(|| {
        let shown: String = id.chars().take(60).collect();
        Problem::not_found(
            format!("图层“{}”中没有编号为“{shown}”的要素", layer.title.zh),
            format!("layer {} has no feature '{shown}'", layer.id),
        )
    })?;
    let fields: Vec<usize> = service.live.public.fields(index, layer).collect();
    if form == Form::Html {
        return Ok(pages::item(&service, layer, &town, row, &fields));
    }
    let row = town.row(row);
    let here = format!("{}/api/collections/{}", base_url(&headers), layer.id);
    let encoded = percent_encoding::utf8_percent_encode(row.id(), percent_encoding::NON_ALPHANUMERIC).to_string();
    let links = vec![
        Link { href: format!("{here}/items/{encoded}"), rel: "self", media: "application/geo+json" },
        Link { href: format!("{here}/items/{encoded}?f=html"), rel: "alternate", media: "text/html" },
        Link { href: here, rel: "collection", media: "application/json" },
    ];
    let question = Question { query: Query::default(), fields, crs, geometry: true };
    let own = vec![("links".to_string(), links_json(&links))];
    let mut body = Vec::with_capacity(1024);
    question
        .show(row, |row| write::feature(&mut body, layer, &question.fields, row, &own))
        .map_err(|e| Problem::internal(&e))?;
    let etag = format!("\"{:032x}\"", xxh3_128(&body));
    let mut response = if negotiate::has_already(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        typed_answer("application/geo+json", body)
    };
    if let Ok(value) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    say_crs(&mut response, crs);
    Ok(response)
}

/// A link of an answer.
pub struct Link {
    pub href: String,
    pub rel: &'static str,
    pub media: &'static str,
}

struct Paging<'a> {
    params: &'a Params,
    base: &'a str,
    query: &'a Query,
    found: &'a Selection,
}

impl Paging<'_> {
    /// Links to this page, the other forms, the next and the previous page.
    fn links(&self) -> Vec<Link> {
        let query = |drop: &[&str], add: &str| {
            let kept = self.params.without(drop);
            let parts: Vec<&str> = [kept.as_str(), add].into_iter().filter(|p| !p.is_empty()).collect();
            if parts.is_empty() { self.base.to_string() } else { format!("{}?{}", self.base, parts.join("&")) }
        };
        let geojson = "application/geo+json";
        let mut links = vec![
            Link { href: query(&[], ""), rel: "self", media: geojson },
            Link { href: query(&["f"], "f=html"), rel: "alternate", media: Form::Html.media() },
            Link { href: query(&["f", "limit", "offset"], "f=csv"), rel: "alternate", media: Form::Csv.media() },
            Link { href: query(&["f", "limit", "offset"], "f=xlsx"), rel: "alternate", media: Form::Xlsx.media() },
        ];
        let next = self.query.offset.saturating_add(self.query.limit);
        if next < self.found.matched {
            links.push(Link { href: query(&["offset"], &format!("offset={next}")), rel: "next", media: geojson });
        }
        if self.query.offset > 0 {
            let before = self.query.offset.saturating_sub(self.query.limit);
            links.push(Link { href: query(&["offset"], &format!("offset={before}")), rel: "prev", media: geojson });
        }
        links
    }
}

fn links_json(links: &[Link]) -> serde_json::Value {
    let one = |l: &Link| serde_json::json!({"href": l.href, "rel": l.rel, "type": l.media});
    serde_json::Value::Array(links.iter().map(one).collect())
}
