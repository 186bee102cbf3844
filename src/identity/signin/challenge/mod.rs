//! The challenge: which page asks for which second factor, and those pages.

pub mod web;

use crate::base::assurance::FactorKind;

/// The last part of the address of a factor's page.
pub(super) fn path(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Totp => "totp",
        FactorKind::Password | FactorKind::Upstream => "",
        FactorKind::Passkey => "passkey",
        FactorKind::RecoveryCode => "recovery-code",
        FactorKind::EmailCode => "email-code",
        FactorKind::SmsCode => "sms-code",
    }
}
