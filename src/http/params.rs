//! The query string, strictly: unknown, repeated and undecodable parameters are refused.

use percent_encoding::percent_decode_str;

use super::problem::Problem;
use crate::layer::Words;

/// Parameters of a request, all of them known to the resource.
#[derive(Debug, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Reads a raw query string; `known` are the names that the resource takes.
    pub fn read(query: Option<&str>, known: &[&str]) -> Result<Params, Problem> {
        let mut out: Vec<(String, String)> = Vec::new();
        for pair in query.unwrap_or_default().split('&').filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode = |s: &str| percent_decode_str(&s.replace('+', " ")).decode_utf8().map(|s| s.into_owned());
            let undecodable = || {
                Problem::parameter(
                    "?",
                    Words {
                        zh: "地址中的参数不是 UTF-8 百分号编码".into(),
                        en: "a parameter is not percent-encoded UTF-8".into(),
                    },
                    Words { zh: "请用 UTF-8 编码后再试".into(), en: "encode it as UTF-8".into() },
                )
            };
            let (name, value) = (decode(name).map_err(|_| undecodable())?, decode(value).map_err(|_| undecodable())?);
            if !known.contains(&name.as_str()) {
                return Err(Problem::unknown_parameter(&name, known));
            }
            if out.iter().any(|(n, _)| *n == name) {
                return Err(Problem::parameter(
                    &name,
                    Words { zh: "同一参数出现了两次".into(), en: "the parameter stands twice".into() },
                    Words { zh: "只保留一个".into(), en: "give it once".into() },
                ));
            }
            out.push((name, value));
        }
        Ok(Params(out))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// A finite number.
    pub fn number(&self, name: &str) -> Result<Option<f64>, Problem> {
        let Some(text) = self.get(name) else { return Ok(None) };
        match text.trim().parse::<f64>() {
            Ok(v) if v.is_finite() => Ok(Some(v)),
            _ => Err(Problem::parameter(
                name,
                Words { zh: "不是数字".into(), en: "not a number".into() },
                Words { zh: "例如 116.72".into(), en: "such as 116.72".into() },
            )),
        }
    }

    /// A whole number from `least` up; one above `most` is clamped to it.
    pub fn count(&self, name: &str, least: usize, most: usize, default: usize) -> Result<usize, Problem> {
        let Some(text) = self.get(name) else { return Ok(default) };
        match text.trim().parse::<u64>() {
            Ok(v) if v >= least as u64 => Ok(usize::try_from(v).unwrap_or(usize::MAX).min(most)),
            _ => Err(Problem::parameter(
                name,
                Words {
                    zh: format!("应为不小于 {least} 的整数"),
                    en: format!("a whole number from {least} up is wanted"),
                },
                Words { zh: format!("最大 {most}"), en: format!("at most {most}") },
            )),
        }
    }

    /// The parameters but one, encoded again, for links to other pages of the same answer.
    pub fn without(&self, names: &[&str]) -> String {
        use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
        let encode = |s: &str| utf8_percent_encode(s, NON_ALPHANUMERIC).to_string();
        let kept = self.0.iter().filter(|(n, _)| !names.contains(&n.as_str()));
        kept.map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect::<Vec<_>>().join("&")
    }
}
