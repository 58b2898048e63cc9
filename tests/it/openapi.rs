//! The OpenAPI document and the schemas, held against validators that we did not write, and against the answers.

use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};

use crate::running::{Place, Running};
use crate::towns::{LAMP_TOWN, TOWN, lamps};

/// A layer with a field of every type, and rows with nulls in them.
const SITE: &str = include_str!("../fixtures/cql2/layer.toml");
const ROWS: &str = include_str!("../fixtures/cql2/rows.geojson");

/// Runs a Python program with the packages that `scripts/need.sh` installs.
fn python(program: &str, words: &[&str]) -> (bool, String) {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/.venv/bin/python");
    let out =
        Command::new(python).arg("-c").arg(program).args(words).output().expect("scripts/need.sh has made tests/.venv");
    (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
}

fn site_town() -> (Place, Running) {
    let site = SITE.replace("group = \"test\"", "group = \"all\"");
    let place = Place::with_seeds(&[("towns/test.toml", TOWN), ("layers/site.toml", &site), LAMP_TOWN[1]]);
    let mut rows: Json = serde_json::from_str(ROWS).expect("JSON");
    rows["features"].as_array_mut().expect("features").retain(|f| !f["geometry"].is_null());
    place.import("site", "site.geojson", &rows.to_string());
    place.import("street_lamp", "lamps.geojson", &lamps(40));
    let town = place.serve(&[]);
    (place, town)
}

/// What to ask an address of the document for, so that it answers with 200.
fn asked(path: &str, operation: &Json) -> String {
    let layer_id = if path.contains("street_lamp") { "lamp-1" } else { "s01" };
    let at = path
        .replace("{featureId}", layer_id)
        .replace("{layers}", "street_lamp,site")
        .replace("{z}/{x}/{y}", "15/27006/12943")
        .replace("{name}", "dark.json");
    let required = operation["parameters"].as_array().into_iter().flatten();
    let required = required.filter(|p| p["in"] == "query" && p["required"] == true);
    let query: Vec<String> = required
        .map(|p| {
            let example = &p["schema"]["example"];
            let text = example.as_str().map_or_else(|| example.to_string(), str::to_string);
            let name = p["name"].as_str().expect("a name");
            format!("{name}={}", percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC))
        })
        .collect();
    if query.is_empty() { at } else { format!("{at}?{}", query.join("&")) }
}

#[tokio::test]
async fn the_document_is_openapi_3_0() {
    let (place, town) = site_town();
    let answer = town.get("/api/openapi.json").await;
    assert_eq!(answer.headers()["content-type"], "application/vnd.oai.openapi+json;version=3.0");
    let document: Json = answer.json().await.expect("JSON");
    let file = place.write("openapi.json", document.to_string());
    let program = "import json,sys\nfrom openapi_spec_validator import OpenAPIV30SpecValidator\nOpenAPIV30SpecValidator(json.load(open(sys.argv[1]))).validate()";
    let (valid, said) = python(program, &[&file.display().to_string()]);
    assert!(valid, "{said}");
}

