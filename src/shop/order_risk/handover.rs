//! What a storefront hands on: to the customer, the way to confirm a purchase; to 3-D Secure, how the customer really signed in and what is known of the account (EMV 3-D Secure 2, `threeDSRequestorAuthenticationInfo` and `acctInfo`).

use serde_json::{Value, json};
use url::Url;

use super::account::Orderer;
use crate::base::assurance::{Acr, Authentication, FactorKind};
use crate::base::time::UnixSeconds;
use crate::base::uri::Issuer;
use crate::oauth::clients::metadata::ClientMetadata;
use crate::risk::purchase::order::Order;
use crate::risk::purchase::store::Ordered;

/// The level that a purchase is confirmed with.
pub const STEP_UP: Acr = Acr::SecondFactor;

/// Where the customer confirms a purchase: everything but what the client makes up for each request (`state`, `nonce`, `code_challenge`). The amount is bound to it by `authorization_details` (RFC 9396), where the client registered them.
pub fn confirmation_url(issuer: &Issuer, client: &str, metadata: &ClientMetadata, order: &Order) -> Option<String> {
    let redirect_uri = metadata.redirect_uris.first()?;
    let mut url = Url::parse(issuer.as_str()).ok()?;
    url.set_path("/authorize");
    let mut query = url.query_pairs_mut();
    query.append_pair("response_type", "code").append_pair("client_id", client).append_pair("redirect_uri", redirect_uri.as_str());
    query.append_pair("scope", "openid").append_pair("acr_values", STEP_UP.as_str()).append_pair("max_age", "300");
    if metadata.authorization_details_types.iter().any(|kind| kind == crate::base::purchase::TYPE) {
        query.append_pair("authorization_details", &json!([purchase_of(metadata, order)]).to_string());
    }
    drop(query);
    Some(url.to_string())
}

/// The authorization details of an order.
pub fn purchase_of(metadata: &ClientMetadata, order: &Order) -> Value {
    json!({ "type": crate::base::purchase::TYPE, "order_id": order.order_id, "amount": order.amount, "payee": metadata.client_name })
}

/// Adds a member to a document.
pub(super) fn put(document: &mut Value, name: &str, value: Value) {
    if let Some(members) = document.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

/// Digits of a time, as 3-D Secure has them.
fn digits(at: UnixSeconds, count: usize) -> String {
    at.rfc3339().chars().filter(char::is_ascii_digit).take(count).collect()
}

/// How old something is: `01` none, `02` made in this purchase, `03` under 30 days, `04` to 60, `05` over.
fn age(at: Option<UnixSeconds>, now: UnixSeconds) -> &'static str {
    match at.map(|at| now.since(at).div_euclid(86_400)) {
        None => "01",
        Some(days) if days < 1 => "02",
        Some(days) if days < 30 => "03",
        Some(days) if days <= 60 => "04",
        Some(_) => "05",
    }
}

/// What 3-D Secure is told; of a guest only that nobody signed in.
pub fn three_ds(orderer: Option<&Orderer>, ordered: Ordered, now: UnixSeconds) -> Value {
    let Some(orderer) = orderer else {
        return json!({ "threeDSRequestorAuthenticationInfo": { "threeDSReqAuthMethod": "01" }, "acctInfo": { "chAccAgeInd": "01" } });
    };
    let session = orderer.session.as_ref();
    let shown = session.map(|session| session.shown.as_slice()).unwrap_or_default();
    let has = |kind: FactorKind| shown.iter().any(|factor| factor.kind == kind);
    // 01 nobody signed in, 02 with credentials of the shop's, 03 by a federated account, 06 with a FIDO authenticator.
    let method = match () {
        () if has(FactorKind::Passkey) => "06",
        () if has(FactorKind::Upstream) => "03",
        () if shown.is_empty() => "01",
        () => "02",
    };
    let mut authentication = json!({ "threeDSReqAuthMethod": method });
    if let Some(found) = Authentication::from_shown(shown) {
        put(&mut authentication, "threeDSReqAuthTimestamp", digits(found.auth_time(), 12).into());
        // What the field may carry beside is for the two ends to agree on: which methods they were (RFC 8176).
        put(&mut authentication, "threeDSReqAuthData", found.amr.join(" ").into());
    }
    let account = &orderer.account;
    let date = |at: Option<UnixSeconds>| at.map(|at| digits(at, 8));
    // A change of the password: 01 never, 02 in this purchase, and so on.
    let password_age = age(orderer.password_changed_at.filter(|at| account.made_at.is_none_or(|made| at.since(made) > 900)), now);
    let mut info = json!({
        "chAccAgeInd": age(account.made_at, now), "chAccPwChangeInd": password_age,
        "nbPurchaseAccount": ordered.half_year.min(9_999).to_string(), "txnActivityDay": ordered.day.min(999).to_string(), "txnActivityYear": ordered.year.min(999).to_string(),
        "shipAddressUsageInd": if account.is_own_address { age(account.address_added_at.or(account.made_at), now).replace("01", "02") } else { "01".to_owned() },
        // 01 nothing suspicious was seen, 02 something was.
        "suspiciousAccActivity": if account.is_frozen || account.signin_score.is_some_and(|score| score >= 900) { "02" } else { "01" },
    });
    if let Some(date) = date(account.made_at) {
        put(&mut info, "chAccDate", date.into());
    }
    if let Some(date) = date(orderer.password_changed_at) {
        put(&mut info, "chAccPwChange", date.into());
    }
    json!({ "threeDSRequestorAuthenticationInfo": authentication, "acctInfo": info })
}
