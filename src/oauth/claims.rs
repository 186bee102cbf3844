//! Which claims about a customer go where (OIDC Core sections 5.1, 5.4 and 5.5).

use serde_json::{Map, Value};

use super::clients::metadata::{ClientMetadata, SubjectType};
use super::scope::Scope;
use crate::base::encoding::base64url;
use crate::base::time::UnixSeconds;
use crate::identity::customers::Customer;
use crate::identity::recovery::CHANGE_COOL_DOWN_SECONDS;
use crate::platform::crypto::keyring::KeyRing;

/// Every claim about a customer that can be asked for, with the scope that brings it.
const CLAIMS: [(&str, &str); 21] = [
    ("name", "profile"),
    ("given_name", "profile"),
    ("family_name", "profile"),
    ("middle_name", "profile"),
    ("nickname", "profile"),
    ("preferred_username", "profile"),
    ("profile", "profile"),
    ("picture", "profile"),
    ("website", "profile"),
    ("gender", "profile"),
    ("birthdate", "profile"),
    ("zoneinfo", "profile"),
    ("locale", "profile"),
    ("updated_at", "profile"),
    ("email", "email"),
    ("email_verified", "email"),
    (CONTACT_CHANGED_AT, "email"),
    (FROZEN_UNTIL, "openid"),
    ("address", "address"),
    ("phone_number", "phone"),
    ("phone_number_verified", "phone"),
];

/// When the customer last changed e-mail address or telephone, in seconds since 1970; present for three days after a change, while its owner may take it back. A shop that sends goods or links should wait, or ask.
const CONTACT_CHANGED_AT: &str = "urn:claviger:contact_changed_at";

/// Until when the account stands still, in seconds since 1970, after its owner said that somebody else got in: no goods should go to an address that is new. Told to every shop that the customer uses.
const FROZEN_UNTIL: &str = "urn:claviger:frozen_until";

/// The names of those claims, for discovery.
pub fn supported() -> impl Iterator<Item = &'static str> {
    CLAIMS.iter().map(|(name, _)| *name)
}

/// What the `claims` parameter asked for, reduced to what we act on.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    /// Names wanted from `UserInfo`.
    pub userinfo: Vec<String>,
    /// Names wanted in the ID token.
    pub id_token: Vec<String>,
}

impl ClaimsRequest {
    /// The scopes that bring the wanted claims: what the customer really shares.
    pub fn implied_scope(&self) -> Scope {
        let wanted = |name: &str| self.userinfo.iter().chain(&self.id_token).any(|wanted| wanted == name);
        Scope::from(CLAIMS.iter().filter(|(name, _)| wanted(name)).map(|(_, scope)| *scope).collect::<Vec<_>>().join(" "))
    }

    /// The same, without claims that no registered scope would bring.
    #[must_use]
    pub fn within(mut self, registered: &Scope) -> Self {
        let may = |name: &String| CLAIMS.iter().any(|(claim, scope)| claim == name && registered.contains(scope));
        self.userinfo.retain(may);
        self.id_token.retain(may);
        self
    }
}

/// What else the `claims` parameter can demand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demands {
    /// `sub` must be one of these.
    pub subjects: Option<Vec<String>>,
    /// Of each list, one `acr` value must be reached.
    pub essential_acr: Vec<Vec<String>>,
}

/// Reads the `claims` parameter (OIDC Core section 5.5); `None` when it is not a JSON object of the right shape.
pub fn parse_request(text: &str) -> Option<(ClaimsRequest, Demands)> {
    let Value::Object(top) = serde_json::from_str::<Value>(text).ok()? else { return None };
    let mut demands = Demands::default();
    let names = |member: &str, demands: &mut Demands| -> Option<Vec<String>> {
        let wanted = match top.get(member) {
            None | Some(Value::Null) => return Some(Vec::new()),
            Some(Value::Object(wanted)) => wanted,
            Some(_) => return None,
        };
        for (name, detail) in wanted {
            let values = || match (detail.get("value"), detail.get("values")) {
                (Some(Value::String(one)), _) => vec![one.clone()],
                (_, Some(Value::Array(several))) => several.iter().filter_map(Value::as_str).map(str::to_owned).take(10).collect(),
                _ => Vec::new(),
            };
            let values = values();
            if name == "sub" && !values.is_empty() {
                // Demanded in both members: only what both allow.
                let both = demands.subjects.take().map(|before| before.into_iter().filter(|one| values.contains(one)).collect());
                demands.subjects = Some(both.unwrap_or_else(|| values.clone()));
            }
            if name == "acr" && detail.get("essential") == Some(&Value::Bool(true)) && !values.is_empty() {
                demands.essential_acr.push(values);
            }
        }
        let known = |name: &&String| CLAIMS.iter().any(|(claim, _)| claim == name);
        Some(wanted.keys().filter(known).cloned().collect())
    };
    let request = ClaimsRequest { userinfo: names("userinfo", &mut demands)?, id_token: names("id_token", &mut demands)? };
    Some((request, demands))
}

