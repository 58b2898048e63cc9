//! What a style made from the catalogue holds to.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{Theme, style};
use crate::access::Sight;
use crate::layer::Catalogue;

/// The catalogue that the seeds folder makes.
fn seeds() -> Catalogue {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut files = Vec::new();
    for folder in ["layers", "standards", "towns"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    Catalogue::read(files.iter().map(|(n, t)| (n.as_str(), t.as_str()))).unwrap()
}

fn made(theme: Theme) -> Json {
    let catalogue = seeds();
    style(&catalogue, &Sight::all(&catalogue), theme, "http://127.0.0.1:1")
}

fn layers(style: &Json) -> &Vec<Json> {
    style["layers"].as_array().unwrap()
}

#[test]
fn every_layer_with_geometry_is_drawn_from_its_groups_source() {
    let catalogue = seeds();
    let style = made(Theme::Light);
    for layer in catalogue.layers().iter().filter(|l| !l.geometry.is_empty()) {
        let mine: Vec<&Json> = layers(&style).iter().filter(|l| l["source-layer"] == layer.id.as_str()).collect();
        assert!(!mine.is_empty(), "{} is not drawn", layer.id);
        let url = style["sources"][&layer.group]["url"].as_str().unwrap();
        let named: Vec<&str> = url.strip_prefix("http://127.0.0.1:1/tiles/").unwrap().split(',').collect();
        assert!(named.contains(&layer.id.as_str()), "{url} lacks {}", layer.id);
        for l in mine {
            assert_eq!(l["source"], layer.group.as_str());
            assert_eq!(l["metadata"]["townseat:layer"], layer.id.as_str());
            assert_eq!(l["layout"]["visibility"] == "visible", layer.draw.shown);
        }
    }
}

#[test]
fn style_layer_ids_are_unique_and_nothing_is_fetched_from_elsewhere() {
    for theme in [Theme::Light, Theme::Dark] {
        let style = made(theme);
        let ids: BTreeSet<&str> = layers(&style).iter().map(|l| l["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), layers(&style).len());
        assert!(style.get("glyphs").is_none() && style.get("sprite").is_none());
        let text = style.to_string();
        assert_eq!(text.matches("://").count(), text.matches("http://127.0.0.1:1/tiles/").count());
    }
}

#[test]
fn values_that_share_a_colour_are_told_apart_by_dash() {
    let catalogue = seeds();
    let style = made(Theme::Light);
    for layer in catalogue.layers() {
        let legend = &style["metadata"]["townseat:legend"][&layer.id];
        if legend["shape"] != "line" || layer.draw.base {
            continue;
        }
        let items = legend["items"].as_array().unwrap();
        let looks: BTreeSet<String> = items.iter().map(|i| format!("{} {}", i["color"], i["dash"])).collect();
        assert_eq!(looks.len(), items.len(), "{}", layer.id);
    }
}

#[test]
fn opacities_do_not_hang_on_the_zoom_so_that_a_page_can_fade_them() {
    for l in layers(&made(Theme::Dark)) {
        for (name, value) in l["paint"].as_object().unwrap() {
            if name.ends_with("-opacity") {
                assert!(!value.to_string().contains("\"zoom\""), "{} {name}", l["id"]);
            }
        }
    }
}

#[test]
fn words_lie_over_shapes_and_shapes_in_the_catalogues_order() {
    let catalogue = seeds();
    let style = made(Theme::Light);
    let (words, shapes): (Vec<_>, Vec<_>) =
        layers(&style)[1..].iter().enumerate().partition(|(_, l)| l["metadata"]["townseat:role"] == "label");
    assert!(shapes.iter().map(|(i, _)| i).max() < words.iter().map(|(i, _)| i).min());
    let order = |l: &Json| catalogue.layer(l["source-layer"].as_str().unwrap()).unwrap().draw.order;
    assert!(shapes.windows(2).all(|w| order(w[0].1) <= order(w[1].1)));
}

#[test]
fn a_hidden_layer_and_a_hidden_field_stay_out() {
    let catalogue = seeds();
    let nobody = Sight::all(&Catalogue::of(catalogue.town.clone(), vec![]).unwrap());
    let style = style(&catalogue, &nobody, Theme::Light, "");
    assert_eq!(layers(&style).len(), 1);
    assert!(style["sources"].as_object().unwrap().is_empty());
}
