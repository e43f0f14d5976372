//! Chains such as `event.ssid.to_lower().contains("x")`, link by link.

use rhai::{ASTNode, Expr, FnCallExpr};

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

/// The chain that the walk has come to, if it is there as a whole: not what stands behind one of its dots, or behind the
/// place in a list, which Rhai keeps together.
pub(super) fn whole<'a>(path: &[ASTNode<'a>]) -> Option<&'a Expr> {
    let [.., outside, ASTNode::Expr(chain @ Expr::Dot(..))] = path else {
        return match path {
            [ASTNode::Expr(chain @ Expr::Dot(..))] => Some(chain),
            _ => None,
        };
    };
    let behind = matches!(outside, ASTNode::Expr(Expr::Dot(pair, ..) | Expr::Index(pair, ..))
        if std::ptr::eq(&raw const pair.rhs, *chain));
    (!behind).then_some(chain)
}
