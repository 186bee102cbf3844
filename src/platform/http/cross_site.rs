//! A form that another site posts to us comes without our `SameSite=Lax` cookies, so we would not know its customer. The same parameters in a GET bring them.

use actix_web::http::header::{HeaderMap, HeaderValue, ORIGIN};
use actix_web::{HttpRequest, HttpResponse};

use super::page::see_other;
use super::params::Params;
use crate::base::uri::encode_form;

/// The longest address that we send a browser to, in bytes; proxies and browsers differ above it.
const MAX_ADDRESS_BYTES: usize = 8_000;

/// Whether another site caused the request, as far as the browser says.
fn is_cross_site(headers: &HeaderMap, issuer: &str) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    site.map_or_else(|| headers.get(ORIGIN).is_some_and(|origin| origin.as_bytes() != issuer.as_bytes()), |site| site == b"cross-site")
}

/// The answer that makes the browser ask again by GET at `path`; `None` when the request is not from another site, or would not fit into an address. Use it only where GET and POST mean the same, and when none of our cookies came along.
pub fn ask_again_by_get(request: &HttpRequest, path: &str, params: &Params, issuer: &str) -> Option<HttpResponse> {
    if params.has_repeated() || !is_cross_site(request.headers(), issuer) {
        return None;
    }
    let pairs: Vec<(&str, &str)> = params.iter().collect();
    let address = format!("{path}?{}", encode_form(&pairs));
    (address.len() <= MAX_ADDRESS_BYTES).then(|| see_other(&address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn location(headers: &[(&str, &str)], form: &str) -> Option<String> {
        let request = headers.iter().fold(TestRequest::post(), |request, header| request.insert_header(*header)).to_http_request();
        let response = ask_again_by_get(&request, "/logout", &Params::parse(form.as_bytes()).unwrap(), "https://id.example")?;
        Some(response.headers().get("location")?.to_str().ok()?.to_owned())
    }

    #[test]
    fn only_a_form_of_another_site_is_asked_again() {
        assert_eq!(location(&[("sec-fetch-site", "cross-site")], "state=a%26b&x=").as_deref(), Some("/logout?state=a%26b&x="));
        assert_eq!(location(&[("origin", "https://shop.example")], "a=b").as_deref(), Some("/logout?a=b"));
        assert_eq!(location(&[("origin", "null")], "a=b").as_deref(), Some("/logout?a=b"));
        assert_eq!(location(&[("origin", "https://id.example")], "a=b"), None);
        assert_eq!(location(&[("sec-fetch-site", "same-origin"), ("origin", "null")], "a=b"), None);
        assert_eq!(location(&[], "a=b"), None);
        assert_eq!(location(&[("sec-fetch-site", "cross-site")], "a=b&a=c"), None);
        assert_eq!(location(&[("sec-fetch-site", "cross-site")], &format!("a={}", "x".repeat(9_000))), None);
    }
}
