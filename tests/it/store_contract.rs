//! The contract that both stores keep, tried on each through the same functions.

use std::sync::Arc;

use futures_util::StreamExt;
use townseat::geom::Geometry;
use townseat::layer::{Change, Edit, Feature, Operation, Origin, Value};
use townseat::store::StoreError;

use super::store_ground::*;

const LINE: &[(f64, f64)] = &[(116.723_456_781_234_5, 35.1), (116.7, 35.100_000_000_000_01)];

fn me() -> Origin {
    Origin { who: "li'".into(), by: "edit".into() }
}

fn insert(layer: &str, feature: &Feature) -> Edit {
    Edit::Insert { layer: layer.into(), feature: feature.clone() }
}

fn update(layer: &str, feature: &Feature) -> Edit {
    Edit::Update { layer: layer.into(), feature: feature.clone() }
}

fn delete(layer: &str, id: &str) -> Edit {
    Edit::Delete { layer: layer.into(), id: id.into() }
}

fn stream(features: Vec<Feature>) -> townseat::store::FeatureStream<'static> {
    futures_util::stream::iter(features).boxed()
}

fn spot(id: &str, geometry: Geometry) -> Feature {
    Feature { fid: 0, id: id.into(), geometry: Some(geometry), values: vec![Value::text("甲")] }
}

fn point(x: f64, y: f64) -> Geometry {
    Geometry::Point(geo_types::Point::new(x, y))
}

/// Operation, feature and version of log rows.
fn told_of(changes: &[Change]) -> Vec<(Operation, &str, i64)> {
    changes.iter().map(|c| (c.operation, &*c.feature, c.version)).collect()
}

async fn an_empty_place_becomes_an_empty_store(ground: &dyn Ground) {
    let town = town();
    let store = open(ground, &town).await;
    assert_eq!(store.last_seq().await.unwrap(), 0);
    assert_eq!(store.changes(0, 10).await.unwrap(), []);
    for layer in town.layers() {
        assert_eq!(read(&*store, layer).await, []);
    }
    store.close().await;
}

async fn what_is_written_is_read_to_the_bit(ground: &dyn Ground) {
    let town = town();
    let layer = town.layer("pipe").unwrap();
    let store = open(ground, &town).await;
    let mut features = vec![pipe("管-1", LINE), pipe("empty", &[(0.1, 0.2), (f64::MIN_POSITIVE, -1e-300)])];
    features[1].values = vec![Value::Null; layer.fields.len()];
    features[1].values[5] = Value::text("2024-05-01T08:00:00.120000Z");
    let edits: Vec<Edit> = features.iter().map(|f| insert("pipe", f)).collect();
    let written = store.write(&edits, &me()).await.unwrap();
    for (feature, fid) in features.iter_mut().zip(&written.fids) {
        feature.fid = *fid;
    }
    assert_eq!(read(&*store, layer).await, features);
    assert_eq!(store.get(layer, &["empty".into(), "absent".into()]).await.unwrap(), [features[1].clone()]);
    let area = geo_types::Polygon::new(vec![(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 1.0)].into(), vec![]);
    let many = geo_types::MultiPolygon(vec![area.clone(), area.clone()]);
    let spots = [spot("p", point(1.5, 2.5)), spot("a", area.into()), spot("m", many.into())];
    let edits: Vec<Edit> = spots.iter().map(|f| insert("spot", f)).collect();
    store.write(&edits, &me()).await.unwrap();
    let stored = read(&*store, town.layer("spot").unwrap()).await;
    assert_eq!(
        stored.iter().map(|f| &f.geometry).collect::<Vec<_>>(),
        spots.iter().map(|f| &f.geometry).collect::<Vec<_>>()
    );
    store.close().await;
    let store = open(ground, &town).await;
    assert_eq!(read(&*store, layer).await, features);
    assert_eq!(store.last_seq().await.unwrap(), 5);
    store.close().await;
}

