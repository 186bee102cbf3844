//! `/account/shops/{client}/receipt`.

use actix_web::http::header;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::security::web::{finish, seen_for};
use crate::base::ids::ClientId;
use crate::identity::customers;
use crate::identity::signin::gate::SigninState;
use crate::oauth::authorize::store as consents;
use crate::oauth::claims::subject;
use crate::oauth::clients::store as clients;
use crate::oauth::state::OAuthState;
use crate::platform::crypto::jws::{SigningAlgorithm, TokenType};
use crate::platform::db::DbConnection;
use crate::platform::http::page::{ErrorKind, PageError, PageView};

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/account/shops/{client}/receipt", web::get().to(give));
}

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ConsentReceipt {
    /// Who gave it.
    pub iss: String,
    /// When it was given, in seconds since 1970.
    pub iat: i64,
    /// The customer, as the shop is told.
    pub sub: String,
    /// The shop.
    pub client_id: String,
    /// Its name.
    pub client_name: String,
    /// What is shared: scopes of OIDC Core section 5.4.
    pub scope: String,
    /// The same in words.
    pub shared: Vec<String>,
    /// When the customer last agreed, in seconds since 1970.
    pub agreed_at: i64,
    /// The shop's privacy policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// Its terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
}

async fn give(state: Data<SigninState>, oauth: Data<OAuthState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let signed_in = match seen_for(&state, &request, "/account/shops").await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let client: ClientId = path.parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
        let (id, wanted) = (signed_in.customer().clone(), client.clone());
        let find = move |connection: &mut DbConnection| {
            let consent = consents::list_consents(connection, &id)?.into_iter().find(|(named, ..)| *named == wanted);
            Ok((consent, clients::find_client(connection, &wanted)?, customers::store::find_subject(connection, &id)?))
        };
        let (consent, found, own) = state.db.read(find).await?;
        let (Some((_, scope, at)), Some(found), Some(own)) = (consent, found, own) else { return Err(PageError::new(ErrorKind::NotFound)) };
        let (view, text) = (PageView::new(&state.http, &request, &[]), scope.to_text());
        let in_words = |scope: &str| {
            let key = format!("consent-scope-{scope}");
            if view.has(&key) { view.t(&key) } else { view.t1("consent-scope-other", "scope", scope) }
        };
        let receipt = ConsentReceipt {
            iss: state.http.issuer.as_str().to_owned(),
            iat: state.tools.now().0,
            sub: subject(&state.tools.ring, &own, &found.metadata),
            client_id: client.to_string(),
            client_name: found.metadata.client_name.clone(),
            shared: text.split(' ').filter(|scope| !scope.is_empty()).map(in_words).collect(),
            scope: text,
            agreed_at: at.0,
            policy_uri: found.metadata.policy_uri.clone(),
            tos_uri: found.metadata.tos_uri.clone(),
        };
        let keys = oauth.keys.current();
        let signer = keys.signer(SigningAlgorithm::RS256).ok_or_else(|| PageError::new(ErrorKind::Unavailable))?;
        let signed = signer.sign(TokenType::ConsentReceipt, &receipt).map_err(|_| PageError::new(ErrorKind::Internal))?;
        let body = serde_json::to_vec_pretty(&serde_json::json!({ "receipt": receipt, "signed": signed })).map_err(|_| PageError::new(ErrorKind::Internal))?;
        Ok(HttpResponse::Ok()
            .content_type("application/json")
            .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"consent-receipt.json\""))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(body))
    };
    finish(&state, &request, work).await
}
