//! Chains such as `event.ssid.to_lower().contains("x")`, link by link.

use rhai::{Expr, FnCallExpr};

/// The links of a chain: what it begins with, and each that stands behind a dot.
pub(super) fn links(chain: &Expr) -> Vec<&Expr> {
    let mut links = Vec::new();
    let mut rest = chain;
    while let Expr::Dot(pair, ..) = rest {
        links.push(&pair.lhs);
        rest = &pair.rhs;
    }
    links.push(rest);
    links
}

/// The function that a chain ends with, with what it is given.
pub(super) fn asks(chain: &Expr) -> Option<&FnCallExpr> {
    match links(chain).split_last() {
        Some((Expr::MethodCall(call, _), [_, ..])) => Some(call),
        _ => None,
    }
}

/// Whether this is a chain as a whole, not what stands behind one of its dots.
pub(super) fn is_whole(chain: &Expr) -> bool {
    matches!(chain, Expr::Dot(pair, ..) if !matches!(pair.lhs, Expr::Property(..) | Expr::MethodCall(..)))
}
