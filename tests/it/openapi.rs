//! The OpenAPI document and the schemas, held against validators that we did not write.

use std::path::Path;
use std::process::Command;

use crate::running::Place;
use crate::towns::{LAMP_TOWN, lamps};

/// Runs a Python program with the packages that `scripts/need.sh` installs.
fn python(program: &str, words: &[&str]) -> (bool, String) {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/.venv/bin/python");
    let out =
        Command::new(python).arg("-c").arg(program).args(words).output().expect("scripts/need.sh has made tests/.venv");
    (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
}

#[tokio::test]
async fn the_document_is_openapi_3_0_and_names_every_path_that_answers() {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(12));
    let town = place.serve(&[]);
    let answer = town.get("/api/openapi.json").await;
    assert_eq!(answer.headers()["content-type"], "application/vnd.oai.openapi+json;version=3.0");
    let document: serde_json::Value = answer.json().await.expect("JSON");
    let file = place.write("openapi.json", document.to_string());
    let program = "import json,sys\nfrom openapi_spec_validator import OpenAPIV30SpecValidator\nOpenAPIV30SpecValidator(json.load(open(sys.argv[1]))).validate()";
    let (valid, said) = python(program, &[&file.display().to_string()]);
    assert!(valid, "{said}");
    for path in document["paths"].as_object().expect("paths").keys() {
        if path == "/api/changes" {
            continue;
        }
        let at = path.replace("{featureId}", "lamp-1").replace("{z}/{x}/{y}", "15/27006/12943");
        let query = if path == "/api/at" {
            "?lon=116.7&lat=35.45"
        } else if path == "/api/search" {
            "?q=lamp"
        } else {
            ""
        };
        let status = town.get(&format!("{at}{query}")).await.status();
        assert!(status == 200 || status == 204, "{path} answers {status}");
    }
}

#[tokio::test]
async fn features_keep_to_the_schema_that_is_told_of_them() {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(12));
    let town = place.serve(&[]);
    let schema = town.json("/api/collections/street_lamp/schema").await;
    let items = town.json("/api/collections/street_lamp/items?limit=100").await;
    let (schema, items) = (place.write("s.json", schema.to_string()), place.write("i.json", items.to_string()));
    let program = "import json,sys\nfrom jsonschema import Draft202012Validator as V\ns=json.load(open(sys.argv[1]));V.check_schema(s);v=V(s)\nfor f in json.load(open(sys.argv[2]))['features']: v.validate({**f['properties'],'id':f['id']})\ntry:\n v.validate({'name':'x','bulb':'candle'})\n sys.exit('an unknown code passed')\nexcept Exception as e: pass";
    let (valid, said) = python(program, &[&schema.display().to_string(), &items.display().to_string()]);
    assert!(valid, "{said}");
}
