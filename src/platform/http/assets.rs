//! The stylesheet, the script, the icon and the brand's logo: bytes made once at start.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use super::page::Brand;
use crate::base::encoding::{base64url, sha256};

const STYLE: &str = include_str!("pages/claviger.css");
const PASSKEY: &str = include_str!("pages/passkey.js");
const ICON: &str = include_str!("pages/icon.svg");

/// A logo file: its media type and bytes.
pub struct Logo {
    /// `image/png`, `image/jpeg` or `image/webp`. SVG can hold script, so it is not among them.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Everything under `/assets/`.
pub struct Assets {
    style: Vec<u8>,
    style_etag: String,
    passkey_etag: String,
    logo: Option<Logo>,
}

impl Assets {
    /// Puts the stylesheet together.
    pub fn new(brand: &Brand, logo: Option<Logo>) -> Self {
        let style = format!("{STYLE}\n{}\n", brand.properties).into_bytes();
        let etag = |bytes: &[u8]| format!("\"{}\"", base64url(sha256(bytes).get(..12).unwrap_or_default()));
        let (style_etag, passkey_etag) = (etag(&style), etag(PASSKEY.as_bytes()));
        Self { style, style_etag, passkey_etag, logo }
    }

    /// Answers for `name`; `None` when there is no such asset.
    pub fn respond(&self, request: &HttpRequest, name: &str) -> Option<HttpResponse> {
        match name {
            "claviger.css" => Some(cached(request, &self.style_etag, "text/css; charset=utf-8", &self.style)),
            "passkey.js" => Some(cached(request, &self.passkey_etag, "text/javascript; charset=utf-8", PASSKEY.as_bytes())),
            "icon.svg" => Some(cached(request, "\"icon-1\"", "image/svg+xml", ICON.as_bytes())),
            "logo" => self.logo.as_ref().map(|logo| cached(request, "\"logo-1\"", logo.media_type, &logo.bytes)),
            _ => None,
        }
    }
}

/// A public answer with an entity tag, or 304 when the caller has it.
pub fn cached(request: &HttpRequest, etag: &str, media_type: &'static str, bytes: &[u8]) -> HttpResponse {
    let is_known = request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")));
    response.insert_header((header::ETAG, etag));
    if is_known {
        return response.finish();
    }
    response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(media_type)));
    response.body(bytes.to_vec())
}