async fn edits_land_all_or_none(ground: &dyn Ground) {
    let town = town();
    let store = open(ground, &town).await;
    store.write(&[insert("pipe", &pipe("a", LINE))], &me()).await.unwrap();
    let bad: [(Edit, &str); 4] = [
        (insert("pipe", &pipe("a", LINE)), "a"),
        (update("pipe", &pipe("b", LINE)), "b"),
        (delete("pipe", "b'; DROP TABLE"), "b'; DROP TABLE"),
        (delete("note", "a"), "a"),
    ];
    for (edit, id) in bad {
        let edits =
            [insert("note", &Feature { fid: 0, id: "n".into(), geometry: None, values: vec![Value::Null] }), edit];
        match store.write(&edits, &me()).await {
            Err(StoreError::Conflict { id: told, .. }) => assert_eq!(told, id),
            other => panic!("{other:?}"),
        }
    }
    let mut zero = pipe("z", LINE);
    zero.values[7] = Value::text("a\0b");
    assert!(matches!(store.write(&[insert("pipe", &zero)], &me()).await, Err(StoreError::Rejected { .. })));
    assert!(matches!(store.write(&[delete("no_layer", "a")], &me()).await, Err(StoreError::Rejected { .. })));
    assert_eq!(read(&*store, town.layer("note").unwrap()).await, []);
    assert_eq!(store.last_seq().await.unwrap(), 1);
    store.close().await;
}

async fn the_log_tells_what_was_before_and_by_whom(ground: &dyn Ground) {
    let town = town();
    let layer = town.layer("pipe").unwrap();
    let store = open(ground, &town).await;
    let mut first = pipe("a", LINE);
    let written = store.write(&[insert("pipe", &first)], &me()).await.unwrap();
    first.fid = written.fids[0];
    let mut second = first.clone();
    second.values[2] = Value::Real(300.5);
    second.geometry = None;
    let same = store.write(&[update("pipe", &second), update("pipe", &second)], &me()).await.unwrap();
    assert_eq!(told_of(&same.changes), [(Operation::Update, "a", 2)], "an update that changes nothing is not logged");
    assert_eq!(same.fids, [first.fid, first.fid]);
    store.write(&[delete("pipe", "a"), insert("pipe", &second)], &Origin::default()).await.unwrap();
    let history = store.history(layer, "a").await.unwrap();
    assert_eq!(
        told_of(&history),
        [
            (Operation::Insert, "a", 1),
            (Operation::Update, "a", 2),
            (Operation::Delete, "a", 3),
            (Operation::Insert, "a", 4)
        ]
    );
    assert_eq!(history, store.changes(0, 10).await.unwrap());
    assert_eq!(store.changes(2, 1).await.unwrap(), history[2..3]);
    let befores: Vec<_> = history.iter().map(|c| c.before.clone()).collect();
    assert_eq!(befores, [None, Some(first), Some(second), None]);
    assert_eq!((history[0].who.as_str(), history[0].by.as_str()), ("li'", "edit"));
    assert!(history.iter().all(|c| !c.is_outside() && c.at.len() == 27 && c.at.ends_with('Z')));
    assert!(history.windows(2).all(|w| w[0].at <= w[1].at && w[0].seq < w[1].seq));
    store.close().await;
}

async fn images_are_canonical_json_to_the_letter(ground: &dyn Ground) {
    let town = town();
    let layer = town.layer("pipe").unwrap();
    let store = open(ground, &town).await;
    let mut features: Vec<Feature> = reals()
        .iter()
        .enumerate()
        .map(|(i, r)| {
            let mut feature = pipe(&format!("{i}"), LINE);
            feature.values[2] = Value::Real(*r);
            feature.values[3] = Value::Bool(i % 2 == 0);
            feature
        })
        .collect();
    features[1].geometry = None;
    features[1].values = vec![Value::Null; layer.fields.len()];
    // whole seconds and thousandths are stored in another form
    features[2].values[5] = Value::text("2024-05-01T08:00:00.000000Z");
    features[3].values[5] = Value::text("2024-05-01T08:00:00.120000Z");
    store.import(layer, stream(features.clone()), &me(), &|| true).await.unwrap();
    let stored = read(&*store, layer).await;
    let half = features.len() / 2;
    let edits: Vec<Edit> = features[..half].iter().map(|f| delete("pipe", &f.id)).collect();
    store.write(&edits, &me()).await.unwrap();
    // the triggers run in another program, with another version of the database's code
    ground.sql(&format!("DELETE FROM {}", ground.table("pipe")));
    let images = ground.images();
    assert_eq!(images.len(), features.len());
    for (feature, image) in stored.iter().zip(&images) {
        assert_eq!(image, &image_of(layer, feature), "{:?}", feature.values[2]);
    }
    let log = store.changes(features.len() as i64, 10_000).await.unwrap();
    let befores: Vec<&Feature> = log.iter().map(|c| c.before.as_ref().unwrap()).collect();
    assert_eq!(befores, stored.iter().collect::<Vec<_>>());
    store.close().await;
}

