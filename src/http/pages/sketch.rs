//! A small drawing of features as SVG, in metres of the work CRS, north up, with a scale bar.

use super::esc;
use crate::geom::{Shape, ShapeKind, WorkCrs};

/// Size of a drawing in its own units, and the margin inside.
const SIZE: (f64, f64) = (720.0, 320.0);
const MARGIN: f64 = 16.0;

/// Something to draw: its shape, its address, and what it is called.
pub struct Drawn<'a> {
    pub shape: &'a Shape,
    pub href: Option<String>,
    pub name: String,
}

/// Draws shapes on one sheet; empty text where there is nothing to draw.
pub fn sketch(list: &[Drawn<'_>], work: WorkCrs) -> String {
    let placed: Vec<Vec<Vec<(f64, f64)>>> = list.iter().map(|d| rings(d.shape, work)).collect();
    let all = || placed.iter().flatten().flatten().filter(|p| p.0.is_finite() && p.1.is_finite());
    let span = |pick: fn(&(f64, f64)) -> f64| {
        all().map(pick).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let ((west, east), (south, north)) = (span(|p| p.0), span(|p| p.1));
    if west > east {
        return String::new();
    }
    // A lone point stands in a frame of a hundred metres.
    let (width, height) = ((east - west).max(100.0), (north - south).max(100.0));
    let scale = ((SIZE.0 - 2.0 * MARGIN) / width).min((SIZE.1 - 2.0 * MARGIN) / height);
    let (middle_x, middle_y) = ((west + east) / 2.0, (south + north) / 2.0);
    let place = |(x, y): &(f64, f64)| ((x - middle_x) * scale + SIZE.0 / 2.0, (middle_y - y) * scale + SIZE.1 / 2.0);
    let mut body = String::new();
    for (drawn, rings) in list.iter().zip(&placed) {
        let figure = figure(drawn.shape.kind, rings, &place);
        let titled = format!("<g><title>{}</title>{figure}</g>", esc(&drawn.name));
        body += &match &drawn.href {
            Some(href) => format!("<a href=\"{}\">{titled}</a>", esc(href)),
            None => titled,
        };
    }
    let bar = bar_length(width / 4.0);
    let (x, y) = (MARGIN, SIZE.1 - MARGIN);
    let word = if bar >= 1000.0 { format!("{} km", bar / 1000.0) } else { format!("{bar} m") };
    format!(
        "<svg class=\"sketch\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"示意图，上北\">{body}\
         <path class=\"bar\" d=\"M{x} {y}v-5v5h{:.1}v-5\"/><text x=\"{}\" y=\"{}\">{word}</text></svg>",
        SIZE.0,
        SIZE.1,
        bar * scale,
        x + 4.0,
        y - 7.0,
    )
}

/// Runs of places in metres, one a ring.
fn rings(shape: &Shape, work: WorkCrs) -> Vec<Vec<(f64, f64)>> {
    let ring = |r: usize| shape.ring(r).iter().map(|d| work.project(d[0], d[1])).collect();
    (0..shape.rings.len()).map(ring).collect()
}

/// A place of the drawing, across and down.
type Spot = (f64, f64);

fn figure(kind: ShapeKind, rings: &[Vec<Spot>], place: &dyn Fn(&Spot) -> Spot) -> String {
    if kind == ShapeKind::Point {
        let dot = |p: &(f64, f64)| {
            let (x, y) = place(p);
            format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>")
        };
        return rings.iter().flatten().map(dot).collect();
    }
    let mut d = String::new();
    for ring in rings {
        for (i, p) in ring.iter().enumerate() {
            let (x, y) = place(p);
            d += &format!("{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" });
        }
    }
    let class = if kind == ShapeKind::Polygon { "area" } else { "line" };
    format!("<path class=\"{class}\" d=\"{d}\"/>")
}

/// The longest of 1, 2, 5, 10, 20, 50 … that is no longer than this.
fn bar_length(most: f64) -> f64 {
    let ten = 10f64.powf(most.max(1.0).log10().floor());
    [5.0, 2.0].into_iter().map(|n| n * ten).find(|n| *n <= most).unwrap_or(ten)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Crs;

    #[test]
    fn a_square_is_drawn_with_north_up_and_a_bar_of_its_scale() {
        let work = WorkCrs(Crs::GaussKruger(4548));
        let corners =
            [(477_000.0, 3_924_000.0), (477_200.0, 3_924_000.0), (477_200.0, 3_924_100.0), (477_000.0, 3_924_100.0)];
        let ring: Vec<(f64, f64)> = corners.iter().map(|(x, y)| work.unproject(*x, *y)).collect();
        let shape = Shape::of(&geo_types::Polygon::new(ring.into(), vec![]).into()).expect("a shape");
        let svg = sketch(&[Drawn { shape: &shape, href: None, name: "<b>".into() }], work);
        // 200 m by 100 m in 688 by 288: 2.88 to the metre, the south-west corner at the bottom left.
        assert!(svg.contains("M72.0 304.0L648.0 304.0L648.0 16.0"), "{svg}");
        assert!(svg.contains("50 m") && svg.contains("h144.0"), "{svg}");
        assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>"), "{svg}");
        assert_eq!(sketch(&[], work), "");
    }

    #[test]
    fn a_bar_is_a_round_length() {
        for (most, bar) in [(1.0, 1.0), (7.0, 5.0), (25.0, 20.0), (99.0, 50.0), (100.0, 100.0), (1234.0, 1000.0)] {
            assert_eq!(bar_length(most), bar);
        }
    }
}
