//! Tables with a head row: of shop systems, or made for this. Columns are known by their names, in any order.

use super::super::table::{cells, separator};
use super::{Draft, ImportedApp, RecordRefused, hash, label, seed_of};
use crate::base::time::UnixSeconds;

/// What a column can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Email,
    EmailVerified,
    /// Magento: a token while the address is not proved.
    Confirmation,
    Hash,
    Name,
    GivenName,
    FamilyName,
    Phone,
    Locale,
    CreatedAt,
    Locked,
    Active,
    Id,
    TotpSecret,
}

/// The names of columns, in ours, WordPress's, WooCommerce's and Magento's words. Of two columns for one thing the first that is filled counts, in this order.
const NAMES: [(&str, Column); 36] = [
    ("email", Column::Email),
    ("user_email", Column::Email),
    ("email_verified", Column::EmailVerified),
    ("confirmation", Column::Confirmation),
    ("password_hash", Column::Hash),
    ("user_pass", Column::Hash),
    ("hash", Column::Hash),
    ("password", Column::Hash),
    ("name", Column::Name),
    ("display_name", Column::Name),
    ("given_name", Column::GivenName),
    ("first_name", Column::GivenName),
    ("firstname", Column::GivenName),
    ("billing_first_name", Column::GivenName),
    ("family_name", Column::FamilyName),
    ("last_name", Column::FamilyName),
    ("lastname", Column::FamilyName),
    ("billing_last_name", Column::FamilyName),
    ("phone", Column::Phone),
    ("phone_number", Column::Phone),
    ("billing_phone", Column::Phone),
    ("locale", Column::Locale),
    ("created_at", Column::CreatedAt),
    ("user_registered", Column::CreatedAt),
    ("locked", Column::Locked),
    ("blocked", Column::Locked),
    ("disabled", Column::Locked),
    ("is_active", Column::Active),
    ("active", Column::Active),
    ("enabled", Column::Active),
    ("external_id", Column::Id),
    ("id", Column::Id),
    ("user_id", Column::Id),
    ("customer_id", Column::Id),
    ("entity_id", Column::Id),
    ("totp_secret", Column::TotpSecret),
];

/// The head of a table: where each column stands.
pub(super) struct Head {
    separator: char,
    width: usize,
    /// In the order of [`NAMES`].
    columns: Vec<(Column, usize)>,
}

impl Head {
    /// Reads a head row.
    ///
    /// # Errors
    /// A sentence when there is no column for the e-mail address.
    pub(super) fn read(record: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(record).map_err(|_| "the head of the table is not UTF-8".to_owned())?;
        let separator = separator(text);
        let names: Vec<String> = cells(text, separator).into_iter().map(|name| name.trim().to_ascii_lowercase()).collect();
        let columns: Vec<_> = NAMES.iter().filter_map(|(name, column)| Some((*column, names.iter().position(|found| found == name)?))).collect();
        if columns.iter().any(|(column, _)| *column == Column::Email) {
            Ok(Self { separator, width: names.len(), columns })
        } else {
            Err("the first row has to name the columns, and one of them “email” or “user_email”".to_owned())
        }
    }

    /// What a row says.
    pub(super) fn draft(&self, record: &[u8]) -> Result<Draft, RecordRefused> {
        let row = std::str::from_utf8(record).map_err(|_| RecordRefused::Malformed)?;
        let cells = cells(row, self.separator);
        if cells.len() != self.width {
            return Err(RecordRefused::Malformed);
        }
        let cell = |wanted: Column| {
            let mine = self.columns.iter().filter(|(column, _)| *column == wanted);
            mine.filter_map(|(_, place)| cells.get(*place)).map(|cell| cell.trim()).find(|cell| !cell.is_empty() && !cell.eq_ignore_ascii_case("null"))
        };
        let owned = |wanted| cell(wanted).map(str::to_owned);
        let is_email_verified = match (cell(Column::Confirmation), cell(Column::EmailVerified)) {
            // The token waits for a proof: another column cannot know better.
            (Some(_), _) => Some(false),
            (None, Some(word)) => Some(is_true(word)),
            (None, None) => None,
        };
        Ok(Draft {
            id: owned(Column::Id),
            email: owned(Column::Email),
            is_email_verified,
            phone: owned(Column::Phone),
            name: owned(Column::Name),
            given_name: owned(Column::GivenName),
            family_name: owned(Column::FamilyName),
            locale: owned(Column::Locale),
            created_at: cell(Column::CreatedAt).and_then(UnixSeconds::parse_rfc3339),
            is_locked: cell(Column::Locked).is_some_and(is_true) || cell(Column::Active).is_some_and(|word| !is_true(word)),
            password: cell(Column::Hash).map(hash),
            apps: cell(Column::TotpSecret).map(|secret| Some(ImportedApp { seed: seed_of(secret)?, name: label(None) })).into_iter().collect(),
            ..Draft::default()
        })
    }
}

fn is_true(word: &str) -> bool {
    ["1", "true", "yes", "y", "t"].contains(&word.to_ascii_lowercase().as_str())
}