async fn reals_of_all_bits_come_back_from_the_log(ground: &dyn Ground) {
    let town = town();
    let layer = town.layer("pipe").unwrap();
    let store = open(ground, &town).await;
    let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
    let features: Vec<Feature> = (0..3000)
        .map(|i| {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // sizes that lengths, levels and counts have, every bit of the fraction in use
            let real = f64::from_bits(bits >> 12 | 0x3ff0 << 48)
                * 10f64.powi(i % 18 - 4)
                * if i % 2 == 0 { 1.0 } else { -1.0 };
            let mut feature = pipe(&format!("{i}"), LINE);
            feature.values[2] = Value::Real(real);
            feature
        })
        .collect();
    store.import(layer, stream(features.clone()), &me(), &|| true).await.unwrap();
    ground.sql(&format!("DELETE FROM {}", ground.table("pipe")));
    let log = store.changes(3000, 10_000).await.unwrap();
    assert_eq!(log.len(), 3000);
    for (change, feature) in log.iter().zip(&features) {
        assert_eq!(change.before.as_ref().unwrap().values[2], feature.values[2]);
    }
    store.close().await;
}

/// Numbers as surveys have them, and those that a careless printer gets wrong.
fn reals() -> Vec<f64> {
    let mut out = vec![0.0, 1.0, 0.1, 0.1 + 0.2, 1.0 / 3.0, 2.5, 123_456_789.123_456_78, 1e14, 0.0001, 5e-5 * 7.0];
    out.extend((0..400).map(|i| f64::from(i * 7919 % 100_000) / 100.0));
    out.extend((0..400).map(|i| -f64::from(i * 104_729 % 1_000_000) / 1000.0));
    out.extend((0..200).map(|i| f64::from(i) * 0.1));
    out
}

async fn an_import_lands_whole_with_its_log_or_not_at_all(ground: &dyn Ground) {
    let town = town();
    let layer = town.layer("pipe").unwrap();
    let store = open(ground, &town).await;
    let by = Origin { who: String::new(), by: "import a.geojson".into() };
    let features: Vec<Feature> = (0..1234).map(|i| pipe(&format!("p{i}"), LINE)).collect();
    assert_eq!(store.import(layer, stream(features.clone()), &by, &|| false).await.unwrap(), 0);
    let twice: Vec<Feature> = features.iter().cloned().chain([pipe("p7", LINE)]).collect();
    assert!(store.import(layer, stream(twice), &by, &|| true).await.is_err());
    assert_eq!(read(&*store, layer).await, []);
    assert_eq!(store.last_seq().await.unwrap(), 0);
    store.write(&[insert("pipe", &pipe("p5", LINE)), delete("pipe", "p5")], &me()).await.unwrap();
    assert_eq!(store.import(layer, stream(features.clone()), &by, &|| true).await.unwrap(), 1234);
    let stored = read(&*store, layer).await;
    assert!(
        stored.iter().zip(&features).all(|(s, f)| s.id == f.id && s.geometry == f.geometry && s.values == f.values)
    );
    let log = store.changes(2, 5000).await.unwrap();
    assert_eq!(log.len(), 1234);
    assert!(log.iter().zip(&features).all(|(c, f)| c.feature == f.id
        && c.operation == Operation::Insert
        && c.version == if &*f.id == "p5" { 3 } else { 1 }
        && c.by == "import a.geojson"
        && c.before.is_none()));
    // the triggers are back
    store.write(&[delete("pipe", "p0")], &me()).await.unwrap();
    assert_eq!(
        told_of(&store.history(layer, "p0").await.unwrap()),
        [(Operation::Insert, "p0", 1), (Operation::Delete, "p0", 2)]
    );
    assert_eq!(store.import(layer, stream(vec![]), &by, &|| true).await.unwrap(), 0);
    store.close().await;
}

