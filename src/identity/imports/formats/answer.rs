//! What an old shop answers of somebody whose password it just found right.

use serde::Deserialize;

use super::{Draft, ImportedCustomer, Reading, RecordRefused, json};
use crate::base::contact::EmailAddress;
use crate::base::time::UnixSeconds;

#[derive(Deserialize)]
struct Answer {
    email: String,
    email_verified: bool,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    phone: Option<String>,
    locale: Option<String>,
    created_at: Option<String>,
}

/// The customer of `email` by the body of an answer. What is not sound of it stays behind.
///
/// # Errors
/// [`RecordRefused`] when it is not such an answer.
pub fn read_answer(email: &EmailAddress, body: &[u8]) -> Result<ImportedCustomer, RecordRefused> {
    let answer: Answer = json(body)?;
    // A yes about somebody else, such as the owner of a name or of a former address, is none about this one.
    if EmailAddress::parse(&answer.email).ok().is_none_or(|answered| answered.as_str() != email.as_str()) {
        return Err(RecordRefused::BadEmail);
    }
    let draft = Draft {
        email: Some(email.as_str().to_owned()),
        is_email_verified: Some(answer.email_verified),
        phone: answer.phone,
        name: answer.name,
        given_name: answer.given_name,
        family_name: answer.family_name,
        locale: answer.locale,
        created_at: answer.created_at.as_deref().and_then(UnixSeconds::parse_rfc3339),
        ..Draft::default()
    };
    draft.finish(&Reading::default())
}
