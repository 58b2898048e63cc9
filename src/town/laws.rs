//! Laws of the live town: index and scan answer as the slow, obvious way does, before and after changes.

use std::sync::Arc;

use geo::Intersects;
use geo_types::{Coord, Geometry as G, LineString, Point, Rect, coord};
use proptest::prelude::*;

use super::LayerTown;
use crate::geom::{Bounds, Crs, Shape};
use crate::layer::query::Direction;
use crate::layer::{Feature, Layer, Query, Value, cql2, evaluate};

fn layer() -> Arc<Layer> {
    let text = r#"
        id = "thing"
        title = { zh = "物", en = "Thing" }
        about = { zh = "", en = "" }
        group = "g"
        geometry = ["Point", "LineString"]
        zoom = { min = 10, full = 12 }
        [[field]]
        id = "word"
        title = { zh = "词", en = "Word" }
        type = "text"
        [[field]]
        id = "count"
        title = { zh = "数", en = "Count" }
        type = "integer"
        [[field]]
        id = "size"
        title = { zh = "大小", en = "Size" }
        type = "number"
    "#;
    Arc::new(toml::from_str(text).expect("a layer"))
}

fn place() -> impl Strategy<Value = Coord> {
    (0..400i32, 0..400i32).prop_map(|(x, y)| Coord { x: 116.7 + f64::from(x) * 1e-4, y: 35.4 + f64::from(y) * 1e-4 })
}

fn geometry() -> impl Strategy<Value = Option<G>> {
    prop_oneof![
        1 => Just(None),
        6 => place().prop_map(|c| Some(G::Point(Point(c)))),
        4 => prop::collection::vec(place(), 2..5).prop_map(|c| Some(G::LineString(LineString(c)))),
    ]
}

fn values() -> impl Strategy<Value = Vec<Value>> {
    let word = prop_oneof![
        Just(Value::Null),
        "[a-cA-C]{0,3}".prop_map(|s| Value::text(&s)),
        Just(Value::text("污水")),
        Just(Value::text("Ａｂ")),
    ];
    let count = prop_oneof![Just(Value::Null), (-5i64..5).prop_map(Value::Int)];
    let size = prop_oneof![Just(Value::Null), (-4i32..4).prop_map(|v| Value::Real(f64::from(v) / 2.0))];
    (word, count, size).prop_map(|(a, b, c)| vec![a, b, c])
}

fn features(most: usize) -> impl Strategy<Value = Vec<Feature>> {
    prop::collection::vec((geometry(), values()), 0..most).prop_map(|list| {
        let one = |(i, (geometry, values)): (usize, (Option<G>, Vec<Value>))| Feature {
            fid: i as i64 + 1,
            id: Arc::from(format!("t{i}")),
            geometry,
            values,
        };
        list.into_iter().enumerate().map(one).collect()
    })
}

const FILTERS: [&str; 20] = [
    "word = 'a'",
    "word <> 'a' AND count > 0",
    "NOT (count > 0 OR word = 'b')",
    "word LIKE 'a%'",
    "CASEI(word) LIKE CASEI('A%')",
    "CASEI(word) = CASEI('AB')",
    "word IN ('a', 'b', '污水')",
    "NOT word IN ('a', 'b')",
    "count BETWEEN -1 AND 2",
    "size >= 0.5",
    "size = 1",
    "count + 1 > size * 2",
    "word IS NULL",
    "word IS NOT NULL AND size IS NULL",
    "count > 0 OR size > 0",
    "S_INTERSECTS(geometry, BBOX(116.705, 35.405, 116.72, 35.42))",
    "S_DISJOINT(geometry, BBOX(116.705, 35.405, 116.72, 35.42))",
    "NOT S_INTERSECTS(geometry, BBOX(116.705, 35.405, 116.72, 35.42))",
    "S_WITHIN(geometry, BBOX(116.705, 35.405, 116.72, 35.42)) OR count > 3",
    "S_WITHIN(geometry, BBOX(116.705, 35.405, 116.73, 35.43)) OR S_CROSSES(geometry, LINESTRING(116.7 35.4, 116.74 35.44))",
];

/// Ids that a query finds the slow way.
fn slow(features: &[Feature], query: &Query) -> Vec<Arc<str>> {
    let town = LayerTown::build(layer(), features.to_vec());
    let meets = |f: &Feature| {
        query.boxes.is_empty()
            || f.geometry.as_ref().is_none_or(|g| {
                query.boxes.iter().any(|b| {
                    g.intersects(&Rect::new(coord! { x: b.west, y: b.south }, coord! { x: b.east, y: b.north }))
                })
            })
    };
    let holds = |(row, f): &(u32, &Feature)| {
        meets(f) && query.filter.as_ref().is_none_or(|x| evaluate::holds(x, &town.row(*row)) == Some(true))
    };
    features.iter().enumerate().map(|(i, f)| (i as u32, f)).filter(holds).map(|(_, f)| f.id.clone()).collect()
}