async fn an_outsiders_edits_wake_the_store_and_are_in_the_log(ground: &dyn Ground) {
    let town = town();
    let layer = town.layer("pipe").unwrap();
    let store = open(ground, &town).await;
    let written =
        store.write(&[insert("pipe", &pipe("a", LINE)), insert("pipe", &pipe("b", LINE))], &me()).await.unwrap();
    let mut a = pipe("a", LINE);
    a.fid = written.fids[0];
    let line = r#"{"type":"LineString","coordinates":[[116.5,35.5],[116.6,35.6]]}"#;
    ogr2ogr(ground, "pipe", &geojson(r#"{"kind":"WS","diameter_mm":200.25}"#, line), &["-append"]);
    let log = told(&*store, 2).await;
    assert_eq!(log.len(), 1);
    assert!(
        log[0].operation == Operation::Insert
            && log[0].version == 1
            && log[0].is_outside()
            && !log[0].feature.is_empty()
    );
    let come = store.get(layer, std::slice::from_ref(&log[0].feature)).await.unwrap();
    assert_eq!(come[0].values[0], Value::text("WS"));
    assert_eq!(come[0].values[2], Value::Real(200.25));
    let places = geo_types::LineString::from(vec![(116.5, 35.5), (116.6, 35.6)]);
    assert_eq!(come[0].geometry, Some(places.into()));

    let table = ground.table("pipe");
    ground.sql(&format!("UPDATE {table} SET diameter_mm = 0.1 WHERE id IN ('a', 'b')"));
    let log = told(&*store, 3).await;
    assert_eq!(told_of(&log), [(Operation::Update, "a", 2), (Operation::Update, "b", 2)]);
    assert_eq!(log[0].before, Some(a.clone()));
    ground.sql(&format!("UPDATE {table} SET id = 'c' WHERE id = 'a'"));
    let log = told(&*store, 5).await;
    assert_eq!(told_of(&log), [(Operation::Delete, "a", 3), (Operation::Insert, "c", 1)]);
    a.values[2] = Value::Real(0.1);
    assert_eq!(log[0].before, Some(a), "0.1 comes back as it was");
    ground.sql(&format!("UPDATE {table} SET id = NULL, kind = NULL WHERE id = 'c'"));
    let log = told(&*store, 7).await;
    assert_eq!(told_of(&log), [(Operation::Update, "c", 2)], "an id can't be taken away");
    ground.sql(&format!("DELETE FROM {table}"));
    let log = told(&*store, 8).await;
    assert_eq!(log.len(), 3);
    assert!(log.iter().all(|c| c.operation == Operation::Delete && c.before.is_some()));
    assert_eq!(read(&*store, layer).await, []);
    store.close().await;
}

async fn an_overwritten_table_is_put_back_with_a_resync(ground: &dyn Ground) {
    let town = town();
    let layer = town.layer("spot").unwrap();
    let store = open(ground, &town).await;
    store.write(&[insert("spot", &spot("a", point(116.5, 35.5)))], &me()).await.unwrap();
    let there = r#"{"type":"Point","coordinates":[116.75,35.45]}"#;
    ogr2ogr(ground, "spot", &geojson(r#"{"name":"乙","other":1}"#, there), &["-overwrite"]);
    let log = told(&*store, 1).await;
    assert_eq!(told_of(&log), [(Operation::Resync, "", 1)]);
    let stored = read(&*store, layer).await;
    assert_eq!(stored.len(), 1);
    assert!(!stored[0].id.is_empty());
    assert_eq!(
        (stored[0].geometry.clone(), stored[0].values.clone()),
        (Some(point(116.75, 35.45)), vec![Value::text("乙")])
    );
    // in metres, and while nobody is looking
    store.close().await;
    ogr2ogr(ground, "spot", &geojson(r#"{"id":"x","name":"丙"}"#, there), &["-overwrite", "-t_srs", "EPSG:4548"]);
    let store = open(ground, &town).await;
    let log = store.changes(2, 10).await.unwrap();
    assert_eq!(told_of(&log), [(Operation::Resync, "", 2)]);
    let stored = read(&*store, layer).await;
    assert_eq!(&*stored[0].id, "x");
    let Some(Geometry::Point(p)) = &stored[0].geometry else { panic!("{stored:?}") };
    // a micrometre on the ground
    assert!((p.x() - 116.75).abs() < 1e-11 && (p.y() - 35.45).abs() < 1e-11, "{p:?}");
    // the log is written again, by others and by us
    ground.sql(&format!("UPDATE {} SET name = 'x'", ground.table("spot")));
    assert_eq!(told_of(&told(&*store, 3).await), [(Operation::Update, "x", 1)]);
    store.write(&[insert("spot", &spot("y", point(1.0, 2.0)))], &me()).await.unwrap();
    assert_eq!(store.last_seq().await.unwrap(), 5);
    store.close().await;
}

async fn edits_of_two_stores_over_one_place_reach_each_other(ground: &dyn Ground) {
    let town = town();
    let (one, other) = (open(ground, &town).await, open(ground, &town).await);
    one.write(&[insert("pipe", &pipe("a", LINE))], &me()).await.unwrap();
    assert_eq!(told_of(&told(&*other, 0).await), [(Operation::Insert, "a", 1)]);
    let (a, b) = (Arc::clone(&one), Arc::clone(&other));
    let both = [a, b].into_iter().enumerate().map(|(n, store)| {
        tokio::spawn(async move {
            for i in 0..20 {
                store.write(&[insert("pipe", &pipe(&format!("{n}-{i}"), LINE))], &me()).await.unwrap();
            }
        })
    });
    for task in both.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let log = one.changes(0, 100).await.unwrap();
    assert_eq!(log.len(), 41);
    assert!(log.windows(2).all(|w| w[0].at <= w[1].at && w[0].seq < w[1].seq));
    one.close().await;
    other.close().await;
}

async fn a_catalogue_may_grow_but_not_shrink_under_data(ground: &dyn Ground) {
    let small = PIPE.split("[[field]]\nid = \"remark\"").next().unwrap();
    let before = town_with(small);
    let store = open(ground, &before).await;
    let mut old = pipe("a", LINE);
    old.values.pop();
    store.write(&[insert("pipe", &old)], &me()).await.unwrap();
    store.close().await;
    let grown = town();
    let store = open(ground, &grown).await;
    let layer = grown.layer("pipe").unwrap();
    let mut feature = pipe("a", LINE);
    feature.fid = 1;
    store.write(&[update("pipe", &feature)], &me()).await.unwrap();
    assert_eq!(read(&*store, layer).await, [feature.clone()]);
    let history = store.history(layer, "a").await.unwrap();
    assert_eq!(history.len(), 2, "a new field is no resync");
    assert_eq!(history[1].before.as_ref().unwrap().values[7], Value::Null);
    store.close().await;

    let text = |from: &str, to: &str| {
        assert!(PIPE.contains(from));
        PIPE.replace(from, to)
    };
    for (pipe, what) in [
        (small.to_string(), "remark"),
        (text("id = \"diameter_mm\"", "id = \"width_mm\""), "diameter_mm"),
        (text("type = \"boolean\"", "type = \"text\""), "buried"),
        (text("{ code = \"JS\", zh = \"给水\", en = \"Water\" }, ", ""), "kind"),
        (text("geometry = [\"LineString\"]", "geometry = [\"Point\"]"), "geometry"),
        (text("geometry = [\"LineString\"]", "geometry = []"), "geometry"),
    ] {
        match refused(&ground.address(), &town_with(&pipe)).await {
            StoreError::Narrowed { layer, what: told, hint } => {
                assert_eq!(layer, "pipe");
                assert!(told.contains(what) && !hint.is_empty(), "{told}");
            }
            other => panic!("{what}: {other}"),
        }
    }
    let required = text("type = \"list\"", "type = \"list\"\nrequired = true");
    let store = open(ground, &town_with(&required)).await;
    assert_eq!(read(&*store, layer).await, [feature.clone()], "all have the value, so it may be required");
    store.close().await;
    let store = open(ground, &grown).await;
    feature.values[6] = Value::Null;
    store.write(&[update("pipe", &feature)], &me()).await.unwrap();
    store.close().await;
    assert!(matches!(refused(&ground.address(), &town_with(&required)).await, StoreError::Narrowed { .. }));
    // what holds nothing may go, be of another type, take more
    let wider = text("type = \"list\"", "type = \"integer\"")
        .replace("geometry = [\"LineString\"]", "geometry = [\"LineString\", \"Point\"]");
    let wider = town_with(&wider);
    let store = open(ground, &wider).await;
    let mut dot = pipe("dot", LINE);
    dot.geometry = Some(point(1.0, 2.0));
    dot.values[6] = Value::Int(5);
    store.write(&[insert("pipe", &dot)], &me()).await.unwrap();
    let stored = read(&*store, wider.layer("pipe").unwrap()).await;
    assert_eq!(stored[0], feature);
    assert_eq!((&stored[1].geometry, &stored[1].values), (&dot.geometry, &dot.values));
    let last = store.changes(0, 100).await.unwrap();
    assert!(last.iter().all(|c| c.operation != Operation::Resync), "{last:?}");
    store.close().await;
}

/// Undoing the log from the present, row by row, passes through every state that there was.
async fn the_log_undone_row_by_row_is_every_past_state(ground: &dyn Ground) {
    type State = std::collections::BTreeMap<String, Feature>;
    let town = town();
    let layer = town.layer("pipe").unwrap();
    let store = open(ground, &town).await;
    let state = async || -> State { read(&*store, layer).await.into_iter().map(|f| (f.id.to_string(), f)).collect() };
    let mut seed = 7_u64;
    let mut draw = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut past: Vec<(i64, State)> = vec![(0, State::new())];
    for step in 0..60 {
        let now = &past.last().unwrap().1;
        let mut edits: Vec<Edit> = Vec::new();
        for id in (0..12).map(|n| format!("p{n}")) {
            let mut feature = pipe(&id, LINE);
            feature.values[2] = Value::Real(draw(100_000) as f64 / 100.0);
            feature.geometry = feature.geometry.filter(|_| draw(5) > 0);
            match (now.contains_key(&id), draw(8)) {
                (false, 0) => edits.push(insert("pipe", &feature)),
                (true, 0) => edits.push(update("pipe", &feature)),
                (true, 1) => edits.push(delete("pipe", &id)),
                (true, 2) => edits.extend([delete("pipe", &id), insert("pipe", &feature)]),
                _ => {}
            }
        }
        if step == 30 {
            let many = (0..40).map(|n| pipe(&format!("many{n}"), LINE)).collect();
            store.import(layer, stream(many), &me(), &|| true).await.unwrap();
        } else if step == 40 {
            ground.sql(&format!("UPDATE {} SET remark = 'outside' WHERE id LIKE 'many%'", ground.table("pipe")));
        } else {
            store.write(&edits, &me()).await.unwrap();
        }
        past.push((store.last_seq().await.unwrap(), state().await));
    }
    let log = store.changes(0, 10_000).await.unwrap();
    assert!(log.len() > 150, "{}", log.len());
    let mut undone = past.last().unwrap().1.clone();
    let mut rows = log.iter().rev().peekable();
    for (seq, then) in past.iter().rev() {
        while let Some(change) = rows.next_if(|c| c.seq > *seq) {
            match &change.before {
                Some(before) => undone.insert(change.feature.to_string(), before.clone()),
                None => undone.remove(&*change.feature),
            };
        }
        assert_eq!(&undone, then, "at {seq}");
    }
    store.close().await;
}

async fn a_layer_may_go_only_when_it_is_empty(ground: &dyn Ground) {
    let store = open(ground, &town()).await;
    store.write(&[insert("spot", &spot("a", point(1.0, 2.0)))], &me()).await.unwrap();
    store.close().await;
    match refused(&ground.address(), &town_of(&["note", "pipe"])).await {
        StoreError::Narrowed { layer, .. } => assert_eq!(layer, "spot"),
        other => panic!("{other}"),
    }
    let store = open(ground, &town_of(&["spot"])).await;
    assert_eq!(store.last_seq().await.unwrap(), 1);
    store.close().await;
    // the empty ones went, and come back empty and logged
    let store = open(ground, &town()).await;
    store.write(&[insert("pipe", &pipe("a", LINE))], &me()).await.unwrap();
    assert_eq!(told_of(&store.changes(1, 10).await.unwrap()), [(Operation::Insert, "a", 1)]);
    store.close().await;
}

async fn a_closed_list_may_lose_only_what_nobody_uses(ground: &dyn Ground) {
    let open_list = PIPE.replace("type = \"list\"", "type = \"list\"\nvalues = [{ code = \"a\", zh = \"甲\", en = \"A\" }, { code = \"b\", zh = \"乙\", en = \"B\" }]");
    let all = open_list.replace("type = \"list\"", "type = \"list\"\nclosed = true");
    let less = all.replace(", { code = \"b\", zh = \"乙\", en = \"B\" }", "");
    assert!(less != all && all != open_list && open_list != PIPE);
    let store = open(ground, &town_with(&open_list)).await;
    let mut feature = pipe("x", LINE);
    feature.values[6] = Value::text(r#"["a","b"]"#);
    store.write(&[insert("pipe", &feature)], &me()).await.unwrap();
    store.close().await;
    open(ground, &town_with(&all)).await.close().await;
    match refused(&ground.address(), &town_with(&less)).await {
        StoreError::Narrowed { what, .. } => assert!(what.contains("marks"), "{what}"),
        other => panic!("{other}"),
    }
    let store = open(ground, &town_with(&all)).await;
    feature.values[6] = Value::text(r#"["a"]"#);
    store.write(&[update("pipe", &feature)], &me()).await.unwrap();
    store.close().await;
    open(ground, &town_with(&less)).await.close().await;
}

async fn a_feature_without_an_id_is_given_one(ground: &dyn Ground) {
    let town = town();
    let layer = town.layer("spot").unwrap();
    let store = open(ground, &town).await;
    let written = store.write(&[insert("spot", &spot("", point(1.0, 2.0)))], &me()).await.unwrap();
    assert!(!written.changes[0].feature.is_empty());
    let nameless = vec![spot("", point(1.0, 2.0)), spot("b", point(1.0, 2.0)), spot("", point(1.0, 2.0))];
    store.import(layer, stream(nameless), &me(), &|| true).await.unwrap();
    let stored = read(&*store, layer).await;
    let ids: std::collections::BTreeSet<&str> = stored.iter().map(|f| &*f.id).collect();
    assert!(ids.len() == 4 && !ids.contains(""), "{ids:?}");
    let log = store.changes(0, 10).await.unwrap();
    assert_eq!(log.iter().map(|c| &c.feature).collect::<Vec<_>>(), stored.iter().map(|f| &f.id).collect::<Vec<_>>());
    store.close().await;
}

macro_rules! contract {
    ($($law:ident),* $(,)?) => {
        mod geopackage {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $law() {
                super::$law(&crate::store_ground::Gpkg::new()).await;
            })*
        }
        mod postgis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $law() {
                super::$law(&crate::store_ground::Postgis::new()).await;
            })*
        }
    };
}

contract!(
    an_empty_place_becomes_an_empty_store,
    what_is_written_is_read_to_the_bit,
    edits_land_all_or_none,
    the_log_tells_what_was_before_and_by_whom,
    images_are_canonical_json_to_the_letter,
    reals_of_all_bits_come_back_from_the_log,
    an_import_lands_whole_with_its_log_or_not_at_all,
    the_log_undone_row_by_row_is_every_past_state,
    an_outsiders_edits_wake_the_store_and_are_in_the_log,
    an_overwritten_table_is_put_back_with_a_resync,
    edits_of_two_stores_over_one_place_reach_each_other,
    a_catalogue_may_grow_but_not_shrink_under_data,
    a_layer_may_go_only_when_it_is_empty,
    a_closed_list_may_lose_only_what_nobody_uses,
    a_feature_without_an_id_is_given_one,
);
