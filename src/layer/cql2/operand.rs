//! Values inside a filter: names, literals, arithmetic, folding; each with its type.

use super::Reading;
use super::fault::{FilterFault, Found, short};
use super::node::{Kind, Node};
use super::ops::arithmetic;
use super::when;
use crate::layer::filter::{Fold, Term};
use crate::layer::{Field, FieldType, Value, evaluate};

/// What kind of value an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Text,
    Number,
    Bool,
    Date,
    Time,
    List,
}

impl Type {
    pub fn of(field: &Field) -> Type {
        match field.kind {
            FieldType::Text => Type::Text,
            FieldType::Integer | FieldType::Number => Type::Number,
            FieldType::Boolean => Type::Bool,
            FieldType::Date => Type::Date,
            FieldType::DateTime => Type::Time,
            FieldType::List => Type::List,
        }
    }

    pub fn is_instant(self) -> bool {
        matches!(self, Type::Date | Type::Time)
    }

    /// What a message calls it.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Type::Text => ("文字", "a text"),
            Type::Number => ("数字", "a number"),
            Type::Bool => ("真假值", "true or false"),
            Type::Date => ("日期", "a date"),
            Type::Time => ("时刻", "a date and time"),
            Type::List => ("列表", "a list"),
        }
    }
}

/// A value with its type.
#[derive(Debug, Clone)]
pub struct Operand {
    pub term: Term,
    pub kind: Type,
    pub at: Option<usize>,
    /// What a message calls it, Chinese and English.
    pub words: (String, String),
}

/// Names by which the feature's own geometry goes.
pub const GEOMETRY: [&str; 2] = ["geometry", "geom"];

