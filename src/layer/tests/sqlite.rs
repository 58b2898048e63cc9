//! Random scalar conditions against SQLite, which is given the same WHERE over the same rows.

use proptest::prelude::*;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{AssertSqlSafe, Row as _};

use super::*;

fn number() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("floors".to_string()),
        Just("diameter_mm".to_string()),
        (-6i64..1000).prop_map(|n| n.to_string()),
        (-60i64..10_000).prop_map(|n| format!("{:?}", n as f64 / 8.0)),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), prop::sample::select(vec!["+", "-", "*"]), inner)
            .prop_map(|(a, op, b)| format!("({a} {op} {b})"))
    })
    .boxed()
}

fn condition() -> BoxedStrategy<String> {
    let word = prop::sample::select(vec!["'府西路'", "'Café'", "'1000'", "'O''Brien'", "'WS'", "''"]);
    let text = prop::sample::select(vec!["name", "kind", "built_on", "id"]);
    let op = prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    let not = prop::sample::select(vec!["", "NOT "]);
    let leaf = prop_oneof![
        (number(), op.clone(), number()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (prop::sample::select(vec!["name", "kind", "id"]), op, word.clone())
            .prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (number(), not.clone(), number(), number()).prop_map(|(v, n, a, b)| format!("{v} {n}BETWEEN {a} AND {b}")),
        (number(), not.clone(), prop::collection::vec(number(), 1..4))
            .prop_map(|(v, n, l)| format!("{v} {n}IN ({})", l.join(", "))),
        (prop::sample::select(vec!["name", "kind"]), not.clone(), prop::collection::vec(word, 1..4))
            .prop_map(|(v, n, l)| format!("{v} {n}IN ({})", l.join(", "))),
        (text, not.clone()).prop_map(|(v, n)| format!("{v} IS {n}NULL")),
        (number(), not.clone()).prop_map(|(v, n)| format!("{v} IS {n}NULL")),
        (prop::sample::select(vec!["name", "kind"]), not, "[%_a-c1府西路0]{0,4}")
            .prop_map(|(v, n, p)| format!("{v} {n}LIKE '{p}'")),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("NOT ({a})")),
            inner.clone().prop_map(|a| format!("NOT {a}")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|l| format!("({})", l.join(" AND "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|l| format!("({})", l.join(" OR "))),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("{a} AND {b} OR {c}")),
        ]
    })
    .boxed()
}

async fn database() -> sqlx::SqlitePool {
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.expect("a database");
    let run = |sql: String| sqlx::query(AssertSqlSafe(sql)).execute(&pool);
    run("PRAGMA case_sensitive_like = ON".into()).await.expect("a pragma");
    run("CREATE TABLE site (id TEXT, name TEXT, kind TEXT, diameter_mm REAL, floors INTEGER, built_on TEXT)".into())
        .await
        .expect("a table");
    let layer = site();
    for row in rows() {
        let value = |field: &str| match &row.values[layer.field_index(field).expect("a field")] {
            Value::Null => "NULL".to_string(),
            Value::Text(t) => format!("'{}'", t.replace('\'', "''")),
            Value::Int(i) => i.to_string(),
            Value::Real(r) => format!("{r:?}"),
            Value::Bool(b) => b.to_string(),
        };
        let fields = ["name", "kind", "diameter_mm", "floors", "built_on"].map(value).join(", ");
        run(format!("INSERT INTO site VALUES ('{}', {fields})", row.id)).await.expect("a row");
    }
    pool
}

#[test]
fn random_conditions_find_what_sqlite_finds() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let pool = runtime.block_on(database());
    let rows = rows();
    let mut config = ProptestConfig::with_cases(1500);
    config.failure_persistence = None;
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner
        .run(&condition(), |text| {
            let filter = read(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e:?}")))?;
            let sql = format!("SELECT id FROM site WHERE ({text}) ORDER BY id");
            let expected = runtime.block_on(sqlx::query(AssertSqlSafe(sql)).fetch_all(&pool));
            let expected = expected.map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
            let expected: Vec<String> = expected.iter().map(|r| r.get(0)).collect();
            prop_assert_eq!(found(&filter, &rows), expected, "{}", text);
            Ok(())
        })
        .unwrap_or_else(|e| panic!("{e}"));
}
