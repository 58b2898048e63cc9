//! Makes the MapLibre style of the town from the catalogue's drawing hints, light or dark.
//! Pure: catalogue in, JSON out. Knows no layer by name, no HTTP and no sprite or font file.

use serde_json::{Map, Value as Json, json};

use crate::access::Sight;
use crate::layer::{Catalogue, Field, FieldType, GeometryKind, Layer};

mod ink;

use ink::Ink;
pub use ink::Theme;

/// Fonts by the names that common devices have; a style without `glyphs` draws from the device's own.
const FONTS: [&str; 6] =
    ["Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "sans-serif"];

/// Values that tell that a thing is not (or not yet) there: drawn hollow.
const HOLLOW: [&str; 3] = ["dead", "empty_pit", "planned"];

/// Values that tell that a thing is out of use: drawn faint.
const FAINT: [&str; 4] = ["abandoned", "empty", "closed", "cancelled"];

/// Dashes, in line widths, that tell values of one colour apart; the first of them stays solid.
const DASHES: [&[f64]; 3] = [&[5.0, 2.0], &[6.0, 1.6, 1.0, 1.6], &[2.0, 1.5]];

/// The whole style. Vector sources, one a group of the layer tree, point to `{origin}/tiles/…`.
/// Each style layer carries `townseat:layer` and `townseat:role` in its metadata, and opacities that
/// do not hang on the zoom, so that a page can switch, filter and fade it; the style's own metadata
/// carries the legend.
pub fn style(catalogue: &Catalogue, sight: &Sight, theme: Theme, origin: &str) -> Json {
    let ink = Ink::of(theme);
    let [lon, lat, zoom] = catalogue.town.center;
    let seen: Vec<Drawn> = catalogue
        .layers()
        .iter()
        .enumerate()
        .filter(|(i, l)| sight.sees(*i) && !l.geometry.is_empty())
        .map(|(i, layer)| Drawn { layer, visible: sight.fields(i, layer).collect(), ink: &ink, lat })
        .collect();
    let mut sources = Map::new();
    for group in &catalogue.town.groups {
        let ids: Vec<&str> = seen.iter().filter(|d| d.layer.group == group.id).map(|d| d.layer.id.as_str()).collect();
        if !ids.is_empty() {
            sources.insert(
                group.id.clone(),
                json!({ "type": "vector", "url": format!("{origin}/tiles/{}", ids.join(",")) }),
            );
        }
    }
    let mut layers: Vec<(i32, i32, Json)> = Vec::new();
    let mut legend = Map::new();
    for drawn in &seen {
        layers.extend(drawn.marks());
        legend.insert(drawn.layer.id.clone(), drawn.legend());
    }
    layers.sort_by_key(|(band, order, _)| (*band, *order));
    let mut all = vec![json!({
        "id": "paper", "type": "background", "metadata": { "townseat:role": "background" },
        "paint": { "background-color": ink.paper },
    })];
    all.extend(layers.into_iter().map(|(_, _, l)| l));
    json!({
        "version": 8,
        "name": catalogue.town.title.zh,
        "metadata": { "townseat:theme": ink.name, "townseat:legend": legend },
        "center": [lon, lat],
        "zoom": zoom,
        "sources": sources,
        "layers": all,
    })
}

/// A layer about to be drawn.
struct Drawn<'a> {
    layer: &'a Layer,
    /// Positions of the fields that the reader may see.
    visible: Vec<usize>,
    ink: &'a Ink,
    /// Latitude at which metres become pixels, degrees.
    lat: f64,
}

/// Bands of the drawing: everything's shape lies under everything's words.
const SHAPES: i32 = 0;
const WORDS: i32 = 1;

