//! A client's settings as popular libraries want them, ready to paste. Pure.

use crate::oauth::clients::ClientMetadata;

/// What is pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The library.
    pub library: &'static str,
    /// The lines.
    pub code: String,
}

/// Snippets for a client at `issuer`. The secret stands in none of them.
pub fn snippets(issuer: &str, client_id: &str, metadata: &ClientMetadata) -> Vec<Snippet> {
    let callback = metadata.redirect_uris.first().map_or("https://shop.example/callback", |uri| uri.as_str());
    let quoted = |text: &str| serde_json::json!(text).to_string();
    let (issuer, client_id, callback) = (quoted(issuer), quoted(client_id), quoted(callback));
    let secret_js = if metadata.is_public() { "client.None()".to_owned() } else { "process.env.OIDC_CLIENT_SECRET".to_owned() };
    let secret_py = if metadata.is_public() { "None".to_owned() } else { "os.environ[\"OIDC_CLIENT_SECRET\"]".to_owned() };
    vec![
        Snippet {
            library: "openid-client (Node.js)",
            code: format!(
                "import * as client from 'openid-client'\n\nconst config = await client.discovery(new URL({issuer}), {client_id}, {secret_js})\nconst verifier = client.randomPKCECodeVerifier()\nconst url = client.buildAuthorizationUrl(config, {{\n  redirect_uri: {callback},\n  scope: 'openid email profile',\n  code_challenge: await client.calculatePKCECodeChallenge(verifier),\n  code_challenge_method: 'S256',\n}})"
            ),
        },
        Snippet {
            library: "Authlib (Python)",
            code: format!(
                "import os\nfrom authlib.integrations.flask_client import OAuth\n\noauth = OAuth(app)\noauth.register(\n    \"shop\",\n    client_id={client_id},\n    client_secret={secret_py},\n    server_metadata_url={issuer} + \"/.well-known/openid-configuration\",\n    client_kwargs={{\"scope\": \"openid email profile\", \"code_challenge_method\": \"S256\"}},\n)"
            ),
        },
        Snippet {
            library: "Spring Security",
            code: format!(
                "spring.security.oauth2.client.registration.shop.client-id={}\nspring.security.oauth2.client.registration.shop.client-secret=${{OIDC_CLIENT_SECRET}}\nspring.security.oauth2.client.registration.shop.scope=openid,email,profile\nspring.security.oauth2.client.provider.shop.issuer-uri={}",
                client_id.trim_matches('"'),
                issuer.trim_matches('"')
            ),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::uri::RedirectUri;
    use crate::oauth::clients::metadata::AuthMethod;

    #[test]
    fn a_snippet_names_the_client_and_never_a_secret() {
        let metadata = ClientMetadata::new("Shop", AuthMethod::ClientSecretBasic, vec![RedirectUri::parse("https://shop.example/cb").unwrap()]);
        let all = snippets("https://login.shop.example", "shop-1", &metadata);
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|snippet| snippet.code.contains("shop-1") && snippet.code.contains("https://login.shop.example") && snippet.code.contains("OIDC_CLIENT_SECRET")));
    }
}