fn found(town: &LayerTown, query: &Query) -> Vec<Arc<str>> {
    let mut ids: Vec<_> = town.select(query).rows.iter().map(|r| town.row(*r).id().clone()).collect();
    ids.sort();
    ids
}

fn window() -> impl Strategy<Value = Bounds> {
    (place(), place()).prop_map(|(a, b)| Bounds {
        west: a.x.min(b.x),
        south: a.y.min(b.y),
        east: a.x.max(b.x),
        north: a.y.max(b.y),
    })
}

fn query(filter: usize, boxes: Vec<Bounds>) -> Query {
    let text = FILTERS.get(filter);
    let filter = text.map(|t| cql2::parse_text(t, &layer(), Crs::Crs84, &|_| true).expect("a filter"));
    Query { boxes, filter, limit: usize::MAX, ..Query::default() }
}

proptest! {
    #[test]
    fn index_and_scan_find_what_looking_at_each_finds(
        list in features(60), filter in 0..=FILTERS.len(), boxes in prop::collection::vec(window(), 0..2),
    ) {
        let query = query(filter, boxes);
        let mut expected = slow(&list, &query);
        expected.sort();
        prop_assert_eq!(found(&LayerTown::build(layer(), list), &query), expected);
    }

    #[test]
    fn a_changed_town_is_the_town_built_of_what_is_there_now(
        list in features(40), more in features(60), gone in prop::collection::vec(0..60usize, 0..10),
        filter in 0..=FILTERS.len(), boxes in prop::collection::vec(window(), 0..2),
    ) {
        let gone: Vec<Arc<str>> = gone.iter().map(|i| Arc::from(format!("t{i}"))).collect();
        let puts: Vec<Feature> = more.into_iter().step_by(3).filter(|f| !gone.contains(&f.id)).collect();
        let (town, touched) = LayerTown::build(layer(), list.clone()).changed(puts.clone(), &gone);
        let mut now: Vec<Feature> = list.iter().filter(|f| !gone.contains(&f.id)).cloned().collect();
        for put in &puts {
            match now.iter_mut().find(|f| f.id == put.id) {
                Some(f) => *f = put.clone(),
                None => now.push(put.clone()),
            }
        }
        for t in &touched {
            let before = list.iter().find(|f| f.id == t.id).and_then(|f| f.geometry.clone());
            prop_assert_eq!(t.before.as_ref().map(|s| s.to_geometry()), before);
        }
        prop_assert_eq!(town.len(), now.len());
        let query = query(filter, boxes);
        let mut expected = slow(&now, &query);
        expected.sort();
        prop_assert_eq!(found(&town, &query), expected);
        for f in &now {
            let row = town.find(&f.id).expect("it is there");
            prop_assert_eq!(&town.row(row).to_feature().values, &f.values);
        }
        for id in &gone {
            prop_assert!(town.find(id).is_none());
        }
    }

    #[test]
    fn sorted_pages_follow_one_another(list in features(50), size in 1..9usize) {
        let town = LayerTown::build(layer(), list);
        let sort = vec![(1, Direction::Down), (0, Direction::Up)];
        let whole = town.select(&Query { sort: sort.clone(), limit: usize::MAX, ..Query::default() });
        let mut joined = Vec::new();
        for offset in (0..whole.matched).step_by(size) {
            joined.extend(town.select(&Query { sort: sort.clone(), offset, limit: size, ..Query::default() }).rows);
        }
        prop_assert_eq!(&joined, &whole.rows);
        for pair in whole.rows.windows(2) {
            let key = |r: u32| town.row(r).value(1).to_value();
            let (a, b) = (key(pair[0]), key(pair[1]));
            prop_assert!(b.is_null() || (!a.is_null() && a.compare(&b).is_ge()));
        }
    }

    #[test]
    fn shapes_come_back_as_they_went_in(list in features(20)) {
        let town = LayerTown::build(layer(), list.clone());
        for (row, f) in list.iter().enumerate() {
            let shape = f.geometry.as_ref().and_then(Shape::of);
            prop_assert_eq!(town.row(row as u32).to_feature().geometry, shape.map(|s| s.to_geometry()));
        }
    }
}