#[tokio::test]
async fn every_address_of_the_document_answers_in_every_form_as_it_says() {
    let (place, town) = site_town();
    let document = town.json("/api/openapi.json").await;
    let client = reqwest::Client::new();
    let mut bodies = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let operation = &item["get"];
        let content = operation["responses"]["200"]["content"].as_object().expect("content");
        if content.contains_key("text/event-stream") {
            continue;
        }
        for (media, told) in content {
            let address = format!("{}{}", town.base, asked(path, operation));
            let answer = client.get(&address).header("accept", media).send().await.expect("an answer");
            let status = answer.status();
            if status == 204 {
                assert!(!operation["responses"]["204"].is_null(), "{path}");
                continue;
            }
            assert_eq!(status, 200, "{address} as {media}");
            let found = answer.headers()["content-type"].to_str().expect("text").to_string();
            assert!(found.starts_with(media.as_str()), "{address} as {media}: {found}");
            for header in operation["responses"]["200"]["headers"].as_object().into_iter().flatten().map(|h| h.0) {
                assert!(
                    media != "application/geo+json" || answer.headers().contains_key(header),
                    "{address}: {header}"
                );
            }
            if media.ends_with("json") || media.contains("json;") {
                let body: Json = answer.json().await.unwrap_or_else(|e| panic!("{address}: {e}"));
                bodies.push(json!({"at": address, "schema": told["schema"], "body": body}));
            }
        }
    }
    for query in [
        "",
        "?skipGeometry=true&properties=name,tags",
        "?limit=3&sortby=-floors&crs=http://www.opengis.net/def/crs/EPSG/0/4548",
    ] {
        let address = format!("/api/collections/site/items{query}");
        bodies.push(json!({"at": address, "schema": {"$ref": "#/components/schemas/site_collection"}, "body": town.json(&address).await}));
    }
    for (query, status) in
        [("?filter=nothing%20%3D%201", 400), ("?limit=x", 400), ("/nobody", 404), ("?f=nothing", 400)]
    {
        let address = format!("/api/collections/site/items{query}");
        let answer = town.get(&address).await;
        assert_eq!(answer.status(), status, "{address}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let body: Json = answer.json().await.expect("JSON");
        bodies.push(json!({"at": address, "schema": {"$ref": "#/components/schemas/Problem"}, "body": body}));
    }
    assert!(bodies.len() > 25, "{} answers are looked at", bodies.len());
    let (document, bodies) =
        (place.write("d.json", document.to_string()), place.write("b.json", json!(bodies).to_string()));
    let program = "
import json, sys
from openapi_schema_validator import OAS30Validator
document, bodies = (json.load(open(f)) for f in sys.argv[1:])
wrong = 0
for b in bodies:
    schema = {**b['schema'], 'components': document['components']}
    for e in OAS30Validator(schema).iter_errors(b['body']):
        wrong += 1
        print(b['at'], list(e.absolute_path), e.message[:300], file=sys.stderr)
# The validator must be able to say no.
bad = {'type': 'Feature', 'id': 's', 'geometry': None, 'properties': {'colour': 1}}
schema = {'$ref': '#/components/schemas/site', 'components': document['components']}
if OAS30Validator(schema).is_valid(bad):
    sys.exit('an unknown property passed')
sys.exit(1 if wrong else 0)";
    let (valid, said) = python(program, &[&document.display().to_string(), &bodies.display().to_string()]);
    assert!(valid, "{said}");
}

