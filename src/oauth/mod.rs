//! Floor 5, protocol: OAuth 2.0 and OpenID Connect. Knocks at the sign-in gate; never looks behind it.

pub mod access;
pub mod authorize;
pub mod claims;
pub mod clients;
pub mod cors;
pub mod discovery;
pub mod error;
pub mod events;
pub mod grant;
pub mod introspection;
pub mod issue;
pub mod logout;
pub mod revocation;
pub mod scope;
pub mod state;
pub mod token;
pub mod userinfo;

use actix_web::web::{self, ServiceConfig};

/// The routes of the protocol.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/.well-known/openid-configuration", web::get().to(discovery::metadata))
        .route("/.well-known/oauth-authorization-server", web::get().to(discovery::metadata))
        .route("/jwks", web::get().to(discovery::jwks))
        .route("/authorize", web::get().to(authorize::web::get))
        .route("/authorize", web::post().to(authorize::web::post))
        .route("/authorize/{flow}", web::get().to(authorize::web::resume))
        .route("/authorize/{flow}/account", web::get().to(authorize::decisions::web::show_choice))
        .route("/authorize/{flow}/account", web::post().to(authorize::decisions::web::choose))
        .route("/authorize/{flow}/consent", web::get().to(authorize::decisions::web::show_consent))
        .route("/authorize/{flow}/consent", web::post().to(authorize::decisions::web::consent))
        .route("/authorize/{flow}/pause", web::get().to(authorize::decisions::web::show_pause))
        .route("/authorize/{flow}/pause", web::post().to(authorize::decisions::web::pause))
        .route("/token", web::post().to(token::web::post))
        .route("/token", web::method(actix_web::http::Method::OPTIONS).to(cors::preflight))
        .route("/userinfo", web::get().to(userinfo::get))
        .route("/userinfo", web::post().to(userinfo::post))
        .route("/userinfo", web::method(actix_web::http::Method::OPTIONS).to(cors::preflight))
        .route("/introspect", web::post().to(introspection::post))
        .route("/revoke", web::post().to(revocation::post))
        .route("/revoke", web::method(actix_web::http::Method::OPTIONS).to(cors::preflight))
        .route("/logout", web::get().to(logout::web::get))
        .route("/logout", web::post().to(logout::web::post))
        .route("/logout/confirm", web::get().to(logout::web::show_confirmation))
        .route("/logout/confirm", web::post().to(logout::web::confirm))
        .route("/signed-out", web::get().to(logout::web::signed_out));
}
