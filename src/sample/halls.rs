//! Halls and offices: works, the market, schools, the town's own offices, the treatment works.

use super::SampleError;
use super::district::{Compound, District};
use super::guard::Site;
use super::houses::{Kind, place};
use super::out::Out;
use super::random::Random;

pub fn sheds(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 12.0);
    let east = d.blocks[block].east(&d.lattice, (w + e) / 2.0, (s + n) / 2.0);
    let mut y = s;
    while y < n - 20.0 {
        let depth = r.between(24.0, 48.0);
        let mut x = w;
        while x < e - 24.0 {
            let width = r.between(42.0, 105.0).min(e - x);
            let office = width < 46.0;
            let site = Site {
                middle: d.at(block, x + width / 2.0, y + depth / 2.0),
                east,
                width: width - 2.0,
                depth: if office { 14.0 } else { depth },
            };
            let use_ = if office { "office" } else { *r.pick(&["industrial", "industrial", "storage"]) };
            place(d, out, site, 4.0, Kind(if office { 4 } else { 1 }, use_, 0), None)?;
            x += width + r.between(8.0, 22.0);
        }
        y += depth + r.between(10.0, 18.0);
    }
    let count = d.compounds.iter().filter(|c| c.kind == "factory").count();
    let name = d.names.factory(d.number as usize * 6 + count);
    let ring = d.rectangle(block, d.inside(block, 3.0));
    d.compounds.push(Compound { kind: "factory", name, ring });
    Ok(())
}

/// Lays sites given in block metres from the block's inside, as shares of it and metres.
fn lay(
    d: &mut District,
    out: &mut Out,
    block: usize,
    sites: &[(f64, f64, f64, f64, i64, &'static str, &str)],
) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 10.0);
    for (fx, fy, width, depth, floors, use_, name) in sites {
        let (x, y) = (w + (e - w) * fx, s + (n - s) * fy);
        let east = d.blocks[block].east(&d.lattice, x, y);
        let site = Site { middle: d.at(block, x, y), east, width: *width, depth: *depth };
        let name = (!name.is_empty()).then(|| format!("{name}{}", d.names.sample_mark));
        place(d, out, site, 2.0, Kind(*floors, use_, 0), name.as_deref())?;
    }
    Ok(())
}

pub fn market(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    lay(
        d,
        out,
        block,
        &[
            (0.27, 0.74, 84.0, 46.0, 1, "commercial", "农贸市场"),
            (0.74, 0.74, 70.0, 40.0, 2, "commercial", "商贸城"),
            (0.74, 0.24, 66.0, 22.0, 5, "commercial", ""),
        ],
    )?;
    let [w, s, e, n] = d.inside(block, 24.0);
    let mut y = s + 8.0;
    while y < s + (n - s) * 0.42 {
        let mut x = w + 20.0;
        while x < w + (e - w) * 0.5 {
            let site = Site {
                middle: d.at(block, x, y),
                east: d.blocks[block].east(&d.lattice, x, y),
                width: 36.0,
                depth: 8.0,
            };
            place(d, out, site, 2.0, Kind(1, if r.chance(0.8) { "commercial" } else { "storage" }, 0), None)?;
            x += 42.0;
        }
        y += 17.0;
    }
    let ring = d.rectangle(block, d.inside(block, 3.0));
    let name = format!("农贸市场{}", d.names.sample_mark);
    d.compounds.push(Compound { kind: "market", name, ring });
    Ok(())
}

pub fn school(d: &mut District, out: &mut Out, block: usize) -> Result<(), SampleError> {
    lay(
        d,
        out,
        block,
        &[
            (0.72, 0.80, 72.0, 13.0, 4, "school", "教学楼"),
            (0.72, 0.62, 72.0, 13.0, 4, "school", ""),
            (0.72, 0.44, 72.0, 13.0, 4, "school", "实验楼"),
            (0.92, 0.62, 12.0, 60.0, 3, "school", ""),
            (0.70, 0.20, 50.0, 24.0, 2, "school", "食堂"),
            (0.12, 0.90, 40.0, 12.0, 5, "school", "宿舍"),
            (0.34, 0.90, 44.0, 12.0, 5, "school", ""),
        ],
    )?;
    let ring = d.rectangle(block, d.inside(block, 3.0));
    let name = format!("示例{}学校", super::names::numeral(block + 1));
    d.compounds.push(Compound { kind: "school", name, ring });
    Ok(())
}

pub fn civic(d: &mut District, out: &mut Out, block: usize) -> Result<(), SampleError> {
    lay(
        d,
        out,
        block,
        &[
            (0.30, 0.86, 88.0, 18.0, 5, "office", "街道办事处"),
            (0.08, 0.70, 16.0, 56.0, 3, "office", ""),
            (0.56, 0.70, 16.0, 56.0, 3, "public", "便民服务中心"),
            (0.82, 0.80, 60.0, 20.0, 5, "medical", "卫生院"),
            (0.82, 0.62, 46.0, 14.0, 3, "medical", ""),
            (0.84, 0.18, 62.0, 30.0, 3, "public", "文化站"),
            (0.84, 0.40, 50.0, 16.0, 4, "office", ""),
        ],
    )?;
    let [w, s, e, n] = d.inside(block, 3.0);
    let name = format!("街道办事处{}", d.names.sample_mark);
    let ring = d.rectangle(block, [w, s + (n - s) * 0.56, w + (e - w) * 0.64, n]);
    d.compounds.push(Compound { kind: "office", name, ring });
    let ring = d.rectangle(block, [w + (e - w) * 0.68, s + (n - s) * 0.54, e, n]);
    let name = format!("卫生院{}", d.names.sample_mark);
    d.compounds.push(Compound { kind: "hospital", name, ring });
    Ok(())
}

pub fn treatment(d: &mut District, out: &mut Out, block: usize) -> Result<(), SampleError> {
    lay(
        d,
        out,
        block,
        &[
            (0.20, 0.22, 40.0, 16.0, 2, "public", "污水处理站"),
            (0.48, 0.25, 44.0, 30.0, 1, "industrial", ""),
            (0.75, 0.25, 30.0, 30.0, 1, "industrial", ""),
            (0.25, 0.75, 70.0, 34.0, 1, "storage", ""),
            (0.70, 0.75, 80.0, 34.0, 1, "industrial", ""),
        ],
    )
}
