//! The seeds folder as shipped, held against the design's layer table.

use std::path::{Path, PathBuf};

use crate::layer::Catalogue;

/// All `.toml` files of the seeds folder: path inside it, and text.
pub(super) fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    let mut out = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                out.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    out
}

/// The catalogue of the seeds as shipped.
pub(super) fn catalogue() -> Catalogue {
    let files = files();
    Catalogue::read(files.iter().map(|(f, t)| (f.as_str(), t.as_str()))).unwrap()
}

/// The rows of the design's layer table, with the fields that others build on.
const TABLE: [(&str, &str); 24] = [
    ("street", "name class width_m start_chainage_m belt_wanted"),
    ("street_item", "kind label"),
    (
        "pipe",
        "kind material diameter_mm start_depth_m end_depth_m start_level_m end_level_m flow pressure owner built_on \
         state quality from_node to_node link_type length_stated_m roughness minor_loss width_mm height_mm",
    ),
    ("pipe_node", "node_no kind role operable ground_level_m depth_m base_demand tank_diameter_m"),
    ("green_belt", "street side model spacing_m rows species min_gap_m grade keeper"),
    ("plant", "species state planted_on trunk_cm crown_m"),
    ("planted_piece", ""),
    ("belt_break", "reason reach_m"),
    ("gap_task", "source accuracy_m landmark plants state assignee due_on photos"),
    (
        "facade_block",
        "area_kind state checks households facade_m2 planned_start planned_end actual_end photos_before photos_after",
    ),
    ("facility", "kind name state capacity lead_unit planned_finish progress_pct invest_plan invest_done"),
    ("road_chief_zone", "level chief unit phone"),
    ("public_area", "kind"),
    ("managed_place", "kind name unit agreement inspected_on score"),
    ("building", "floors use residents"),
    ("land", "kind"),
    ("village", "name code"),
    ("boundary", "name code"),
    ("water", "name code"),
    ("protection", "name reach_m"),
    ("work", "kind state start_on end_on actual_end unit budget"),
    ("incident", "kind code state found_at due_on closed_at zone photos"),
    ("target", "year measure unit number"),
    ("instruction", "text unit due reply closed"),
];

#[test]
fn every_layer_and_field_of_the_design_has_its_file() {
    let catalogue = catalogue();
    let ids: Vec<&str> = catalogue.layers().iter().map(|l| l.id.as_str()).collect();
    let mut wanted: Vec<&str> = TABLE.iter().map(|t| t.0).collect();
    wanted.sort_unstable();
    assert_eq!(ids, wanted);
    for (layer, fields) in TABLE {
        let layer = catalogue.layer(layer).unwrap();
        for field in fields.split_whitespace() {
            assert!(layer.field(field).is_some(), "{}.{field}", layer.id);
        }
    }
}

#[test]
fn state_model_role_side_and_a_pipes_kind_are_closed_and_no_other_list_is() {
    for layer in catalogue().layers() {
        for field in &layer.fields {
            let wanted = matches!(field.id.as_str(), "state" | "model" | "role" | "side")
                || (layer.id == "pipe" && field.id == "kind");
            assert_eq!(field.closed, wanted, "{}.{}", layer.id, field.id);
        }
    }
}

#[test]
fn all_words_stand_in_both_languages_and_all_colours_are_hexadecimal() {
    let catalogue = catalogue();
    let hex = |c: &str| c.len() == 7 && c.starts_with('#') && c[1..].bytes().all(|b| b.is_ascii_hexdigit());
    for layer in catalogue.layers() {
        let at = &layer.id;
        let words = [&layer.title, &layer.about].into_iter().chain(layer.fields.iter().map(|f| &f.title));
        for w in words {
            assert!(!w.zh.trim().is_empty() && !w.en.trim().is_empty(), "{at}: {w:?}");
            assert!(!w.en.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{at}: {w:?}");
        }
        if !layer.geometry.is_empty() {
            assert!(hex(&layer.draw.color), "{at}: draw.color");
        }
        if let Some(by) = &layer.draw.by {
            let field = layer.field(by).unwrap();
            assert!(field.values.iter().all(|v| v.color.is_some()), "{at}: a value of {by} has no colour");
            assert_eq!(field.tile_zoom, Some(layer.zoom.min), "{at}: {by} is drawn by and must be in every tile");
        }
        for field in &layer.fields {
            for (i, v) in field.values.iter().enumerate() {
                assert!(!v.code.is_empty() && !v.zh.is_empty() && !v.en.is_empty(), "{at}.{}: {v:?}", field.id);
                assert!(v.color.as_deref().is_none_or(hex), "{at}.{}: {v:?}", field.id);
                let twin = field.values[..i].iter().any(|o| o.code == v.code || o.zh == v.zh || o.en == v.en);
                assert!(!twin, "{at}.{}: {v:?} stands twice", field.id);
            }
        }
    }
}

#[test]
fn references_name_fields_that_exist() {
    let catalogue = catalogue();
    for layer in catalogue.layers() {
        for refers in layer.fields.iter().filter_map(|f| f.refers.as_deref()) {
            let (to, field) = refers.split_once('.').unwrap();
            let to = catalogue.layer(to).unwrap_or_else(|| panic!("{}: no layer {to}", layer.id));
            assert!(field == "id" || to.field(field).is_some(), "{}: {refers}", layer.id);
        }
    }
}

#[test]
fn pipes_are_for_inside_and_phones_restricted() {
    let catalogue = catalogue();
    for layer in catalogue.layers() {
        let inside = matches!(layer.id.as_str(), "pipe" | "pipe_node");
        assert_eq!(layer.access.as_deref(), inside.then_some("inside"), "{}", layer.id);
        for field in &layer.fields {
            let phone = field.id == "phone";
            assert_eq!(field.access.as_deref(), phone.then_some("restricted"), "{}.{}", layer.id, field.id);
        }
    }
}

#[test]
fn every_code_table_says_where_it_is_from() {
    for (file, text) in files().iter().filter(|(f, _)| f.starts_with("standards/") && !f.ends_with("figures.toml")) {
        let table: toml::Table = text.parse().unwrap();
        for key in ["source", "confidence", "status", "valid_from", "superseded_by"] {
            assert!(table.get(key).is_some_and(|v| v.is_str()), "{file}: {key}");
        }
        assert!(["A", "B", "C"].contains(&table["confidence"].as_str().unwrap()), "{file}");
    }
}

#[test]
fn living_figures_name_layers_and_fields_that_exist() {
    let files = files();
    let text = &files.iter().find(|(f, _)| f == "standards/figures.toml").unwrap().1;
    let table: toml::Table = text.parse().unwrap();
    let catalogue = catalogue();
    let figures = table["figure"].as_array().unwrap();
    assert!(figures.len() >= 4);
    for figure in figures {
        let layer = catalogue.layer(figure["layer"].as_str().unwrap()).unwrap();
        for key in ["measure", "of_measure"] {
            let Some(measure) = figure.get(key) else { continue };
            let fine = match measure.as_str().unwrap().split_once(':') {
                None => measure.as_str() == Some("count"),
                Some((how, field)) => matches!(how, "sum" | "distinct") && layer.field(field).is_some(),
            };
            assert!(fine, "{figure}");
        }
        let whole = figure.get("of").is_some() || figure.get("of_measure").is_some();
        assert_eq!(whole, figure["show"].as_str() != Some("count"), "{figure}");
    }
}
