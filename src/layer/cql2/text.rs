//! CQL2 text into the tree: a recursive descent over tokens, each rule after the standard's grammar.

use super::cursor::Parser;
use super::fault::{FilterFault, Found};
use super::node::{Kind, Node};
use super::token::{self, Token};
use super::wkt;

/// Reads a whole condition.
pub fn read(text: &str) -> Found<Node> {
    let tokens = token::cut(text)?;
    if tokens.is_empty() {
        return Err(FilterFault::new(None, "条件是空的", "the condition is empty"));
    }
    let mut parser = Parser::new(&tokens, text.chars().count());
    let node = parser.or()?;
    if parser.peek().is_some() {
        return Err(parser.unexpected());
    }
    Ok(node)
}

/// Words that are no property unless quoted.
const RESERVED: [&str; 11] = ["and", "or", "not", "like", "between", "in", "is", "null", "true", "false", "div"];

impl Parser<'_> {
    pub(super) fn or(&mut self) -> Found<Node> {
        self.chain("or", Self::and)
    }

    fn and(&mut self) -> Found<Node> {
        self.chain("and", Self::not)
    }

    /// Parts joined by one keyword, side by side in one node.
    fn chain(&mut self, word: &str, part: fn(&mut Self) -> Found<Node>) -> Found<Node> {
        let at = self.at();
        let first = part(self)?;
        if !self.is_word(0, word) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.word(word) {
            parts.push(part(self)?);
        }
        Node::call(at, word, parts)
    }

    fn not(&mut self) -> Found<Node> {
        let at = self.at();
        if self.word("not") {
            let part = self.deeper(Self::not)?;
            return Node::call(at, "not", vec![part]);
        }
        self.predicate()
    }

    fn predicate(&mut self) -> Found<Node> {
        let at = self.at();
        let left = self.sum()?;
        for (sign, op) in [("=", "="), ("<>", "<>"), ("!=", "<>"), ("<=", "<="), (">=", ">="), ("<", "<"), (">", ">")] {
            if self.sign(sign) {
                let right = self.sum()?;
                return Node::call(at, op, vec![left, right]);
            }
        }
        if self.word("is") {
            let not = self.word("not");
            if !self.word("null") {
                return Err(self.wanted("NULL"));
            }
            let node = Node::call(at, "isnull", vec![left])?;
            return negated(at, not, node);
        }
        let not = self.is_word(0, "not") && ["like", "between", "in"].iter().any(|w| self.is_word(1, w));
        if not {
            self.step();
        }
        let node = if self.word("like") {
            let pattern = self.sum()?;
            Node::call(at, "like", vec![left, pattern])?
        } else if self.word("between") {
            let low = self.sum()?;
            if !self.word("and") {
                return Err(self.wanted("AND"));
            }
            let high = self.sum()?;
            Node::call(at, "between", vec![left, low, high])?
        } else if self.word("in") {
            let from = self.at();
            self.expect("(")?;
            let list = self.deeper(|p| p.list(")"))?;
            Node::call(at, "in", vec![left, Node::new(from, Kind::List(list))?])?
        } else {
            return Ok(left);
        };
        negated(at, not, node)
    }

    fn sum(&mut self) -> Found<Node> {
        self.left_to_right(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Found<Node> {
        self.left_to_right(&["*", "/", "%", "div"], Self::power)
    }

    fn left_to_right(&mut self, ops: &[&'static str], part: fn(&mut Self) -> Found<Node>) -> Found<Node> {
        let at = self.at();
        let mut left = part(self)?;
        while let Some(op) = ops.iter().copied().find(|op| self.sign(op) || (*op == "div" && self.word("div"))) {
            let right = part(self)?;
            left = Node::call(at, op, vec![left, right])?;
        }
        Ok(left)
    }

    fn power(&mut self) -> Found<Node> {
        let at = self.at();
        let base = self.factor()?;
        if !self.sign("^") {
            return Ok(base);
        }
        let exponent = self.factor()?;
        if matches!(self.peek(), Some(Token::Sign("^"))) {
            return Err(self.unexpected().hint("连续的 ^ 请加括号", "put brackets around one of two powers"));
        }
        Node::call(at, "^", vec![base, exponent])
    }

    fn factor(&mut self) -> Found<Node> {
        let at = self.at();
        if self.sign("-") {
            let node = self.deeper(Self::factor)?;
            return match node.kind {
                Kind::Int(i) => Node::new(at, Kind::Int(-i)),
                Kind::Real(r) => Node::new(at, Kind::Real(-r)),
                _ => Node::call(at, "-", vec![Node::new(at, Kind::Int(0))?, node]),
            };
        }
        if self.sign("+") {
            return match self.peek() {
                Some(Token::Int(_) | Token::Real(_)) => self.primary(),
                _ => Err(self.unexpected()),
            };
        }
        self.primary()
    }

    fn primary(&mut self) -> Found<Node> {
        let at = self.at();
        let Some(token) = self.peek().cloned() else { return Err(self.unexpected()) };
        match token {
            Token::Int(i) => self.leaf(Kind::Int(i)),
            Token::Real(r) => self.leaf(Kind::Real(r)),
            Token::Text(t) => self.leaf(Kind::Text(t)),
            Token::Quoted(name) => self.leaf(Kind::Name(name)),
            Token::Sign("(") => {
                self.step();
                self.deeper(|p| p.brackets(at))
            }
            Token::Sign("[") => {
                self.step();
                let list = self.deeper(|p| p.list("]"))?;
                Node::new(at, Kind::List(list))
            }
            Token::Sign(_) => Err(self.unexpected()),
            Token::Name(name) => {
                let lower = name.to_lowercase();
                let opens = matches!(self.ahead(1), Some(Token::Sign("(")));
                match lower.as_str() {
                    "true" => self.leaf(Kind::Bool(true)),
                    "false" => self.leaf(Kind::Bool(false)),
                    "null" => Err(self
                        .unexpected()
                        .hint("判断空值请写 字段 IS NULL", "to ask for nothing write: field IS NULL")),
                    word if RESERVED.contains(&word) => Err(self.unexpected().hint(
                        format!("若是字段名，请加双引号：\"{name}\""),
                        format!("if it is a field, put it in double quotes: \"{name}\""),
                    )),
                    word if wkt::starts(word, self.ahead(1)) => {
                        let shape = self.deeper(wkt::read)?;
                        Node::new(at, Kind::Geometry(shape))
                    }
                    _ if opens => {
                        self.step();
                        self.step();
                        let args = self.deeper(|p| p.list(")"))?;
                        function(at, &lower, args)
                    }
                    _ => self.leaf(Kind::Name(name)),
                }
            }
        }
    }

    fn leaf(&mut self, kind: Kind) -> Found<Node> {
        let at = self.at();
        self.step();
        Node::new(at, kind)
    }

    /// What stands in round brackets: one expression, or a list.
    fn brackets(&mut self, at: Option<usize>) -> Found<Node> {
        if self.sign(")") {
            return Node::new(at, Kind::List(vec![]));
        }
        let first = self.or()?;
        if self.sign(")") {
            return Ok(first);
        }
        if !self.sign(",") {
            return Err(self.wanted(")"));
        }
        let mut list = vec![first];
        list.extend(self.list(")")?);
        Node::new(at, Kind::List(list))
    }

    /// Expressions parted by commas, up to and with the closing bracket.
    fn list(&mut self, close: &str) -> Found<Vec<Node>> {
        let mut list = Vec::new();
        if self.sign(close) {
            return Ok(list);
        }
        loop {
            list.push(self.or()?);
            if self.sign(close) {
                return Ok(list);
            }
            if !self.sign(",") {
                return Err(self.wanted(close));
            }
        }
    }
}

fn negated(at: Option<usize>, not: bool, node: Node) -> Found<Node> {
    if not { Node::call(at, "not", vec![node]) } else { Ok(node) }
}

/// The functions that make literals; all others are operators that the binder knows or refuses.
fn function(at: Option<usize>, name: &str, args: Vec<Node>) -> Found<Node> {
    let wrong = |zh: &str, en: &str| {
        Err(FilterFault::new(
            at,
            format!("{} 的参数有误", name.to_uppercase()),
            format!("{}: wrong arguments", name.to_uppercase()),
        )
        .hint(zh, en))
    };
    match name {
        "date" => match <[Node; 1]>::try_from(args) {
            Ok([Node { kind: Kind::Text(t), .. }]) => Node::new(at, Kind::Date(t)),
            _ => wrong("例如 DATE('2024-05-01')", "such as DATE('2024-05-01')"),
        },
        "timestamp" => match <[Node; 1]>::try_from(args) {
            Ok([Node { kind: Kind::Text(t), .. }]) => Node::new(at, Kind::Timestamp(t)),
            _ => wrong("例如 TIMESTAMP('2024-05-01T08:00:00Z')", "such as TIMESTAMP('2024-05-01T08:00:00Z')"),
        },
        "interval" => match <[Node; 2]>::try_from(args) {
            Ok(ends) => Node::new(at, Kind::Interval(Box::new(ends))),
            Err(_) => wrong("例如 INTERVAL('2024-01-01','..')", "such as INTERVAL('2024-01-01','..')"),
        },
        "bbox" | "envelope" => {
            let number = |n: &Node| match n.kind {
                Kind::Int(i) => Some(i as f64),
                Kind::Real(r) => Some(r),
                _ => None,
            };
            let numbers: Option<Vec<f64>> = args.iter().map(number).collect();
            match numbers.as_deref() {
                Some([a, b, c, d]) | Some([a, b, _, c, d, _]) => Node::new(at, Kind::Bbox([*a, *b, *c, *d])),
                _ => wrong(
                    "BBOX 要 4 或 6 个数字：BBOX(116.7,35.4,116.8,35.5)",
                    "BBOX takes four or six numbers: BBOX(116.7,35.4,116.8,35.5)",
                ),
            }
        }
        _ => Node::call(at, name, args),
    }
}
