use super::*;
use proptest::prelude::*;

fn registered() -> RedirectUri {
    RedirectUri::parse("https://shop.example/cb").unwrap()
}

#[test]
fn only_the_same_bytes_match() {
    let uri = registered();
    assert!(uri.matches("https://shop.example/cb"));
    for other in [
        "https://shop.example/cb/",
        "https://shop.example/CB",
        "https://SHOP.example/cb",
        "https://shop.example/cb?x=1",
        "https://shop.example/cb#f",
        "https://shop.example/a/../cb",
        "https://shop.example/%63b",
        "https://shop.example:443/cb",
        "http://shop.example/cb",
        "https://user@shop.example/cb",
        "https://shop.example.evil.com/cb",
        "https://shop.example\\@evil.com/cb",
        "https://shop.example/cb\t",
        " https://shop.example/cb",
        "https://shop.example/cb%00",
    ] {
        assert!(!uri.matches(other), "{other}");
    }
}

#[test]
fn a_native_client_may_choose_its_loopback_port() {
    let uri = RedirectUri::parse("http://127.0.0.1/cb").unwrap();
    assert!(uri.matches("http://127.0.0.1:49152/cb"));
    let with_port = RedirectUri::parse("http://[::1]:9000/cb?a=1").unwrap();
    assert!(with_port.matches("http://[::1]:1/cb?a=1"));
    for other in [
        "http://127.0.0.1:49152/other",
        "http://127.0.0.2:49152/cb",
        "http://localhost:49152/cb",
        "https://127.0.0.1:49152/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:99999/cb",
        "http://127.0.0.1:80@evil.com/cb",
        "http://127.0.0.1.evil.com/cb",
        "http://127.0.0.1:49152evil/cb",
    ] {
        assert!(!uri.matches(other), "{other}");
    }
    assert!(!RedirectUri::parse("http://localhost:1/cb").unwrap().matches("http://localhost:2/cb"));
}

#[test]
fn dangerous_redirects_cannot_be_registered() {
    for (text, why) in [
        ("javascript:alert(1)", UriRefused::Scheme),
        ("data:text/html,x", UriRefused::Scheme),
        ("file:///etc/passwd", UriRefused::Scheme),
        ("myapp:/cb", UriRefused::Scheme),
        ("http://shop.example/cb", UriRefused::Insecure),
        ("https://shop.example/cb#x", UriRefused::Fragment),
        ("https://u:p@shop.example/cb", UriRefused::UserInfo),
        ("https://*.shop.example/cb", UriRefused::Malformed),
        ("https://shop.example/a/../cb", UriRefused::Malformed),
        ("//shop.example/cb", UriRefused::Malformed),
        ("/cb", UriRefused::Malformed),
        ("https://shop.example/c b", UriRefused::Malformed),
    ] {
        assert_eq!(RedirectUri::parse(text), Err(why), "{text}");
    }
    assert!(RedirectUri::parse("com.example.shop:/cb").is_ok());
    assert!(RedirectUri::parse("https://shop.example/cb?brand=a").is_ok());
}

#[test]
fn an_issuer_is_an_origin() {
    assert_eq!(Issuer::parse("https://login.shop.example").unwrap().authority(), "login.shop.example");
    assert_eq!(Issuer::parse("http://localhost:8080").unwrap().authority(), "localhost:8080");
    assert_eq!(Issuer::parse("http://login.shop.example"), Err(UriRefused::Insecure));
    assert_eq!(Issuer::parse("https://login.shop.example/"), Err(UriRefused::NotAnOrigin));
    assert_eq!(Issuer::parse("https://login.shop.example/realm"), Err(UriRefused::NotAnOrigin));
}

proptest! {
    #[test]
    fn nothing_but_itself_matches_an_https_uri(presented in "https://shop\\.example[ -~]{0,12}") {
        prop_assert_eq!(registered().matches(&presented), presented == "https://shop.example/cb");
    }

    #[test]
    fn any_mutation_of_a_byte_is_refused(index in 0_usize..23, byte in 0_u8..=255) {
        let mut bytes = b"https://shop.example/cb".to_vec();
        let before = bytes[index];
        bytes[index] = byte;
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert_eq!(registered().matches(&text), before == byte);
        }
    }

    #[test]
    fn a_loopback_match_never_leaves_the_machine(presented in "http://[ -~]{0,30}") {
        let uri = RedirectUri::parse("http://127.0.0.1/cb").unwrap();
        if uri.matches(&presented) {
            let url = Url::parse(&presented).unwrap();
            prop_assert_eq!(url.host_str(), Some("127.0.0.1"));
            prop_assert_eq!(url.path(), "/cb");
        }
    }
}
