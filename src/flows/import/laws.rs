//! read(write(x)) = x: random features of random layers, through every format that can do both.

use std::sync::Arc;

use geo_types::{Coord, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, Rect};
use proptest::collection::vec;
use proptest::prelude::*;
use rustc_hash::FxHashSet;

use super::intake::Intake;
use super::mapping::Mapping;
use crate::flows::references::References;
use crate::flows::rules::{self, TownRules};
use crate::formats::{FORMATS, Format, Row, visible};
use crate::geom::{Bounds, Crs, Geometry, WorkCrs};
use crate::layer::field::Code;
use crate::layer::value::canonical_time;
use crate::layer::{Feature, Field, FieldType, GeometryKind, Layer, Value, Words};

const TOWN: Bounds = Bounds { west: 116.6, south: 35.38, east: 116.84, north: 35.54 };

fn place() -> impl Strategy<Value = Coord> {
    (TOWN.west..TOWN.east, TOWN.south..TOWN.north).prop_map(|(x, y)| Coord { x, y })
}

/// A rectangle in a column of its own, so that several never meet, sometimes with a hole.
fn block(column: usize) -> impl Strategy<Value = Polygon> {
    let west = TOWN.west + 0.02 * column as f64;
    (0.001..0.015f64, 35.4..35.45f64, 0.001..0.05f64, any::<bool>()).prop_map(move |(w, south, h, hole)| {
        let shell = Rect::new((west, south), (west + w, south + h)).to_polygon().into_inner().0;
        let inner = Rect::new((west + w * 0.25, south + h * 0.25), (west + w * 0.5, south + h * 0.5));
        // an inner ring goes the other way round
        let hole = hole.then(|| LineString(inner.to_polygon().exterior().0.iter().rev().copied().collect()));
        Polygon::new(shell, hole.into_iter().collect())
    })
}

fn line() -> impl Strategy<Value = LineString> {
    vec(place(), 2..6).prop_map(LineString)
}

fn geometry(kind: GeometryKind) -> BoxedStrategy<Geometry> {
    match kind {
        GeometryKind::Point => prop_oneof![
            place().prop_map(|c| Point(c).into()),
            vec(place().prop_map(Point), 1..4).prop_map(|p| MultiPoint(p).into()),
        ]
        .boxed(),
        GeometryKind::LineString => {
            prop_oneof![line().prop_map(Geometry::from), vec(line(), 1..3).prop_map(|l| MultiLineString(l).into()),]
                .boxed()
        }
        GeometryKind::Polygon => prop_oneof![
            block(0).prop_map(Geometry::from),
            (block(1), block(2)).prop_map(|(a, b)| MultiPolygon(vec![a, b]).into()),
        ]
        .boxed(),
    }
}

fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|s| s.replace('\0', ""))
}

fn code(i: usize) -> Code {
    Code { code: format!("c{i}"), zh: format!("词{i}"), en: format!("Word {i}"), color: None }
}

fn field(i: usize) -> impl Strategy<Value = Field> {
    let kinds = prop::sample::select(vec![
        FieldType::Text,
        FieldType::Integer,
        FieldType::Number,
        FieldType::Boolean,
        FieldType::Date,
        FieldType::DateTime,
        FieldType::List,
    ]);
    (kinds, 0usize..4, any::<bool>()).prop_map(move |(kind, codes, closed)| {
        let is_coded = matches!(kind, FieldType::Text | FieldType::List) && codes > 0;
        Field {
            id: format!("f{i}"),
            title: Words { zh: format!("字段{i}"), en: format!("Field {i}") },
            kind,
            unit: None,
            required: false,
            closed: closed && is_coded,
            min: None,
            max: None,
            default: None,
            tile_zoom: None,
            search: false,
            refers: None,
            access: None,
            values_from: None,
            values: if is_coded { (0..codes).map(code).collect() } else { Vec::new() },
        }
    })
}

fn layer() -> impl Strategy<Value = Layer> {
    let kinds = [GeometryKind::Point, GeometryKind::LineString, GeometryKind::Polygon];
    let fields = (0usize..7).prop_flat_map(|n| (0..n).map(field).collect::<Vec<_>>());
    (prop::sample::subsequence(kinds.to_vec(), 0..=3), fields).prop_map(|(geometry, fields)| {
        let words = Words { zh: "层".into(), en: "Layer".into() };
        Layer {
            id: "any".into(),
            title: words.clone(),
            about: words,
            group: "all".into(),
            geometry,
            zoom: crate::layer::schema::Zooms { min: 10, full: 16 },
            label: None,
            draw: Default::default(),
            times: None,
            access: None,
            fields,
        }
    })
}

