//! Ways into estates, schools and works from the streets, kept free of buildings.

use super::curve::{cross, scale, sub, unit};
use super::district::{District, Entrance};
use super::guard::Site;
use super::plan::{Class, Use};

/// Finds a place for each entrance; must come after the junctions are known and before the houses.
pub fn lay(d: &mut District) {
    let mut r = d.random("entrances");
    for block in 0..d.blocks.len() {
        let word = match d.blocks[block].use_ {
            Use::Estate | Use::NewEstate => "小区",
            Use::School => "学校",
            Use::Factory | Use::Treatment => "厂区",
            Use::Market => "市场",
            Use::Civic => "机关",
            Use::Park => "公园",
            _ => continue,
        };
        for (side, gate) in ["南门", "东门", "北门", "西门"].into_iter().enumerate() {
            if d.side_street(block, side).is_none_or(|c| c == Class::Branch) || !r.chance(0.8) {
                continue;
            }
            let length = d.side_length(block, side);
            for _ in 0..8 {
                let along = length * r.between(0.2, 0.8);
                let p = d.side_place(block, side, along, 2.0);
                let Some((street, measure, _)) = d.net.nearest(p, |s| s.class != Class::Branch) else { break };
                let line = &d.net.streets[street].line;
                if d.net.streets[street].joints.iter().any(|j| (j.0 - measure).abs() < 30.0) {
                    continue;
                }
                let half = d.net.streets[street].half();
                let ahead = line.direction(measure);
                let turn = cross(ahead, sub(d.side_place(block, side, along, 30.0), line.at(measure))).signum();
                let inward = scale(super::curve::left(ahead), turn);
                let middle = super::curve::add(line.at(measure), scale(inward, half + 14.0));
                d.guard.keep(Site { middle, east: unit(ahead), width: 8.0, depth: 27.0 });
                d.entrances.push(Entrance { street, measure, side: turn, label: format!("{word}{gate}") });
                break;
            }
        }
    }
}
