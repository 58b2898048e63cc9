//! A place in a run of tokens: looking ahead, taking what is wanted, and saying what was found instead.

use super::DEEPEST;
use super::fault::{FilterFault, Found, short};
use super::token::Token;

/// Where the reading stands.
pub struct Parser<'a> {
    tokens: &'a [(usize, Token)],
    next: usize,
    level: usize,
    /// Where the text ends, in characters.
    end: usize,
}

impl<'a> Parser<'a> {
    /// Before the first token of a text of so many characters.
    pub fn new(tokens: &'a [(usize, Token)], end: usize) -> Parser<'a> {
        Parser { tokens, next: 0, level: 0, end }
    }

    /// The next token, if there is one.
    pub fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|t| &t.1)
    }

    pub fn ahead(&self, by: usize) -> Option<&Token> {
        self.tokens.get(self.next + by).map(|t| &t.1)
    }

    /// Where the next token begins.
    pub fn at(&self) -> Option<usize> {
        Some(self.tokens.get(self.next).map_or(self.end, |t| t.0))
    }

    pub fn step(&mut self) {
        self.next += 1;
    }

    /// Takes a sign if it comes next.
    pub fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        self.next += usize::from(found);
        found
    }

    pub fn expect(&mut self, sign: &str) -> Found<()> {
        if self.sign(sign) { Ok(()) } else { Err(self.wanted(sign)) }
    }

    pub fn is_word(&self, by: usize, word: &str) -> bool {
        matches!(self.ahead(by), Some(Token::Name(n)) if n.eq_ignore_ascii_case(word))
    }

    /// Takes a keyword if it comes next.
    pub fn word(&mut self, word: &str) -> bool {
        let found = self.is_word(0, word);
        self.next += usize::from(found);
        found
    }

    fn found(&self) -> (String, String) {
        match self.peek() {
            None => ("末尾".into(), "the end".into()),
            Some(Token::Name(n) | Token::Quoted(n)) => (format!("“{}”", short(n)), format!("'{}'", short(n))),
            Some(Token::Text(t)) => (format!("文字“{}”", short(t)), format!("the text '{}'", short(t))),
            Some(Token::Int(i)) => (format!("数字 {i}"), format!("the number {i}")),
            Some(Token::Real(r)) => (format!("数字 {r}"), format!("the number {r}")),
            Some(Token::Sign(s)) => (format!("“{s}”"), format!("'{s}'")),
        }
    }

    pub fn unexpected(&self) -> FilterFault {
        let (zh, en) = self.found();
        FilterFault::new(self.at(), format!("没有料到{zh}"), format!("{en} is not expected here"))
    }

    pub fn wanted(&self, what: &str) -> FilterFault {
        let (zh, en) = self.found();
        FilterFault::new(self.at(), format!("应为“{what}”，却是{zh}"), format!("'{what}' is wanted, found {en}"))
    }

    /// Runs a rule one level deeper.
    pub fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Found<T>) -> Found<T> {
        if self.level >= DEEPEST {
            return Err(FilterFault::deep(self.at()));
        }
        self.level += 1;
        let out = rule(self);
        self.level -= 1;
        out
    }
}
