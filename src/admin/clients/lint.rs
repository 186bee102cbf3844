//! What is unsafe about a client, or could be better, in words that say why and what to do. Pure.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::admin::access::rules::SCOPE_PREFIX;
use crate::oauth::clients::ClientMetadata;
use crate::oauth::clients::metadata::{AuthMethod, GrantType, SubjectType};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It will be attacked.
    Danger,
    /// It weakens something.
    Warning,
    /// It could be better.
    Hint,
}

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Advice {
    /// How bad it is.
    pub severity: Severity,
    /// Which member.
    pub member: String,
    /// Why, and what to do.
    pub text: String,
}

fn advice(severity: Severity, member: &str, text: impl Into<String>) -> Advice {
    Advice { severity, member: member.to_owned(), text: text.into() }
}

/// Looks over metadata that can be registered.
pub fn lint(metadata: &ClientMetadata) -> Vec<Advice> {
    let mut found = Vec::new();
    let mut add = |is_so: bool, severity, member: &str, text: &str| {
        if is_so {
            found.push(advice(severity, member, text));
        }
    };
    let uris = || metadata.redirect_uris.iter().map(crate::base::uri::RedirectUri::as_str);
    add(
        !metadata.require_pkce,
        Severity::Danger,
        "require_pkce",
        "Without PKCE a stolen authorization code can be redeemed. Every current library sends it: leave it on (RFC 9700 section 2.1.1).",
    );
    add(
        uris().any(|uri| uri.starts_with("http://")) && !metadata.is_native(),
        Severity::Warning,
        "redirect_uris",
        "An http address is fine on a developer's own machine and nowhere else. Keep development in a client of its own, so that this one can be held to https.",
    );
    add(
        metadata.is_native() && uris().any(|uri| uri.split(':').next().is_some_and(|scheme| !scheme.starts_with("http") && !scheme.contains('.'))),
        Severity::Warning,
        "redirect_uris",
        "A private scheme without a dot can be claimed by another app on the same phone. Use a domain of yours in reverse, or a claimed https address (RFC 8252 section 7).",
    );
    add(
        metadata.redirect_uris.len() > 10,
        Severity::Hint,
        "redirect_uris",
        "More than ten addresses are hard to oversee: each is a place where a code can end up. Remove what is not used.",
    );
    add(
        metadata.token_endpoint_auth_method == AuthMethod::ClientSecretPost,
        Severity::Hint,
        "token_endpoint_auth_method",
        "The secret stands in the body, where it ends up in logs more easily. Use client_secret_basic, or private_key_jwt, which sends no secret at all.",
    );
    add(
        metadata.is_public() && metadata.may_use(GrantType::RefreshToken) && !metadata.is_native(),
        Severity::Hint,
        "grant_types",
        "A refresh token in a browser is as good as a session for whoever runs script there. Let a server of yours keep the tokens, if you can.",
    );
    add(
        metadata.may_introspect_all,
        Severity::Warning,
        "may_introspect_all",
        "It learns about every client's tokens. Give this to a resource server alone, and prefer naming it as audience.",
    );
    add(
        metadata.claims_in_id_token,
        Severity::Hint,
        "claims_in_id_token",
        "Personal data then stands in ID tokens, which travel further than UserInfo does. Only for libraries that do not ask UserInfo.",
    );
    add(
        metadata.subject_type == SubjectType::Public && metadata.consent == crate::oauth::clients::metadata::ConsentPolicy::Explicit,
        Severity::Hint,
        "subject_type",
        "An app of another party can be given pairwise subjects, so that two of them cannot compare notes about a customer.",
    );
    let roles: Vec<&str> = metadata.scope.iter().filter(|scope| scope.starts_with(SCOPE_PREFIX)).collect();
    add(
        !roles.is_empty(),
        Severity::Warning,
        "scope",
        "This client acts as staff, without anybody present. Keep its secret as you would a master key, and give it the least role.",
    );
    add(
        metadata.post_logout_redirect_uris.is_empty() && metadata.may_use(GrantType::AuthorizationCode),
        Severity::Hint,
        "post_logout_redirect_uris",
        "Without one, customers who sign out stay on our page.",
    );
    found
}

/// Looks over metadata as it was written, also when it cannot be registered: what is refused, and why it is.
pub fn of_text(metadata: &Value) -> Vec<Advice> {
    let mut found = Vec::new();
    let texts = |member: &str| {
        metadata
            .get(member)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
            .into_iter()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    for uri in texts("redirect_uris") {
        if uri.contains('*') {
            found.push(advice(
                Severity::Danger,
                "redirect_uris",
                "Wildcards are not matched here: whoever controls any page under one gets the codes. Write each address in full (RFC 9700 section 4.1).",
            ));
        }
        if uri.contains('#') {
            found.push(advice(Severity::Danger, "redirect_uris", "A fragment has no place in a redirect address (RFC 6749 section 3.1.2)."));
        }
    }
    let asks_implicit = texts("response_types").iter().any(|kind| kind.contains("token")) || texts("grant_types").iter().any(|grant| grant == "implicit");
    if asks_implicit {
        found.push(advice(
            Severity::Danger,
            "response_types",
            "Tokens in the address bar are what the implicit flow was given up for. Use the authorization code with PKCE (RFC 9700 section 2.1.2).",
        ));
    }
    if texts("grant_types").iter().any(|grant| grant == "password") {
        found.push(advice(Severity::Danger, "grant_types", "The password grant hands customers' passwords to the app, and knows no second factor (RFC 9700 section 2.4)."));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::uri::RedirectUri;

    #[test]
    fn what_is_unsafe_is_named_and_what_is_sound_is_not() {
        let mut metadata = ClientMetadata::new("Shop", AuthMethod::ClientSecretBasic, vec![RedirectUri::parse("https://shop.example/cb").unwrap()]);
        metadata.post_logout_redirect_uris = metadata.redirect_uris.clone();
        assert_eq!(lint(&metadata), Vec::new());
        metadata.require_pkce = false;
        metadata.scope = metadata.scope.union(&"admin:owner".to_owned().into());
        let members: Vec<String> = lint(&metadata).into_iter().map(|advice| advice.member).collect();
        assert_eq!(members, ["require_pkce", "scope"]);
        let text =
            serde_json::json!({ "redirect_uris": ["https://*.shop.example/cb", "https://shop.example/#x"], "response_types": ["id_token token"], "grant_types": ["password"] });
        assert_eq!(of_text(&text).len(), 4);
    }
}
