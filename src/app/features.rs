//! The one list of features: what the router, the audit catalogue and the reference read.

use actix_web::web::ServiceConfig;

use crate::platform::audit::EventSpec;
use crate::{account, identity, oauth, shop};

/// Adds the routes of every feature.
pub fn routes(config: &mut ServiceConfig) {
    oauth::routes(config);
    identity::signin::web::routes(config);
    identity::signup::web::routes(config);
    identity::recovery::web::routes(config);
    account::home::routes(config);
    account::security::web::routes(config);
    account::not_me::web::routes(config);
    shop::order_facts::web::routes(config);
    shop::guests::web::routes(config);
    account::sessions::web::routes(config);
    account::privacy::web::routes(config);
    account::shops::web::routes(config);
    account::activity::web::routes(config);
    account::messages::web::routes(config);
    account::verify_message::web::routes(config);
    account::checkup::web::routes(config);
    account::phrase::web::routes(config);
    account::quiz::web::routes(config);
    account::theft::web::routes(config);
    account::safety::web::routes(config);
    account::profile::web::routes(config);
    account::addresses::web::routes(config);
    account::contact::web::routes(config);
    account::contact::undo::web::routes(config);
}

/// Every kind of audit event.
pub const EVENTS: [EventSpec; 71] = [
    identity::signin::SIGNED_IN,
    identity::signin::SIGNIN_ADVANCED,
    identity::signin::SESSION_REPLACED,
    identity::signin::sent::CODE_SENT,
    identity::signin::sent::CODE_NOT_SENT,
    identity::signin::DEVICE_TRUSTED,
    identity::signin::challenge::web::CHALLENGE_REFUSED,
    identity::signin::password::web::SIGNIN_REFUSED,
    identity::signin::passkey::web::PASSKEY_CLONED,
    identity::signin::enrolment::AUTHENTICATOR_ADDED,
    account::security::web::AUTHENTICATOR_REMOVED,
    identity::signin::enrolment::AUTHENTICATOR_REFUSED,
    identity::factors::upstream::UPSTREAM_CONNECTED,
    identity::factors::upstream::UPSTREAM_DISCONNECTED,
    identity::factors::upstream::UPSTREAM_REFUSED,
    account::security::devices::web::DEVICE_DISTRUSTED,
    account::security::level::web::LEVEL_CHOSEN,
    account::security::web::RECOVERY_CODES_GIVEN,
    account::security::web::RECOVERY_CODES_KEPT,
    shop::order_facts::web::ORDER_FACT_TOLD,
    identity::erasure::ERASURE_ASKED,
    identity::erasure::ERASURE_CANCELLED,
    identity::erasure::CUSTOMER_ERASED,
    account::privacy::web::DATA_EXPORTED,
    account::sessions::web::SESSION_ENDED,
    account::shops::web::SHARING_ENDED,
    account::verify_message::web::MESSAGE_CHECKED,
    identity::guests::GUEST_MADE,
    identity::guests::GUEST_CLAIMED,
    identity::care::CARD_SHOWN,
    identity::care::CARD_ANSWERED,
    identity::care::CHECKUP_SEEN,
    identity::care::DEVICES_REVIEWED,
    identity::care::PHRASE_CHOSEN,
    identity::care::QUIZ_TAKEN,
    identity::care::THEFT_REPORT_MADE,
    identity::care::SCAM_REPORTED,
    account::addresses::web::ADDRESS_CHANGED,
    account::profile::web::PROFILE_CHANGED,
    identity::contacts::CONTACT_CHANGED,
    identity::contacts::CONTACT_RESTORED,
    identity::recovery::RECOVERY_BEGUN,
    identity::recovery::RECOVERY_PROOF,
    identity::recovery::RECOVERY_WAITS,
    identity::recovery::RECOVERY_STOPPED,
    identity::recovery::ACCOUNT_RECOVERED,
    identity::signup::CUSTOMER_JOINED,
    identity::signup::SIGNUP_BEGUN,
    identity::signup::SIGNUP_REFUSED,
    identity::signin::new_password::PASSWORD_CHANGED,
    identity::signin::new_password::PASSWORD_FLAGGED,
    account::not_me::web::ACCOUNT_SECURED,
    oauth::authorize::approve::CODE_ISSUED,
    oauth::authorize::approve::CONSENT_GIVEN,
    oauth::authorize::approve::CONSENT_DENIED,
    oauth::authorize::approve::PURCHASE_CONFIRMED,
    oauth::token::CODE_REDEEMED,
    oauth::token::CODE_REFUSED,
    oauth::token::CODE_REUSED,
    oauth::token::REFRESHED,
    oauth::token::REFRESH_REUSED,
    oauth::token::REFRESH_REFUSED,
    oauth::token::CLIENT_TOKEN,
    oauth::clients::authentication::CLIENT_REFUSED,
    oauth::revocation::REVOKED,
    oauth::logout::web::SIGNED_OUT,
    super::setup::KEYS_CHANGED,
    super::cli::MASTER_KEY_RENEWED,
    super::cli::CLIENT_CHANGED,
    super::cli::CUSTOMER_CHANGED,
    super::cli::CUSTOMER_ADDED,
];
