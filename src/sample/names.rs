//! The words of the made-up town, read from `seeds/sample/names.toml`: no place is named in code.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::SampleError;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    rivers: Vec<String>,
    main_north_south: String,
    main_east_west: String,
    avenues: Vec<String>,
    crossways: Vec<String>,
    avenue_suffix: String,
    crossway_suffix: String,
    lanes: Vec<String>,
    roads: Vec<String>,
    pub sample_mark: String,
    villages: Vec<String>,
    pub village_code_prefix: String,
    estates: Vec<String>,
    factories: Vec<String>,
    pub unit: Units,
    pub owner: BTreeMap<String, String>,
}

/// Units that answer for things; roles, never persons.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Units {
    pub office: String,
    pub build: String,
    pub green: String,
    pub order: String,
    pub civil: String,
    pub trade: String,
    pub transport: String,
    pub keepers: Vec<String>,
    pub builders: Vec<String>,
    pub duty: Vec<String>,
}

const FILE: &str = include_str!("../../seeds/sample/names.toml");

impl Names {
    pub fn read() -> Result<Names, SampleError> {
        let names: Names = toml::from_str(FILE).map_err(|e| SampleError::Names(e.to_string()))?;
        let lists = [
            &names.rivers,
            &names.avenues,
            &names.crossways,
            &names.lanes,
            &names.roads,
            &names.villages,
            &names.estates,
            &names.factories,
            &names.unit.keepers,
            &names.unit.builders,
            &names.unit.duty,
        ];
        if lists.iter().any(|l| l.is_empty()) {
            return Err(SampleError::Names("a list is empty".into()));
        }
        Ok(names)
    }

    /// River of a row of districts: the seat's own is the first.
    pub fn river(&self, row: i64) -> &str {
        &self.rivers[row.rem_euclid(self.rivers.len() as i64) as usize]
    }

    /// Name of a main or secondary street; the seat's two first ones have names of their own.
    pub fn street(&self, upright: bool, main_axis: bool, line: usize, part: usize, district: u32) -> String {
        if district == 0 && main_axis {
            return if upright { self.main_north_south.clone() } else { self.main_east_west.clone() };
        }
        let (list, suffix) =
            if upright { (&self.avenues, &self.avenue_suffix) } else { (&self.crossways, &self.crossway_suffix) };
        let at = line.saturating_sub(1);
        let word = &list[at % list.len()];
        let round = if district == 0 { String::new() } else { numeral(district as usize) };
        let part = if part == 0 { "" } else { "南" };
        format!("{word}{part}{round}{suffix}")
    }

    /// Name of the nth lane or estate road of a district.
    pub fn lane(&self, core: bool, n: usize, district: u32) -> String {
        let list = if core { &self.lanes } else { &self.roads };
        let round = if district == 0 { String::new() } else { numeral(district as usize) };
        format!("{round}{}{}{}", list[n % list.len()], numeral(n / list.len() + 1), self.sample_mark)
    }

    /// Name of the nth village of the town; after the known ones invented.
    pub fn village(&self, n: usize) -> String {
        match self.villages.get(n) {
            Some(known) => known.clone(),
            None => format!("示例{}村", numeral(n - self.villages.len() + 1)),
        }
    }

    /// Name of the nth estate of the town.
    pub fn estate(&self, n: usize) -> String {
        numbered(&self.estates, n, &self.sample_mark)
    }

    /// Name of the nth factory of the town.
    pub fn factory(&self, n: usize) -> String {
        numbered(&self.factories, n, "")
    }
}

fn numbered(list: &[String], n: usize, mark: &str) -> String {
    let round = n / list.len();
    let number = if round == 0 { String::new() } else { numeral(round + 1) };
    format!("{}{number}{mark}", list[n % list.len()])
}

/// A whole number below a thousand in Chinese numerals.
pub fn numeral(n: usize) -> String {
    const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match n {
        0..=9 => DIGITS[n].into(),
        10..=19 => format!("十{}", if n == 10 { "" } else { DIGITS[n - 10] }),
        20..=99 => format!("{}十{}", DIGITS[n / 10], if n.is_multiple_of(10) { "" } else { DIGITS[n % 10] }),
        _ => n.to_string().chars().map(|c| DIGITS[c.to_digit(10).unwrap_or(0) as usize]).collect(),
    }
}