impl Drawn<'_> {
    /// A field that the reader may see and that tiles carry.
    fn field(&self, id: Option<&str>) -> Option<&Field> {
        let index = self.layer.field_index(id?)?;
        let field = &self.layer.fields[index];
        (self.visible.contains(&index) && field.tile_zoom.is_some()).then_some(field)
    }

    /// The field whose values give the colours.
    fn by(&self) -> Option<&Field> {
        self.field(self.layer.draw.by.as_deref()).filter(|f| !f.values.is_empty())
    }

    /// The colour of a code as this layer is drawn in this theme.
    fn tone(&self, color: Option<&str>) -> String {
        let draw = &self.layer.draw;
        let own = color.unwrap_or(&draw.color);
        // a dashed edge is all that shows of its layer
        if draw.base && !draw.dash { self.ink.soften(own) } else { self.ink.strong(own) }
    }

    /// `change` of the colour of the feature's value.
    fn color(&self, change: impl Fn(&str) -> String) -> Json {
        let rest = change(&self.tone(None));
        match self.by() {
            Some(by) => choose(by, |c| json!(change(&self.tone(c.color.as_deref()))), json!(rest)),
            None => json!(rest),
        }
    }

    /// Values of `by` that need a dash, each with it: those whose colour stands in the list before.
    fn dashed(&self) -> Vec<(&str, &'static [f64])> {
        let Some(by) = self.by() else { return vec![] };
        let mut out = Vec::new();
        for (i, value) in by.values.iter().enumerate() {
            let Some(color) = &value.color else { continue };
            let before = by.values[..i].iter().filter(|v| v.color.as_ref() == Some(color)).count();
            if before > 0 && !self.layer.draw.base {
                out.push((value.code.as_str(), DASHES[(before - 1).min(DASHES.len() - 1)]));
            }
        }
        out
    }

    /// Faint for what is out of use, else `full`. No zoom in it: pages multiply it.
    fn opacity(&self, full: f64) -> Json {
        let state = self.field(Some("state")).filter(|f| f.values.iter().any(|v| FAINT.contains(&v.code.as_str())));
        match state {
            Some(f) => json!(["match", ["get", f.id], FAINT, full * 0.45, full]),
            None => json!(full),
        }
    }

    fn marks(&self) -> Vec<(i32, i32, Json)> {
        let draw = &self.layer.draw;
        let mut out = Vec::new();
        for kind in &self.layer.geometry {
            match kind {
                GeometryKind::Polygon => self.polygon(&mut out),
                GeometryKind::LineString => self.line(&mut out),
                GeometryKind::Point => self.point(&mut out),
            }
        }
        let mut out: Vec<_> = out.into_iter().map(|mark| (SHAPES, draw.order, mark)).collect();
        out.extend(self.labels().into_iter().map(|mark| (WORDS, draw.order, mark)));
        out
    }

    /// One style layer. `narrow` is a filter beside that of the geometry's kind.
    fn mark(&self, role: &str, kind: &str, of: GeometryKind, narrow: Option<Json>, layout: Json, paint: Json) -> Json {
        let several = self.layer.geometry.len() > 1;
        let shape = several.then(|| json!(["==", ["geometry-type"], format!("{of:?}")]));
        let filter: Vec<Json> = shape.into_iter().chain(narrow).collect();
        let mut out = json!({
            "id": format!("{}:{role}", self.layer.id),
            "type": kind,
            "metadata": { "townseat:layer": self.layer.id, "townseat:role": role.split('.').next().unwrap_or(role) },
            "source": self.layer.group,
            "source-layer": self.layer.id,
            "minzoom": self.layer.zoom.min,
            "layout": layout,
            "paint": paint,
        });
        match filter.len() {
            0 => {}
            1 => out["filter"] = filter[0].clone(),
            _ => out["filter"] = json!(["all", filter[0], filter[1]]),
        }
        out["layout"]["visibility"] = json!(if self.layer.draw.shown { "visible" } else { "none" });
        out
    }

    fn polygon(&self, out: &mut Vec<Json>) {
        let draw = &self.layer.draw;
        let of = GeometryKind::Polygon;
        if draw.fill > 0.0 {
            let paint = json!({ "fill-color": self.color(|c| self.ink.area(c, draw.base)), "fill-opacity": self.opacity(draw.fill), "fill-antialias": true });
            out.push(self.mark("fill", "fill", of, None, json!({}), paint));
        }
        let edge = |c: &str| if draw.base && draw.fill > 0.0 { self.ink.edge(c) } else { c.to_string() };
        let thick = draw.size.min(2.5);
        let mut paint = json!({
            "line-color": self.color(edge),
            "line-opacity": self.opacity(if draw.fill > 0.5 { 0.8 } else { 1.0 }),
            "line-width": ["interpolate", ["linear"], ["zoom"], 12, thick * 0.4, 16, thick, 20, thick * 1.8],
        });
        if draw.dash {
            paint["line-dasharray"] = json!([4, 2, 1, 2]);
        }
        out.push(self.mark("outline", "line", of, None, json!({ "line-join": "round" }), paint));
    }

    fn line(&self, out: &mut Vec<Json>) {
        let draw = &self.layer.draw;
        let of = GeometryKind::LineString;
        let round = json!({ "line-join": "round", "line-cap": "round" });
        if let Some(width) = self.field(draw.width_field.as_deref()) {
            let paint = |share: f64, more: f64, color: Json, opacity: f64| json!({ "line-color": color, "line-opacity": self.opacity(opacity), "line-width": self.true_width(width, share, more) });
            // the whole width as its casing, and on it the carriageway
            out.push(self.mark(
                "casing",
                "line",
                of,
                None,
                round.clone(),
                paint(1.0, 1.6, self.color(|c| self.ink.edge(c)), 1.0),
            ));
            out.push(self.mark("verge", "line", of, None, round.clone(), paint(1.0, 0.0, json!(self.ink.verge), 1.0)));
            out.push(self.mark(
                "line",
                "line",
                of,
                None,
                round,
                paint(0.62, 0.0, self.color(|c| self.ink.carriageway(c)), 1.0),
            ));
            return;
        }
        let wide = |more: f64| {
            // far out a network is a hint, near by it is a thing
            let at = |share: f64| draw.size * share + more * share.min(1.0);
            json!([
                "interpolate",
                ["linear"],
                ["zoom"],
                12,
                at(0.2),
                14,
                at(0.4),
                16,
                at(1.0),
                18,
                at(1.6),
                20,
                at(2.6)
            ])
        };
        let dashed = self.dashed();
        let codes: Vec<&str> = dashed.iter().map(|d| d.0).collect();
        let by = self.by().map(|b| b.id.clone()).unwrap_or_default();
        if !draw.base && !draw.dash {
            let paint = json!({
                "line-color": self.color(|c| self.ink.rim(c)), "line-opacity": self.opacity(0.75), "line-width": wide(1.6),
            });
            let mut casing = self.mark("casing", "line", of, None, round.clone(), paint);
            casing["minzoom"] = json!(self.layer.zoom.min.max(15));
            out.push(casing);
        }
        let mut paint = json!({ "line-color": self.color(|c| c.into()), "line-opacity": self.opacity(1.0), "line-width": wide(0.0) });
        if draw.dash {
            paint["line-dasharray"] = json!([4, 2, 1, 2]);
        }
        let solid = (!codes.is_empty()).then(|| json!(["!", ["in", ["get", by], ["literal", codes]]]));
        out.push(self.mark("line", "line", of, solid, round, paint.clone()));
        for (code, dash) in dashed {
            let mut paint = paint.clone();
            paint["line-dasharray"] = json!(dash);
            // gaps of the dash show the paper, not the rim
            let under = json!({ "line-color": self.ink.paper, "line-opacity": 0.9, "line-width": wide(0.0) });
            let only = json!(["==", ["get", by], code]);
            let flat = json!({ "line-join": "round", "line-cap": "butt" });
            out.push(self.mark(&format!("under.{code}"), "line", of, Some(only.clone()), flat.clone(), under));
            out.push(self.mark(&format!("line.{code}"), "line", of, Some(only), flat, paint));
        }
    }

    /// Pixels of a width in metres: by rank of the value far out, true to the ground from zoom 16 on.
    fn true_width(&self, width: &Field, share: f64, more: f64) -> Json {
        // 2π · 6378137 m over the 512 pixels of zoom 0, shrunk with the latitude
        let pixels = |zoom: f64| 2f64.powf(zoom) / (78_271.516_964 * self.lat.to_radians().cos());
        let size = self.layer.draw.size;
        let rank = match self.by() {
            Some(by) => {
                let mut at = -1.0;
                choose(
                    by,
                    |_| {
                        at += 1.0;
                        json!(1.0 / (1.0 + 0.5 * at))
                    },
                    json!(0.5),
                )
            }
            None => json!(1.0),
        };
        let far = |f: f64| json!(["+", ["*", size * f * share.max(0.75), rank], more]);
        let near =
            |zoom: f64| json!(["+", ["*", ["coalesce", ["get", width.id], size * 2.0], pixels(zoom) * share], more]);
        json!([
            "interpolate",
            ["exponential", 1.8],
            ["zoom"],
            10,
            far(0.25),
            14,
            far(0.9),
            16,
            near(16.0),
            21,
            near(21.0)
        ])
    }

    fn point(&self, out: &mut Vec<Json>) {
        let draw = &self.layer.draw;
        let of = GeometryKind::Point;
        let badge = self.is_badge();
        let s = draw.size;
        let radius = if badge {
            json!(["interpolate", ["linear"], ["zoom"], 11, s * 0.6, 14, s * 1.1, 17, s * 1.6])
        } else {
            json!(["interpolate", ["exponential", 1.5], ["zoom"], 13, s * 0.5, 16, s * 0.9, 18, s * 1.5, 20, s * 2.6])
        };
        // hollow rings: by the colouring field itself, else by the state
        let state = self.by().filter(|b| b.id == "state").or_else(|| self.field(Some("state")));
        let hollow: Vec<&str> = state
            .map(|f| f.values.iter().map(|v| v.code.as_str()).filter(|c| HOLLOW.contains(c)).collect())
            .unwrap_or_default();
        let own = self.color(|c| c.into());
        let is_hollow = |f: &Field| json!(["in", ["get", f.id], ["literal", hollow]]);
        let rim = if badge { json!(self.ink.halo) } else { self.color(|c| self.ink.rim(c)) };
        let (fill, ring, wide) = match state.filter(|_| !hollow.is_empty()) {
            Some(f) if !badge => {
                let missing = json!(self.ink.missing);
                (
                    json!(["case", is_hollow(f), self.ink.paper, own]),
                    json!(["case", is_hollow(f), missing, rim]),
                    json!(["case", is_hollow(f), 2.0, 0.8]),
                )
            }
            Some(f) => {
                (json!(["case", is_hollow(f), self.ink.halo, own]), json!(["case", is_hollow(f), own, rim]), json!(1.8))
            }
            None => (own, rim, json!(if badge { 1.8 } else { 0.8 })),
        };
        let paint = json!({
            "circle-radius": radius, "circle-color": fill, "circle-opacity": self.opacity(1.0),
            "circle-stroke-color": ring, "circle-stroke-width": wide, "circle-stroke-opacity": self.opacity(1.0),
        });
        out.push(self.mark("circle", "circle", of, None, json!({}), paint));
        if let Some(by) = self.by().filter(|_| badge) {
            let layout = json!({
                "text-field": choose(by, |c| json!(sign(c)), json!("·")),
                "text-font": FONTS, "text-size": ["interpolate", ["linear"], ["zoom"], 11, s * 0.95, 14, s * 1.5, 17, s * 2.0],
                "text-allow-overlap": true, "text-ignore-placement": true,
            });
            let white = json!(self.ink.on_color);
            let ink = match state.filter(|_| !hollow.is_empty()) {
                Some(f) => json!(["case", is_hollow(f), self.color(|c| c.into()), white]),
                None => white,
            };
            let paint = json!({ "text-color": ink, "text-opacity": self.opacity(1.0) });
            out.push(self.mark("symbol", "symbol", of, None, layout, paint));
        }
    }

    /// True for points big enough to carry the number or first word of their kind.
    fn is_badge(&self) -> bool {
        self.layer.draw.size >= 6.0 && self.by().is_some() && self.layer.geometry.contains(&GeometryKind::Point)
    }

    /// Names along lines, over points and in areas.
    fn labels(&self) -> Vec<Json> {
        let Some(field) = self.field(self.layer.label.as_deref()) else { return vec![] };
        let draw = &self.layer.draw;
        let carried = field.tile_zoom.unwrap_or(0).max(self.layer.zoom.min);
        let mut out = Vec::new();
        for kind in &self.layer.geometry {
            // names of things that come by the hundred wait until there is room
            let from = match (draw.base, kind) {
                (true, _) => carried,
                (false, GeometryKind::Point) => carried.max(if draw.size >= 6.0 { 15 } else { 18 }),
                (false, GeometryKind::LineString) => carried.max(16),
                (false, GeometryKind::Polygon) => carried.max(15),
            };
            let mut layout = json!({
                "text-field": self.words(field, |c| &c.zh), "text-font": FONTS,
                "text-size": ["interpolate", ["linear"], ["zoom"], 12, 11.5, 17, if draw.base { 14.0 } else { 12.5 }],
                "text-max-width": 8, "text-padding": 6,
            });
            match kind {
                // an area without a fill is its edge, and is named along it
                GeometryKind::Polygon if draw.fill == 0.0 => {
                    layout["symbol-placement"] = json!("line");
                    layout["symbol-spacing"] = json!(700);
                    layout["text-offset"] = json!([0, 0.9]);
                }
                GeometryKind::LineString => {
                    layout["symbol-placement"] = json!("line");
                    layout["symbol-spacing"] = json!(320);
                    layout["text-max-angle"] = json!(35);
                    layout["text-letter-spacing"] = json!(if draw.base { 0.12 } else { 0.02 });
                }
                GeometryKind::Point if !draw.base || draw.size > 0.0 => {
                    layout["text-variable-anchor"] = json!(["top", "bottom", "right", "left"]);
                    layout["text-radial-offset"] = json!(if self.is_badge() { 1.25 } else { 0.7 });
                    layout["text-justify"] = json!("auto");
                }
                _ => {}
            }
            let paint = json!({
                "text-color": self.color(|c| self.ink.word(c)), "text-halo-color": self.ink.halo,
                "text-halo-width": 1.6, "text-halo-blur": 0.3, "text-opacity": self.opacity(1.0),
            });
            let mut mark = self.mark(&format!("label.{kind:?}"), "symbol", *kind, None, layout, paint);
            mark["minzoom"] = json!(from);
            mark["metadata"]["townseat:text_en"] = self.words(field, |c| &c.en);
            out.push(mark);
        }
        out
    }

    /// The text of a label: words of a code, with a bore in millimetres behind it where tiles carry one.
    fn words(&self, field: &Field, word: impl Fn(&crate::layer::field::Code) -> &str) -> Json {
        let text = match field.values.is_empty() {
            true if field.kind == FieldType::Text => json!(["coalesce", ["get", field.id], ""]),
            true => json!(["to-string", ["coalesce", ["get", field.id], ""]]),
            false => choose(field, |c| json!(word(c)), json!(["coalesce", ["get", field.id], ""])),
        };
        let bore =
            self.layer.fields.iter().find(|f| f.unit.as_deref() == Some("mm") && self.field(Some(&f.id)).is_some());
        match bore.filter(|_| self.layer.geometry == [GeometryKind::LineString]) {
            Some(f) => {
                json!(["concat", text, ["case", ["has", f.id], ["concat", " DN", ["to-string", ["get", f.id]]], ""]])
            }
            None => text,
        }
    }

    /// What the page's legend shows of the layer, in the very colours of the map.
    fn legend(&self) -> Json {
        let dashed = self.dashed();
        let shape = match self.layer.geometry.first() {
            _ if self.is_badge() => "badge",
            Some(GeometryKind::Point) => "point",
            Some(GeometryKind::LineString) => "line",
            Some(GeometryKind::Polygon) | None => "fill",
        };
        let tone = |color: Option<&str>| match shape {
            "fill" => self.ink.area(&self.tone(color), self.layer.draw.base),
            _ => self.tone(color),
        };
        let items: Vec<Json> = self.by().map_or(vec![], |by| {
            by.values
                .iter()
                .map(|c| {
                    json!({
                        "code": c.code, "zh": c.zh, "en": c.en, "color": tone(c.color.as_deref()),
                        "rim": self.ink.rim(&self.tone(c.color.as_deref())),
                        "dash": dashed.iter().find(|d| d.0 == c.code).map(|d| d.1),
                        "hollow": by.id == "state" && shape == "point" && HOLLOW.contains(&c.code.as_str()),
                        "sign": (shape == "badge").then(|| sign(c)),
                    })
                })
                .collect()
        });
        json!({
            "shape": shape, "by": self.by().map(|b| b.id.as_str()), "color": tone(None),
            "rim": self.ink.rim(&self.tone(None)), "missing": self.ink.missing,
            "fill": self.layer.draw.fill, "dash": self.layer.draw.dash, "items": items,
        })
    }
}

/// A `match` over a field's codes.
fn choose(field: &Field, mut give: impl FnMut(&crate::layer::field::Code) -> Json, rest: Json) -> Json {
    let mut out = vec![json!("match"), json!(["get", field.id])];
    for code in &field.values {
        out.push(json!(code.code));
        out.push(give(code));
    }
    out.push(rest);
    Json::Array(out)
}

/// What stands in a badge: a short code as it is, else the first character of the word.
fn sign(code: &crate::layer::field::Code) -> String {
    let short = code.code.len() <= 2 && code.code.is_ascii();
    if short { code.code.clone() } else { code.zh.chars().take(1).collect() }
}

#[cfg(test)]
mod tests;
