//! Dates, timestamps and intervals of a filter, into canonical text.

use super::Reading;
use super::fault::{FilterFault, Found, short};
use super::node::{Kind, Node};
use super::operand::Type;
use crate::layer::filter::{Period, Term};
use crate::layer::{Value, value};

/// A calendar date, `2024-05-01`, in canonical form.
pub fn date(text: &str) -> Option<String> {
    let plain = text.len() == 10 && text.starts_with(|c: char| c.is_ascii_digit());
    plain.then(|| text.parse::<jiff::civil::Date>().ok().map(|d| d.to_string()))?
}

/// A moment, RFC 3339, in canonical form.
pub fn moment(text: &str) -> Option<String> {
    let plain = text.len() > 10 && text.starts_with(|c: char| c.is_ascii_digit());
    plain.then(|| value::time(text))?
}

/// A date or a moment, and which of the two.
pub fn instant(at: Option<usize>, text: &str) -> Found<(Value, Type)> {
    let found = date(text).map(|d| (d, Type::Date)).or_else(|| moment(text).map(|m| (m, Type::Time)));
    found.map(|(t, kind)| (Value::text(&t), kind)).ok_or_else(|| no_instant(at, text))
}

pub fn no_instant(at: Option<usize>, text: &str) -> FilterFault {
    let text = short(text);
    FilterFault::new(at, format!("“{text}”不是日期或时刻"), format!("'{text}' is no date or time")).hint(
        "例如 DATE('2024-05-01') 或 TIMESTAMP('2024-05-01T08:00:00Z')",
        "such as DATE('2024-05-01') or TIMESTAMP('2024-05-01T08:00:00Z')",
    )
}

impl Reading<'_> {
    /// An instant or interval as the temporal operators take them.
    pub(super) fn period(&self, node: &Node) -> Found<Period> {
        let Kind::Interval(ends) = &node.kind else {
            let at = self.instant(node)?;
            return Ok(Period { from: Some(at.clone()), to: Some(at) });
        };
        let end = |node: &Node| match &node.kind {
            Kind::Text(t) if t == ".." => Ok(None),
            _ => self.instant(node).map(Some),
        };
        let period = Period { from: end(&ends[0])?, to: end(&ends[1])? };
        if let (Some(Term::Literal(Value::Text(from))), Some(Term::Literal(Value::Text(to)))) =
            (&period.from, &period.to)
            && from[..10] > to[..10]
        {
            return Err(FilterFault::new(node.at, "时间段的起始晚于结束", "the interval ends before it begins")
                .hint("请对调两端", "change its ends about"));
        }
        Ok(period)
    }

    fn instant(&self, node: &Node) -> Found<Term> {
        if let Kind::Text(t) = &node.kind {
            return instant(node.at, t).map(|(v, _)| Term::Literal(v));
        }
        let operand = self.operand(node)?;
        match operand.kind {
            Type::Date | Type::Time => Ok(operand.term),
            _ => {
                let (zh, en) = node.words();
                Err(FilterFault::new(node.at, format!("{zh} 不是日期或时刻"), format!("{en} is no date or time"))
                    .hint("时间运算只用于日期或时刻字段", "temporal operators take fields that hold dates or times"))
            }
        }
    }
}