/// The claims of `customer` that `scope` and the names in `single` bring.
pub fn select(customer: &Customer, scope: &Scope, single: &[String], now: UnixSeconds) -> Map<String, Value> {
    let all = all_claims(customer, now);
    CLAIMS
        .iter()
        .filter(|(name, by_scope)| scope.contains(by_scope) || single.iter().any(|wanted| wanted == name))
        .filter_map(|(name, _)| all.get(*name).map(|value| ((*name).to_owned(), value.clone())))
        .collect()
}

fn all_claims(customer: &Customer, now: UnixSeconds) -> Map<String, Value> {
    let mut claims = match serde_json::to_value(&customer.profile) {
        Ok(Value::Object(profile)) => profile,
        Ok(_) | Err(_) => Map::new(),
    };
    claims.insert("updated_at".to_owned(), customer.updated_at.0.into());
    let changed = customer.email_changed_at.max(customer.phone_changed_at).filter(|at| now.since(*at) < CHANGE_COOL_DOWN_SECONDS);
    if let Some(at) = changed {
        claims.insert(CONTACT_CHANGED_AT.to_owned(), at.0.into());
    }
    if let Some(until) = customer.frozen_until.filter(|until| *until > now) {
        claims.insert(FROZEN_UNTIL.to_owned(), until.0.into());
    }
    claims.insert("email".to_owned(), customer.email.as_str().into());
    claims.insert("email_verified".to_owned(), customer.is_email_verified.into());
    if let Some(date) = &customer.birth_date {
        claims.insert("birthdate".to_owned(), date.as_str().into());
    }
    if let Some(phone) = &customer.phone {
        claims.insert("phone_number".to_owned(), phone.as_str().into());
        claims.insert("phone_number_verified".to_owned(), customer.is_phone_verified.into());
    }
    if let Some(entry) = customer.addresses.preferred()
        && let Ok(address) = serde_json::to_value(&entry.address)
    {
        claims.insert("address".to_owned(), address);
    }
    // What a customer has not told us is left out, never null (section 5.3.2).
    claims.retain(|_, value| !value.is_null());
    claims
}

/// The `sub` that a client is told (section 8).
pub fn subject(ring: &KeyRing, subject: &str, metadata: &ClientMetadata) -> String {
    match (metadata.subject_type, metadata.sector()) {
        (SubjectType::Pairwise, Some(sector)) => base64url(ring.pairwise.mac(&[sector.as_bytes(), subject.as_bytes()])),
        _ => subject.to_owned(),
    }
}

/// The `sid` that a client is told: stable for a session, and of no use to another client.
pub fn session_name(ring: &KeyRing, session_id: &str, client_id: &str) -> String {
    let mac = ring.session_names.mac(&[session_id.as_bytes(), client_id.as_bytes()]);
    base64url(mac.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_parameter_is_read_strictly() {
        let (request, demands) = parse_request(
            r#"{"userinfo":{"name":{"essential":true},"email":null,"nonsense":null},"id_token":{"acr":{"essential":true,"values":["a","b"]},"sub":{"value":"x"},"nickname":null}}"#,
        )
        .unwrap();
        assert_eq!(request.userinfo, vec!["email", "name"]);
        assert_eq!(request.id_token, vec!["nickname"]);
        assert_eq!(demands.essential_acr, vec![vec!["a", "b"]]);
        assert_eq!(demands.subjects, Some(vec!["x".to_owned()]));
        let (_, both) = parse_request(r#"{"userinfo":{"sub":{"values":["a","b"]}},"id_token":{"sub":{"values":["b","c"]},"acr":null}}"#).unwrap();
        assert_eq!(both.subjects, Some(vec!["b".to_owned()]));
        let (_, none) = parse_request(r#"{"userinfo":{"sub":{"value":"a"}},"id_token":{"sub":null}}"#).unwrap();
        assert_eq!(none.subjects, Some(vec!["a".to_owned()]));
        for bad in ["", "[]", "{\"userinfo\":[]}", "{\"userinfo\":\"name\"}", "{"] {
            assert!(parse_request(bad).is_none(), "{bad}");
        }
        assert!(parse_request(&format!("{{\"userinfo\":{}1{}}}", "[".repeat(200), "]".repeat(200))).is_none());
    }
}
