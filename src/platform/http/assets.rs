//! The stylesheet, the scripts, the icon and the brand's logo: bytes made once at start.

use std::collections::BTreeMap;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use super::page::Brands;
use crate::base::encoding::{base64url, sha256};

const STYLE: &str = include_str!("pages/claviger.css");
const PASSKEY: &str = include_str!("pages/passkey.js");
const STRENGTH: &str = include_str!("pages/strength.js");
const PUZZLE: &str = include_str!("pages/puzzle.js");
const PUZZLE_WORKER: &str = include_str!("pages/puzzle-worker.js");
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
    /// By name, each with its tag.
    styles: BTreeMap<String, (Vec<u8>, String)>,
    passkey_etag: String,
    strength_etag: String,
    puzzle_etag: String,
    worker_etag: String,
    logos: BTreeMap<String, (Logo, String)>,
}

impl Assets {
    /// Puts the stylesheets together. The logo of the installation has the empty name.
    pub fn new(brands: &Brands, logos: BTreeMap<String, Logo>) -> Self {
        let etag = |bytes: &[u8]| format!("\"{}\"", base64url(sha256(bytes).get(..12).unwrap_or_default()));
        let all = std::iter::once(&brands.usual).chain(brands.others.values());
        let styles = all.map(|brand| {
            let style = format!("{STYLE}\n{}\n", brand.properties).into_bytes();
            let tag = etag(&style);
            (brand.style.trim_start_matches("/assets/").to_owned(), (style, tag))
        });
        let logos = logos.into_iter().map(|(id, logo)| {
            let tag = etag(&logo.bytes);
            (if id.is_empty() { "logo".to_owned() } else { format!("logo-{id}") }, (logo, tag))
        });
        Self {
            styles: styles.collect(),
            passkey_etag: etag(PASSKEY.as_bytes()),
            strength_etag: etag(STRENGTH.as_bytes()),
            puzzle_etag: etag(PUZZLE.as_bytes()),
            worker_etag: etag(PUZZLE_WORKER.as_bytes()),
            logos: logos.collect(),
        }
    }

    /// Answers for `name`; `None` when there is no such asset.
    pub fn respond(&self, request: &HttpRequest, name: &str) -> Option<HttpResponse> {
        match name {
            "passkey.js" => Some(cached(request, &self.passkey_etag, "text/javascript; charset=utf-8", PASSKEY.as_bytes())),
            "strength.js" => Some(cached(request, &self.strength_etag, "text/javascript; charset=utf-8", STRENGTH.as_bytes())),
            "puzzle.js" => Some(cached(request, &self.puzzle_etag, "text/javascript; charset=utf-8", PUZZLE.as_bytes())),
            "puzzle-worker.js" => Some(cached(request, &self.worker_etag, "text/javascript; charset=utf-8", PUZZLE_WORKER.as_bytes())),
            "icon.svg" => Some(cached(request, "\"icon-1\"", "image/svg+xml", ICON.as_bytes())),
            name => match (self.styles.get(name), self.logos.get(name)) {
                (Some((style, etag)), _) => Some(cached(request, etag, "text/css; charset=utf-8", style)),
                (None, Some((logo, etag))) => Some(cached(request, etag, logo.media_type, &logo.bytes)),
                (None, None) => None,
            },
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
