//! Every door of the house: each route with its methods, and what it does when somebody without any credentials knocks.

use crate::kit::{Browser, Kit};
use crate::on_one;
use claviger::platform::http::guard::ROUTES;

/// Route, method, status for an anonymous, empty knock, and how it may be cached.
const DOORS: [(&str, &str, u16, &str); 197] = [
    ("GET", "/status", 200, "no-store"),
    ("GET", "/.well-known/openid-configuration", 200, "public, max-age=300"),
    ("GET", "/.well-known/oauth-authorization-server", 200, "public, max-age=300"),
    ("GET", "/jwks", 200, "public, max-age=300"),
    ("GET", "/assets/claviger.css", 200, "public, max-age=300"),
    ("GET", "/assets/icon.svg", 200, "public, max-age=300"),
    ("GET", "/assets/nothing", 404, "no-store"),
    ("GET", "/", 303, "no-store"),
    ("GET", "/authorize", 400, "no-store"),
    ("POST", "/authorize", 400, "no-store"),
    ("GET", "/authorize/AAAAAAAAAAAAAAAAAAAAAA", 410, "no-store"),
    ("GET", "/authorize/AAAAAAAAAAAAAAAAAAAAAA/account", 410, "no-store"),
    ("POST", "/authorize/AAAAAAAAAAAAAAAAAAAAAA/account", 410, "no-store"),
    ("GET", "/authorize/AAAAAAAAAAAAAAAAAAAAAA/consent", 410, "no-store"),
    ("POST", "/authorize/AAAAAAAAAAAAAAAAAAAAAA/consent", 410, "no-store"),
    ("GET", "/authorize/AAAAAAAAAAAAAAAAAAAAAA/pause", 410, "no-store"),
    ("POST", "/authorize/AAAAAAAAAAAAAAAAAAAAAA/pause", 410, "no-store"),
    ("GET", "/signin", 303, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA", 410, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/totp", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/totp", 410, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/recovery-code", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/recovery-code", 410, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/passkey", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/passkey", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/passkey/begin", 410, "no-store"),
    ("GET", "/.well-known/webauthn", 200, "public, max-age=300"),
    ("GET", "/assets/passkey.js", 200, "public, max-age=300"),
    ("GET", "/assets/strength.js", 200, "public, max-age=300"),
    ("POST", "/password-strength", 400, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/enrol", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/enrol/passkeys", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/enrol/passkeys/begin", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/enrol/totp", 410, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/enrol/totp/aut_01ARZ3NDEKTSV4RRFFQ69G5FAV", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/enrol/totp/aut_01ARZ3NDEKTSV4RRFFQ69G5FAV", 410, "no-store"),
    ("POST", "/account/security/devices/remove", 403, "no-store"),
    ("POST", "/account/security/channels", 403, "no-store"),
    ("POST", "/account/security/level", 403, "no-store"),
    ("GET", "/account/security/channels/sms", 303, "no-store"),
    ("POST", "/account/security/channels/sms", 403, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/email-code", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/email-code", 410, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/new-password", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/new-password", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/new-password/send", 410, "no-store"),
    ("GET", "/signup", 303, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/stopped", 410, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/upstream", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/upstream", 410, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/upstream/nobody", 404, "no-store"),
    ("GET", "/upstream/nobody/callback", 404, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/join/upstream", 410, "no-store"),
    ("POST", "/account/security/upstreams/remove", 403, "no-store"),
    ("GET", "/account/security/upstreams/nobody", 404, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/join", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/join", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/join/code", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/join/details", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/join/password", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/join/passkey", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/join/passkey/begin", 410, "no-store"),
    ("GET", "/recovery", 200, "no-store"),
    ("POST", "/recovery", 403, "no-store"),
    ("GET", "/recovery/AAAAAAAAAAAAAAAAAAAAAA", 403, "no-store"),
    ("POST", "/recovery/AAAAAAAAAAAAAAAAAAAAAA/send", 403, "no-store"),
    ("POST", "/recovery/AAAAAAAAAAAAAAAAAAAAAA/show", 403, "no-store"),
    ("POST", "/recovery/AAAAAAAAAAAAAAAAAAAAAA/turn", 403, "no-store"),
    ("POST", "/recovery/AAAAAAAAAAAAAAAAAAAAAA/finish", 403, "no-store"),
    ("POST", "/recovery/AAAAAAAAAAAAAAAAAAAAAA/passkey", 403, "no-store"),
    ("POST", "/recovery/AAAAAAAAAAAAAAAAAAAAAA/passkey/begin", 403, "no-store"),
    ("GET", "/recovery/stop/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404, "no-store"),
    ("POST", "/recovery/stop/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 403, "no-store"),
    ("GET", "/recovery/go-on/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404, "no-store"),
    ("POST", "/recovery/go-on/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 403, "no-store"),
    ("POST", "/account/stop-recovery", 403, "no-store"),
    ("GET", "/account/checkup", 303, "no-store"),
    ("POST", "/account/checkup/devices", 403, "no-store"),
    ("POST", "/account/checkup/shops", 403, "no-store"),
    ("POST", "/account/card", 403, "no-store"),
    ("GET", "/account/phrase", 303, "no-store"),
    ("POST", "/account/phrase", 403, "no-store"),
    ("GET", "/account/quiz", 303, "no-store"),
    ("POST", "/account/quiz", 403, "no-store"),
    ("GET", "/account/theft", 303, "no-store"),
    ("POST", "/account/theft/report", 403, "no-store"),
    ("GET", "/safety", 200, "no-store"),
    ("GET", "/report-scam", 200, "no-store"),
    ("POST", "/report-scam", 403, "no-store"),
    ("GET", "/account/shops/demo/receipt", 303, "no-store"),
    ("POST", "/guests", 401, "no-store"),
    ("GET", "/account/profile", 303, "no-store"),
    ("POST", "/account/profile", 403, "no-store"),
    ("GET", "/account/addresses", 303, "no-store"),
    ("POST", "/account/addresses/prefer", 403, "no-store"),
    ("POST", "/account/addresses/remove", 403, "no-store"),
    ("GET", "/account/addresses/new", 303, "no-store"),
    ("POST", "/account/addresses/new", 403, "no-store"),
    ("GET", "/account/contact", 303, "no-store"),
    ("POST", "/account/contact", 403, "no-store"),
    ("POST", "/account/contact/confirm", 403, "no-store"),
    ("POST", "/account/contact/remove", 403, "no-store"),
    ("GET", "/undo/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404, "no-store"),
    ("POST", "/undo/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 403, "no-store"),
    ("GET", "/account/sessions", 303, "no-store"),
    ("POST", "/account/sessions/end", 403, "no-store"),
    ("POST", "/account/sessions/not-me", 403, "no-store"),
    ("GET", "/account/shops", 303, "no-store"),
    ("POST", "/account/shops/remove", 403, "no-store"),
    ("GET", "/account/activity", 303, "no-store"),
    ("GET", "/account/messages", 303, "no-store"),
    ("GET", "/verify-message", 200, "no-store"),
    ("POST", "/verify-message", 403, "no-store"),
    ("POST", "/order-facts", 401, "no-store"),
    ("GET", "/.well-known/ssf-configuration", 200, "public, max-age=300"),
    ("POST", "/ssf/streams", 401, "no-store"),
    ("GET", "/ssf/streams", 401, "no-store"),
    ("PUT", "/ssf/streams", 401, "no-store"),
    ("PATCH", "/ssf/streams", 401, "no-store"),
    ("DELETE", "/ssf/streams", 401, "no-store"),
    ("GET", "/ssf/status", 401, "no-store"),
    ("POST", "/ssf/status", 401, "no-store"),
    ("POST", "/ssf/subjects/add", 401, "no-store"),
    ("POST", "/ssf/subjects/remove", 401, "no-store"),
    ("POST", "/ssf/verify", 401, "no-store"),
    ("POST", "/ssf/poll/str_00000000000000000000000000", 401, "no-store"),
    ("GET", "/admin/streams", 303, "no-store"),
    ("GET", "/admin/streams/str_00000000000000000000000000", 303, "no-store"),
    ("GET", "/account/privacy", 303, "no-store"),
    ("POST", "/account/privacy/export", 403, "no-store"),
    ("POST", "/account/privacy/erase", 403, "no-store"),
    ("POST", "/account/privacy/keep", 403, "no-store"),
    ("GET", "/account/password", 303, "no-store"),
    ("POST", "/account/password", 403, "no-store"),
    ("GET", "/.well-known/change-password", 303, "no-store"),
    ("GET", "/not-me/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404, "no-store"),
    ("POST", "/not-me/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 403, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/email-code/send", 410, "no-store"),
    ("GET", "/signin/AAAAAAAAAAAAAAAAAAAAAA/sms-code", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/sms-code", 410, "no-store"),
    ("POST", "/signin/AAAAAAAAAAAAAAAAAAAAAA/sms-code/send", 410, "no-store"),
    ("GET", "/account/security/recovery-codes", 303, "no-store"),
    ("POST", "/account/security/recovery-codes", 403, "no-store"),
    ("POST", "/account/security/recovery-codes/saved", 403, "no-store"),
    ("POST", "/account/security/passkeys", 403, "no-store"),
    ("POST", "/account/security/passkeys/begin", 403, "no-store"),
    ("GET", "/account/security/passkeys/offer", 404, "no-store"),
    ("GET", "/account/security", 303, "no-store"),
    ("POST", "/account/security/totp", 403, "no-store"),
    ("GET", "/account/security/totp/aut_01ARZ3NDEKTSV4RRFFQ69G5FAV", 303, "no-store"),
    ("POST", "/account/security/totp/aut_01ARZ3NDEKTSV4RRFFQ69G5FAV", 403, "no-store"),
    ("POST", "/account/security/remove", 403, "no-store"),
    ("POST", "/token", 401, "no-store"),
    ("GET", "/userinfo", 401, "no-store"),
    ("POST", "/userinfo", 401, "no-store"),
    ("POST", "/introspect", 401, "no-store"),
    ("POST", "/revoke", 401, "no-store"),
    ("GET", "/logout", 303, "no-store"),
    ("POST", "/logout", 303, "no-store"),
    ("GET", "/logout/confirm", 303, "no-store"),
    ("POST", "/logout/confirm", 403, "no-store"),
    ("GET", "/signed-out", 200, "no-store"),
    ("GET", "/account", 303, "no-store"),
    ("GET", "/account/call", 303, "no-store"),
    ("POST", "/account/call", 403, "no-store"),
    ("GET", "/account/requests", 303, "no-store"),
    ("POST", "/account/requests", 403, "no-store"),
    ("GET", "/cases/stop/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404, "no-store"),
    ("POST", "/cases/stop/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 403, "no-store"),
    ("GET", "/cases/confirm/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404, "no-store"),
    ("POST", "/cases/confirm/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 403, "no-store"),
    ("GET", "/admin", 303, "no-store"),
    ("GET", "/admin/customers", 303, "no-store"),
    ("GET", "/admin/customers/cus_01ARZ3NDEKTSV4RRFFQ69G5FAV", 303, "no-store"),
    ("GET", "/admin/cases", 303, "no-store"),
    ("GET", "/admin/clients", 303, "no-store"),
    ("GET", "/admin/clients/shop", 303, "no-store"),
    ("GET", "/admin/staff", 303, "no-store"),
    ("GET", "/admin/audit", 303, "no-store"),
    ("GET", "/admin/reports", 303, "no-store"),
    ("GET", "/admin/risk", 303, "no-store"),
    ("GET", "/admin/risk/dec_1", 303, "no-store"),
    ("GET", "/admin/risk/trial", 303, "no-store"),
    ("GET", "/admin/risk/models", 303, "no-store"),
    ("GET", "/admin/do/invite_admin", 303, "no-store"),
    ("GET", "/admin/do/lock_customer/cus_01ARZ3NDEKTSV4RRFFQ69G5FAV", 303, "no-store"),
    ("POST", "/admin/customers", 403, "no-store"),
    ("POST", "/admin/do/invite_admin", 403, "no-store"),
    ("POST", "/admin/do/lock_customer/cus_01ARZ3NDEKTSV4RRFFQ69G5FAV", 403, "no-store"),
    ("GET", "/admin/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404, "no-store"),
    ("POST", "/admin/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 403, "no-store"),
    ("GET", "/api/v1/openapi.json", 200, "no-store"),
    ("GET", "/api/v1/customers/x", 401, "no-store"),
    ("POST", "/api/v1/customers/find", 401, "no-store"),
    ("GET", "/metrics", 404, "no-store"),
    ("GET", "/readyz", 404, "no-store"),
];

async fn knock(browser: &Browser, kit: &Kit, method: &str, path: &str) -> crate::kit::Reply {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = browser.client.request(method.clone(), kit.url(path));
    if method == reqwest::Method::POST {
        request = request.header("content-type", "application/x-www-form-urlencoded").body("");
    }
    crate::kit::shop::read(request, path.to_owned()).await
}

on_one! {
    async fn every_door_is_known_and_guarded(kit: Kit) {
        let browser = kit.browser();
        for (method, path, status, cache) in DOORS {
            let reply = knock(&browser, &kit, method, path).await;
            assert_eq!((reply.status, reply.header("cache-control")), (status, cache), "{method} {path}: {}", reply.body);
            for (header, value) in [("x-frame-options", "DENY"), ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")] {
                assert_eq!(reply.header(header), value, "{method} {path}");
            }
            let policy = reply.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{method} {path}: {policy}");
            assert!(!reply.header("x-correlation-id").is_empty());
        }
    }

    async fn the_router_holds_no_door_that_is_not_listed(_kit: Kit) {
        let mut files = vec![std::path::PathBuf::from("src")];
        let mut found = 0;
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") || path.starts_with("src/app/demo") { continue }
            let text = std::fs::read_to_string(&path).unwrap();
            for route in text.split(".route(").skip(1).chain(text.split("let address = format!(").skip(1)) {
                let first = route.trim_start().split([',', ')']).next().unwrap().trim();
                let pattern = match first.strip_prefix('"') {
                    Some(literal) => literal.trim_end_matches('"').to_owned(),
                    // Named in the same file; `&address` is the loop over factors, which is looked at as its format.
                    None if first == "&address"  => continue,
                    None => match text.split(&format!("const {first}: &str = \"")).nth(1) { Some(rest) => rest.split('"').next().unwrap().to_owned(), None => continue },
                };
                if !pattern.starts_with('/') {
                    continue;
                }
                found += 1;
                let patterns: Vec<String> = if pattern.contains("{{flow}}") {
                    ["totp", "recovery-code", "email-code", "sms-code"].iter().filter(|kind| !pattern.ends_with("/send") || kind.contains("-code") && !kind.starts_with("recovery")).map(|kind| pattern.replace("{{flow}}", "{flow}").replacen("{}", kind, 1)).collect()
                } else {
                    vec![pattern]
                };
                let is_operators = path.ends_with("server.rs");
                for pattern in patterns {
                    assert!(is_operators || pattern.starts_with("/api/v1/") || ROUTES.contains(&pattern.as_str()), "{}: {pattern} is not in the guard's list", path.display());
                }
            }
        }
        assert!(found > 40, "{found}");
        // And each of them is knocked at above.
        let matches = |pattern: &str, path: &str| { let (left, right): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect()); left.len() == right.len() && left.iter().zip(&right).all(|(left, right)| left == right || left.starts_with('{')) };
        for pattern in ROUTES {
            assert!(DOORS.iter().any(|(_, path, ..)| matches(pattern, path)), "{pattern} is not among the doors");
        }
    }

    async fn other_methods_are_refused(kit: Kit) {
        let browser = kit.browser();
        for (method, path) in [("PUT", "/token"), ("DELETE", "/userinfo"), ("GET", "/token"), ("PATCH", "/authorize"), ("TRACE", "/jwks"), ("POST", "/jwks"), ("GET", "/introspect")] {
            let reply = knock(&browser, &kit, method, path).await;
            assert!(matches!(reply.status, 404 | 405), "{method} {path}: {}", reply.status);
        }
    }
}
