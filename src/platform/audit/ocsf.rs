//! Events in the Open Cybersecurity Schema Framework (OCSF 1.3), for a SIEM: a pure function from what the log holds.

use serde_json::{Value, json};

use super::entry_text::LoggedEvent;

/// The version of the schema.
const VERSION: &str = "1.3.0";

/// A class of OCSF and what happened in its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Class {
    /// `class_uid`.
    uid: u32,
    /// `class_name`.
    name: &'static str,
    /// `activity_id`.
    activity: u32,
    /// `severity_id`: 1 informational, 3 medium, 4 high.
    severity: u32,
}

const fn account(activity: u32) -> Class {
    Class { uid: 3_001, name: "Account Change", activity, severity: 1 }
}

const fn authentication(activity: u32) -> Class {
    Class { uid: 3_002, name: "Authentication", activity, severity: 1 }
}

const fn entity(activity: u32) -> Class {
    Class { uid: 3_004, name: "Entity Management", activity, severity: 1 }
}

const fn detection(severity: u32) -> Class {
    Class { uid: 2_004, name: "Detection Finding", activity: 1, severity }
}

/// The class of a kind of event. What no class fits better is API activity.
fn class_of(kind: &str) -> Class {
    match kind {
        "signed_in" | "signin_advanced" | "signin_refused" | "challenge_refused" | "upstream_refused" | "client_refused" | "client_token" => authentication(1),
        "signed_out" | "session_ended" | "session_replaced" | "staff_sessions_ended" => authentication(2),
        "customer_joined" | "customer_added" | "guest_made" | "guest_claimed" => account(1),
        "password_changed" => account(3),
        "account_recovered" | "recovery_begun" | "recovery_proof" | "recovery_waits" | "staff_recovery_started" => account(4),
        "customer_erased" | "erasure_asked" => account(6),
        "staff_customer_locked" | "account_secured" => account(9),
        "authenticator_added" | "upstream_connected" | "recovery_codes_given" | "device_trusted" => account(10),
        "authenticator_removed" | "upstream_disconnected" | "device_distrusted" => account(11),
        "staff_customer_unlocked" => account(12),
        "contact_changed" | "contact_restored" | "profile_changed" | "address_changed" | "customer_changed" | "level_chosen" => account(99),
        "code_issued" | "code_redeemed" | "refreshed" | "consent_given" | "consent_denied" | "purchase_confirmed" | "revoked" | "sharing_ended" | "code_refused"
        | "refresh_refused" => Class { uid: 3_003, name: "Authorize Session", activity: 1, severity: 1 },
        "admin_invited" | "admin_joined" | "admin_changed" => Class { uid: 3_005, name: "User Access Management", activity: 1, severity: 3 },
        "admin_removed" => Class { uid: 3_005, name: "User Access Management", activity: 2, severity: 3 },
        "client_changed" | "signing_keys_changed" | "master_key_renewed" => entity(3),
        "refresh_token_reused" | "code_reused" | "passkey_cloned" => detection(4),
        "scam_reported" | "password_flagged" | "theft_report_made" | "staff_refused" => detection(3),
        _ => Class { uid: 6_003, name: "API Activity", activity: 99, severity: 1 },
    }
}

/// The event in OCSF. What is sealed stays out; the event's own members stand under `unmapped`.
pub fn to_ocsf(event: &LoggedEvent) -> Value {
    let class = class_of(&event.kind);
    let is_success = event.outcome == "success";
    let (kind_of_actor, actor) = event.actor.split_once(':').unwrap_or((event.actor.as_str(), ""));
    let subject = event.about.split_once(':').map_or("", |(_, id)| id);
    let user = |id: &str, kind: &str| json!({ "uid": id, "type_id": if kind == "staff" { 2 } else { 1 }, "type": kind });
    json!({
        "class_uid": class.uid,
        "class_name": class.name,
        "category_uid": class.uid / 1_000,
        "activity_id": class.activity,
        "type_uid": class.uid * 100 + class.activity,
        "time": event.time_micros.div_euclid(1_000),
        "severity_id": class.severity,
        "status_id": if is_success { 1 } else { 2 },
        "status": if is_success { "Success" } else { "Failure" },
        "status_detail": event.reason,
        "metadata": {
            "version": VERSION,
            "uid": event.id,
            "event_code": event.kind,
            "sequence": event.position,
            "correlation_uid": event.correlation_id,
            "product": { "name": "Claviger", "vendor_name": "Claviger", "version": env!("CARGO_PKG_VERSION") },
        },
        "actor": { "user": user(actor, kind_of_actor) },
        "user": user(if subject.is_empty() { actor } else { subject }, "customer"),
        "session": event.session_id.as_ref().map(|id| json!({ "uid": id })),
        "app": event.client_id.as_ref().map(|id| json!({ "uid": id })),
        "finding_info": (class.uid == 2_004).then(|| json!({ "uid": event.id, "title": event.kind })),
        "unmapped": event,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::RawValue;

    #[test]
    fn a_sign_in_is_an_authentication_and_a_reuse_a_finding() {
        let mut event = LoggedEvent {
            position: 7,
            id: "evt_1".into(),
            time_micros: 1_798_761_600_123_456,
            kind: "signed_in".into(),
            outcome: "success".into(),
            reason: String::new(),
            actor: "customer:cus_1".into(),
            about: "customer:cus_1".into(),
            client_id: None,
            session_id: Some("ses_1".into()),
            correlation_id: "c".into(),
            detail: RawValue::from_string("{}".into()).unwrap(),
            origin_sealed: None,
            note_sealed: None,
        };
        let told = to_ocsf(&event);
        assert_eq!((&told["class_uid"], &told["type_uid"], &told["time"], &told["status_id"]), (&json!(3_002), &json!(300_201), &json!(1_798_761_600_123_i64), &json!(1)));
        assert_eq!((&told["user"]["uid"], &told["session"]["uid"], &told["metadata"]["sequence"]), (&json!("cus_1"), &json!("ses_1"), &json!(7)));
        event.kind = "refresh_token_reused".into();
        event.outcome = "refused".into();
        let told = to_ocsf(&event);
        assert_eq!(
            (&told["class_uid"], &told["severity_id"], &told["status_id"], &told["finding_info"]["title"]),
            (&json!(2_004), &json!(4), &json!(2), &json!("refresh_token_reused"))
        );
    }
}