#[tokio::test]
async fn every_parameter_that_the_document_names_is_taken_and_no_other() {
    let (_place, town) = site_town();
    let document = town.json("/api/openapi.json").await;
    let own = &document["paths"]["/api/collections/site/items"]["get"]["parameters"];
    let mut names = Vec::new();
    for p in own.as_array().expect("parameters") {
        let shared = p["$ref"].as_str().and_then(|r| document.pointer(r.trim_start_matches('#')));
        names.push(shared.unwrap_or(p)["name"].as_str().expect("a name").to_string());
    }
    for (name, value) in [
        ("bbox", "116.7,35.4,116.8,35.5"),
        ("bbox-crs", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("datetime", "2024-03-15"),
        ("filter", "floors=3"),
        ("filter-lang", "cql2-text"),
        ("filter-crs", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("crs", "http://www.opengis.net/def/crs/EPSG/0/4490"),
        ("sortby", "-floors"),
        ("properties", "name"),
        ("limit", "2"),
        ("offset", "1"),
        ("skipGeometry", "true"),
        ("f", "json"),
        ("name", "x"),
        ("kind", "WS"),
        ("diameter_mm", "300"),
        ("floors", "3"),
        ("active", "true"),
        ("built_on", "2024-03-15"),
        ("found_at", "2024-03-10T12:00:00Z"),
        ("start_on", "2024-03-01"),
        ("end_on", "2024-03-31"),
        ("tags", "old"),
        ("phone", "1001"),
    ] {
        assert!(names.contains(&name.to_string()), "{name} is not told of");
        names.retain(|n| n != name);
        let answer = town.get(&format!("/api/collections/site/items?{name}={value}")).await;
        assert_eq!(answer.status(), 200, "{name}={value}");
    }
    assert!(names.is_empty(), "told of and not tried: {names:?}");
}

#[tokio::test]
async fn schemas_are_json_schema_2020_12_and_features_keep_to_them() {
    let (place, town) = site_town();
    let mut files = Vec::new();
    for layer in ["site", "street_lamp"] {
        for what in ["schema", "queryables", "sortables"] {
            let address = format!("/api/collections/{layer}/{what}");
            let answer = town.get(&address).await;
            assert_eq!(answer.headers()["content-type"], "application/schema+json");
            let schema: Json = answer.json().await.expect("JSON");
            assert_eq!(schema["$id"], format!("{}{address}", town.base));
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            for (name, p) in schema["properties"].as_object().expect("properties") {
                // OGC 23-058r2: a type on all but spatial properties, which have a format.
                let spatial = p["format"].as_str().is_some_and(|f| f.starts_with("geometry-"));
                assert_ne!(spatial, p.get("type").is_some(), "{address} {name}");
                assert!(what != "sortables" || (!spatial && p["type"] != "array"), "{address} {name}");
            }
            files.push(place.write(&format!("{layer}-{what}.json"), schema.to_string()).display().to_string());
        }
        let items = town.json(&format!("/api/collections/{layer}/items?limit=100")).await;
        place.write(&format!("{layer}-items.json"), items.to_string());
    }
    let program = "
import json, sys
from jsonschema import Draft202012Validator as V
for f in sys.argv[1:]:
    schema = json.load(open(f))
    V.check_schema(schema)
    if not f.endswith('-schema.json'):
        continue
    v = V(schema)
    for feature in json.load(open(f.replace('-schema', '-items')))['features']:
        # An absent value is null in GeoJSON and not there in the schema's terms.
        v.validate({**{k: x for k, x in feature['properties'].items() if x is not None}, 'id': feature['id']})
    if v.is_valid({'name': 'x', 'colour': 'red'}):
        sys.exit('an unknown property passed')
    if 'street_lamp' in f and (v.is_valid({'name': 'x', 'bulb': 'candle'}) or v.is_valid({'bulb': 'led'})):
        sys.exit('an unknown code or a missing value passed')";
    let words: Vec<&str> = files.iter().map(String::as_str).collect();
    let (valid, said) = python(program, &words);
    assert!(valid, "{said}");
    let schema = town.json("/api/collections/site/schema").await;
    assert_eq!(schema["properties"]["start_on"]["x-ogc-role"], "primary-interval-start");
    assert_eq!(schema["properties"]["diameter_mm"]["x-ogc-unit"], "mm");
    assert_eq!(schema["properties"]["geometry"]["x-ogc-role"], "primary-geometry");
    let collection = town.json("/api/collections/site").await;
    // Row s15 has begun and not ended; the first begins on 5 January 2024.
    assert_eq!(collection["extent"]["temporal"]["interval"], json!([["2024-01-05T00:00:00Z", null]]));
}

#[tokio::test]
async fn pages_hold_no_outside_asset_no_script_and_no_raw_text() {
    let (place, town) = site_town();
    drop(town);
    let hostile = r#"{"type":"Feature","id":"<img src=x>","geometry":{"type":"Point","coordinates":[116.7,35.4]},"properties":{"name":"<script>alert(1)</script>\"'&"}}"#;
    place.import("site", "hostile.geojson", hostile);
    let town = place.serve(&[]);
    for path in [
        "/api",
        "/api/",
        "/api/conformance",
        "/api/collections",
        "/api/collections/site",
        "/api/collections/site/schema",
        "/api/collections/site/queryables",
        "/api/collections/site/sortables",
        "/api/collections/site/items?limit=100",
        "/api/collections/site/items?filter=name%3D%27%22%3E%3Cscript%3E%27",
        "/api/collections/site/items/%3Cimg%20src%3Dx%3E",
        "/api/collections/site/items/s01",
        "/api/openapi.html",
    ] {
        let answer = reqwest::Client::new()
            .get(format!("{}{path}", town.base))
            .header("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8", "{path}");
        let page = answer.text().await.expect("text");
        assert!(page.starts_with("<!doctype html><html lang=\"zh-CN\">"), "{path}");
        for raw in ["<script", "<img", " style=", "javascript:"] {
            assert!(!page.contains(raw), "{path} holds {raw}");
        }
        // Every address in it is ours.
        for at in page.split(['"', '\'']).filter(|p| p.starts_with("http") || p.starts_with("//")) {
            assert!(at.starts_with(&town.base), "{path} leads to {at}");
        }
        let open = page.matches("<table").count() + page.matches("<ul").count() + page.matches("<details").count();
        let shut =
            page.matches("</table>").count() + page.matches("</ul>").count() + page.matches("</details>").count();
        assert_eq!(open, shut, "{path}");
    }
}