impl Reading<'_> {
    /// A value.
    pub(super) fn operand(&self, node: &Node) -> Found<Operand> {
        let made = |term, kind| Ok(Operand { term, kind, at: node.at, words: node.words() });
        let literal = |value, kind| made(Term::Literal(value), kind);
        match &node.kind {
            Kind::Name(name) => self.name(node, name),
            Kind::Text(t) => literal(Value::text(t), Type::Text),
            Kind::Int(i) => literal(Value::Int(*i), Type::Number),
            // Whole numbers are kept as such, however they were written.
            Kind::Real(r) if r.fract() == 0.0 && r.abs() < 9e15 => literal(Value::Int(*r as i64), Type::Number),
            Kind::Real(r) => literal(Value::Real(*r), Type::Number),
            Kind::Bool(b) => literal(Value::Bool(*b), Type::Bool),
            Kind::Date(t) => match when::date(t) {
                Some(date) => literal(Value::text(&date), Type::Date),
                None => Err(when::no_instant(node.at, t)),
            },
            Kind::Timestamp(t) => match when::moment(t) {
                Some(moment) => literal(Value::text(&moment), Type::Time),
                None => Err(when::no_instant(node.at, t)),
            },
            Kind::Call(op, args) => self.call(node, op, args),
            Kind::Interval(_) | Kind::Bbox(_) | Kind::Geometry(_) | Kind::List(_) => {
                let (zh, en) = node.words();
                Err(FilterFault::new(node.at, format!("此处不能用{zh}"), format!("{en} can't stand here")))
            }
        }
    }

    fn name(&self, node: &Node, name: &str) -> Found<Operand> {
        let Some(at) = self.field(name) else {
            if name == "id" {
                return Ok(Operand { term: Term::Id, kind: Type::Text, at: node.at, words: node.words() });
            }
            return Err(self.no_field(node.at, name));
        };
        let field = &self.layer.fields[at];
        let words = (format!("字段“{}”（{}）", field.title.zh, field.id), format!("field '{}'", field.id));
        Ok(Operand { term: Term::Field(at), kind: Type::of(field), at: node.at, words })
    }

    /// A visible field by its id, or else by its title in either language.
    pub(super) fn field(&self, name: &str) -> Option<usize> {
        let seen = || self.layer.fields.iter().enumerate().filter(|(i, _)| (self.sees)(*i));
        seen()
            .find(|(_, f)| f.id == name)
            .or_else(|| seen().find(|(_, f)| f.title.zh == name || f.title.en.eq_ignore_ascii_case(name)))
            .map(|(i, _)| i)
    }

    /// True when a name means the feature's own geometry.
    pub(super) fn is_geometry(&self, node: &Node) -> bool {
        let Kind::Name(name) = &node.kind else { return false };
        GEOMETRY.contains(&name.as_str()) && !self.layer.geometry.is_empty() && self.field(name).is_none()
    }

    /// The same words for a field that is not there and for one that may not be seen.
    fn no_field(&self, at: Option<usize>, name: &str) -> FilterFault {
        let name = short(name);
        let mut known = vec!["id".to_string()];
        known.extend((!self.layer.geometry.is_empty()).then(|| "geometry".to_string()));
        let seen = self.layer.fields.iter().enumerate().filter(|(i, _)| (self.sees)(*i));
        known.extend(
            seen.map(|(_, f)| if f.title.zh.is_empty() { f.id.clone() } else { format!("{} {}", f.id, f.title.zh) }),
        );
        let known = known.join(", ");
        FilterFault::new(at, format!("没有字段“{name}”"), format!("there is no field '{name}'")).hint(
            format!("可用字段：{known}；文字要加单引号"),
            format!("fields are {known}; texts stand in single quotes"),
        )
    }

    fn call(&self, node: &Node, op: &str, args: &[Node]) -> Found<Operand> {
        let folding = match op {
            "casei" => Some(Fold { case: true, accents: false }),
            "accenti" => Some(Fold { case: false, accents: true }),
            _ => None,
        };
        if let Some(fold) = folding {
            let [one] = args else { return Err(self.unknown(node, op)) };
            let inner = self.operand(one)?;
            self.expect(&inner, Type::Text)?;
            return Ok(Operand { term: folded(fold, inner.term), kind: Type::Text, at: node.at, words: inner.words });
        }
        let op = arithmetic(op).ok_or_else(|| self.unknown(node, op))?;
        let [left, right] = args else {
            return Err(FilterFault::new(node.at, "算术运算要两个数", "arithmetic takes two numbers"));
        };
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        self.expect(&left, Type::Number)?;
        self.expect(&right, Type::Number)?;
        let term = Term::Arithmetic { op, left: Box::new(left.term), right: Box::new(right.term) };
        Ok(Operand {
            term, kind: Type::Number, at: node.at, words: ("算式".into(), "an arithmetic expression".into())
        })
    }

    /// Refuses an operand of another type.
    pub(super) fn expect(&self, operand: &Operand, kind: Type) -> Found<()> {
        if operand.kind == kind {
            return Ok(());
        }
        let (found, wanted) = (operand.kind.words(), kind.words());
        Err(FilterFault::new(
            operand.at,
            format!("{} 是{}，此处应为{}", operand.words.0, found.0, wanted.0),
            format!("{} is {}, {} is wanted here", operand.words.1, found.1, wanted.1),
        )
        .hint("文字加单引号，数字不加", "texts stand in single quotes, numbers without"))
    }

    pub(super) fn unknown(&self, node: &Node, op: &str) -> FilterFault {
        let op = short(&op.to_uppercase());
        FilterFault::new(
            node.at,
            format!("没有运算“{op}”，或参数个数不对"),
            format!("there is no operation '{op}' with so many arguments"),
        )
        .hint(
            "可用：= <> < <= > >= LIKE IN BETWEEN IS NULL AND OR NOT CASEI ACCENTI S_… T_… A_… + - * / % DIV ^",
            "served are = <> < <= > >= LIKE IN BETWEEN IS NULL AND OR NOT CASEI ACCENTI S_… T_… A_… + - * / % DIV ^",
        )
    }

    /// Brings values that are to be compared to one type: code words become codes, texts beside dates become
    /// dates. True when dates and timestamps meet, which only the temporal operators can compare.
    pub(super) fn agree(&self, operands: &mut [Operand]) -> Found<bool> {
        let coded = operands.iter().find_map(|o| field_in(&o.term)).map(|f| &self.layer.fields[f]);
        if let Some(field) = coded.filter(|f| !f.values.is_empty()) {
            operands.iter_mut().for_each(|o| to_code(&mut o.term, field));
        }
        if operands.iter().any(|o| o.kind.is_instant()) {
            for o in operands.iter_mut() {
                if let Term::Literal(Value::Text(t)) = &o.term
                    && o.kind == Type::Text
                {
                    let (value, kind) = when::instant(o.at, t)?;
                    (o.term, o.kind) = (Term::Literal(value), kind);
                }
            }
        }
        let Some(first) = operands.first().cloned() else { return Ok(false) };
        for other in operands.iter() {
            if other.kind != first.kind && !(other.kind.is_instant() && first.kind.is_instant()) {
                let (a, b) = (first.kind.words(), other.kind.words());
                return Err(FilterFault::new(
                    other.at,
                    format!("{} 是{}，{} 是{}，不能比较", first.words.0, a.0, other.words.0, b.0),
                    format!("{} is {}, {} is {}: they can't be compared", first.words.1, a.1, other.words.1, b.1),
                )
                .hint(
                    "文字加单引号，数字不加；日期写作 DATE('2024-05-01')",
                    "texts stand in single quotes, numbers without; dates as DATE('2024-05-01')",
                ));
            }
            if other.kind == Type::List {
                return Err(FilterFault::new(
                    other.at,
                    format!("{} 是列表，不能这样比较", other.words.0),
                    format!("{} is a list and can't be compared so", other.words.1),
                )
                .hint("请用 A_CONTAINS、A_OVERLAPS 等", "use A_CONTAINS, A_OVERLAPS and the like"));
            }
        }
        operands.iter_mut().for_each(|o| settle(&mut o.term));
        Ok(operands.iter().any(|o| o.kind != first.kind))
    }
}

/// The field that a term is about, folded or not.
pub fn field_in(term: &Term) -> Option<usize> {
    match term {
        Term::Field(f) => Some(*f),
        Term::Folded { term, .. } => field_in(term),
        _ => None,
    }
}

/// A literal that is a word of the field's code list becomes its code.
pub fn to_code(term: &mut Term, field: &Field) {
    match term {
        Term::Literal(Value::Text(t)) => {
            if let Some(code) = field.code_of(t) {
                *term = Term::Literal(Value::text(&code.code));
            }
        }
        Term::Folded { term, .. } => to_code(term, field),
        _ => {}
    }
}

fn folded(by: Fold, term: Term) -> Term {
    match term {
        Term::Folded { fold, term } => {
            Term::Folded { fold: Fold { case: fold.case || by.case, accents: fold.accents || by.accents }, term }
        }
        other => Term::Folded { fold: by, term: Box::new(other) },
    }
}

/// Folds a literal once, so that no row has to.
pub fn settle(term: &mut Term) {
    if let Term::Folded { fold, term: inner } = term
        && let Term::Literal(Value::Text(t)) = &**inner
    {
        *term = Term::Literal(Value::text(&evaluate::folded(t, *fold)));
    }
}
