//! Whether an alert that speaks is shown, and if not, why.

use super::Reason;

/// What there is to know when an alert speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The operator acknowledged this alert.
    pub acknowledged: bool,
    /// This alert is snoozed.
    pub snoozed: bool,
    /// All pop-ups are snoozed.
    pub snoozed_all: bool,
    /// Pop-ups are turned off in the settings.
    pub off: bool,
}

/// A pop-up (`Ok`), or the one reason there is none: what is nearest to the alert comes first, so that the operator
/// reads what they themselves did to it.
pub const fn decide(standing: Standing) -> Result<(), Reason> {
    if standing.acknowledged {
        Err(Reason::Acknowledged)
    } else if standing.snoozed {
        Err(Reason::Snoozed)
    } else if standing.snoozed_all {
        Err(Reason::SnoozedAll)
    } else if standing.off {
        Err(Reason::NotificationsOff)
    } else {
        Ok(())
    }
}
