//! CQL2 text cut into tokens: names, texts, numbers, signs, each with its place.

use super::fault::{FilterFault, Found, short};

#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// An identifier or keyword.
    Name(String),
    /// An identifier in double quotes, never a keyword.
    Quoted(String),
    /// A text in single quotes.
    Text(String),
    Int(i64),
    Real(f64),
    Sign(&'static str),
}

/// Signs, longer ones before those they begin with.
const SIGNS: [&str; 19] =
    ["<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", "+", "-", "*", "/", "%", "^", ";"];

/// Wide signs of Chinese keyboards, and what is meant.
const WIDE: [(char, &str); 14] = [
    ('（', "("),
    ('）', ")"),
    ('，', ","),
    ('、', ","),
    ('＝', "="),
    ('＜', "<"),
    ('《', "<"),
    ('＞', ">"),
    ('》', ">"),
    ('‘', "'"),
    ('’', "'"),
    ('“', "'"),
    ('”', "'"),
    ('；', ";"),
];

/// All tokens with the place of their first character.
pub fn cut(text: &str) -> Found<Vec<(usize, Token)>> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let from = at;
        let token = if c.is_whitespace() {
            at += 1;
            continue;
        } else if c == '\'' || c == '"' {
            let (inner, next) = quoted(&chars, at, c)?;
            at = next;
            if c == '"' { Token::Quoted(inner) } else { Token::Text(inner) }
        } else if c.is_ascii_digit() || (c == '.' && chars.get(at + 1).is_some_and(char::is_ascii_digit)) {
            let next = number_end(&chars, at);
            let words: String = chars[at..next].iter().collect();
            at = next;
            number(&words, from, chars.get(next).copied())?
        } else if starts_name(c) {
            at += chars[at..].iter().take_while(|c| continues_name(**c)).count();
            Token::Name(chars[from..at].iter().collect())
        } else {
            let sign = SIGNS.iter().find(|s| s.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c)));
            let sign = sign.filter(|s| **s != ";").ok_or_else(|| stray(c, at))?;
            at += sign.len();
            Token::Sign(sign)
        };
        out.push((from, token));
    }
    Ok(out)
}

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == ':'
}

fn continues_name(c: char) -> bool {
    starts_name(c) || c.is_numeric() || c == '.' || unicode_normalization::char::is_combining_mark(c)
}

/// The inside of a quoted run and where it ends. A doubled quote stands for one; in texts `\'` does too.
fn quoted(chars: &[char], from: usize, quote: char) -> Found<(String, usize)> {
    let mut inner = String::new();
    let mut at = from + 1;
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        if c == quote && next == Some(quote) || (c == '\\' && quote == '\'' && next == Some('\'')) {
            inner.push(quote);
            at += 2;
        } else if c == quote {
            return Ok((inner, at + 1));
        } else {
            inner.push(c);
            at += 1;
        }
    }
    Err(FilterFault::new(Some(from), "引号没有闭合", "a quote is not closed")
        .hint("文字中的单引号要写两遍：'O''Brien'", "a quote inside a text is doubled: 'O''Brien'"))
}

fn number_end(chars: &[char], from: usize) -> usize {
    let digits = |at: usize| at + chars[at.min(chars.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut at = digits(from);
    if chars.get(at) == Some(&'.') {
        at = digits(at + 1);
    }
    if matches!(chars.get(at), Some('e' | 'E')) {
        let sign = usize::from(matches!(chars.get(at + 1), Some('+' | '-')));
        let end = digits(at + 1 + sign);
        if end > at + 1 + sign {
            at = end;
        }
    }
    at
}

fn number(words: &str, at: usize, next: Option<char>) -> Found<Token> {
    let wrong = |zh: &str, en: &str| {
        let shown = short(words);
        Err(FilterFault::new(Some(at), format!("{zh}：{shown}"), format!("{en}: {shown}")))
    };
    if next.is_some_and(continues_name) {
        return wrong("数字后面紧跟着别的字", "a number runs into something else");
    }
    if let Ok(whole) = words.parse::<i64>() {
        return Ok(Token::Int(whole));
    }
    match words.parse::<f64>() {
        Ok(real) if real.is_finite() => Ok(Token::Real(real)),
        _ => wrong("数字太大", "the number is too large"),
    }
}

fn stray(c: char, at: usize) -> FilterFault {
    let fault = FilterFault::new(Some(at), format!("此处不能用“{c}”"), format!("'{c}' can't stand here"));
    match WIDE.iter().find(|(wide, _)| *wide == c) {
        Some((_, meant)) => {
            fault.hint(format!("请改用半角符号 {meant}"), format!("write {meant} in place of the wide sign"))
        }
        None => fault,
    }
}