fn value(field: &Field) -> BoxedStrategy<Value> {
    let words = match (field.values.len(), field.closed) {
        (0, _) => text().boxed(),
        (n, true) => (0..n).prop_map(|i| format!("c{i}")).boxed(),
        (n, false) => prop_oneof![(0..n).prop_map(|i| format!("c{i}")), Just("另一个".to_string())].boxed(),
    };
    let some = match field.kind {
        FieldType::Text => words.prop_map(|w| Value::text(&w)).boxed(),
        FieldType::Integer => any::<i64>().prop_map(Value::Int).boxed(),
        FieldType::Number => any::<f64>().prop_filter("finite", |v| v.is_finite()).prop_map(Value::Real).boxed(),
        FieldType::Boolean => any::<bool>().prop_map(Value::Bool).boxed(),
        FieldType::Date => (1i16..=9999, 1i8..=12, 1i8..=28)
            .prop_map(|(y, m, d)| Value::text(&format!("{y:04}-{m:02}-{d:02}")))
            .boxed(),
        FieldType::DateTime => (-62_000_000_000i64..=250_000_000_000, 0i32..1_000_000)
            .prop_map(|(s, micro)| Value::text(&canonical_time(jiff::Timestamp::new(s, micro * 1000).unwrap())))
            .boxed(),
        FieldType::List => vec(words, 0..4).prop_map(|l| Value::text(&serde_json::to_string(&l).unwrap())).boxed(),
    };
    prop_oneof![1 => Just(Value::Null), 4 => some].boxed()
}

fn feature(layer: &Layer) -> BoxedStrategy<Feature> {
    let geometry = match &layer.geometry[..] {
        [] => Just(None).boxed(),
        kinds => prop::sample::select(kinds.to_vec()).prop_flat_map(geometry).prop_map(Some).boxed(),
    };
    let values: Vec<_> = layer.fields.iter().map(value).collect();
    let id = any::<String>().prop_filter("usable", |id| rules::id(id).is_none());
    (id, geometry, values)
        .prop_map(|(id, geometry, values)| Feature { fid: 0, id: id.into(), geometry, values })
        .boxed()
}

fn town() -> impl Strategy<Value = (Layer, Vec<Feature>)> {
    layer().prop_flat_map(|layer| {
        let features = vec(feature(&layer), 0..8).prop_map(|list| {
            let mut ids = FxHashSet::default();
            list.into_iter().filter(|f| ids.insert(f.id.clone())).collect::<Vec<_>>()
        });
        (Just(layer), features)
    })
}

/// The bytes of a file of the features.
fn written(format: &dyn Format, layer: &Layer, features: &[Feature]) -> Vec<u8> {
    let fields: Vec<usize> = (0..layer.fields.len()).collect();
    let out = SharedBytes::default();
    let mut writer = format.writer(layer, &fields, Box::new(out.clone())).expect("a writer");
    for f in features {
        let values = visible(&f.values, &fields);
        writer.write(&Row { id: &f.id, geometry: f.geometry.as_ref(), values: &values }).unwrap();
    }
    writer.finish().unwrap();
    out.0.lock().unwrap().clone()
}

#[derive(Clone, Default)]
struct SharedBytes(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for SharedBytes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn read(format: &dyn Format, layer: &Layer, bytes: &[u8]) -> (Vec<Feature>, Intake) {
    let town = TownRules { extent: TOWN, work: WorkCrs(Crs::GaussKruger(4548)) };
    let layer = Arc::new(layer.clone());
    let mut intake = Intake::new(layer, town, Mapping::default(), FxHashSet::default(), References::default());
    intake.begin("written");
    let mut reader = format.reader(Box::new(bytes)).expect("a reader");
    let mut out = Vec::new();
    while let Some(raw) = reader.next() {
        match raw {
            Ok(raw) => out.extend(intake.take(raw, Crs::Epsg4490)),
            Err(fault) => intake.tell_read(fault),
        }
    }
    intake.end();
    (out, intake)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_written_reads_back_the_same((layer, features) in town()) {
        for format in FORMATS.iter().filter(|f| f.can_read() && f.can_write()) {
            let bytes = written(*format, &layer, &features);
            if bytes.is_empty() {
                // features one a line, none of them: an empty file, which is refused as cut off
                prop_assert!(features.is_empty());
                continue;
            }
            let (found, intake) = read(*format, &layer, &bytes);
            prop_assert!(intake.faults.is_empty(), "{} {:?}", format.name(), intake.faults.list);
            prop_assert_eq!(&found, &features, "{}", format.name());
            let told = intake.warnings.list.iter().all(|w| ["unlisted-value", "tiny"].contains(&w.rule));
            prop_assert!(told, "{:?}", intake.warnings.list);
        }
    }

    /// Every format that can be written takes every feature of every layer.
    #[test]
    fn every_writer_takes_every_feature((layer, features) in town()) {
        for format in FORMATS.iter().filter(|f| f.can_write()) {
            let bytes = written(*format, &layer, &features);
            prop_assert!(!bytes.is_empty() || features.is_empty(), "{}", format.name());
        }
    }

    /// One byte changed: a feature less or more, a fault, but an answer.
    #[test]
    fn a_changed_byte_gives_an_answer(
        (layer, features) in town(), place in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = written(FORMATS[0], &layer, &features);
        let at = place.index(bytes.len());
        bytes[at] = byte;
        let (found, intake) = read(FORMATS[0], &layer, &bytes);
        prop_assert!(found.len() <= features.len() + 1);
        for fault in intake.faults.list.iter().chain(&intake.warnings.list) {
            prop_assert!(!fault.line().contains(|c: char| c.is_control()), "{:?}", fault);
        }
    }
}
