//! Traces at a collector: what was done for a request, and nothing of whom.

use std::sync::Arc;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use rustix::process::{Pid, Signal, kill_process};

use crate::kit::process::{ISSUER, spawn};
use crate::kit::receiver::{Heard, Receiver};
use crate::kit::{Backend, Browser, Kit, Place, Shop};
use claviger::base::time::{Clock, ManualClock, SystemClock};

fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    }
}

/// Every span that the collector got, and what it got as bytes.
fn spans(heard: &[Heard]) -> (Vec<Span>, Vec<u8>) {
    let requests = heard.iter().map(|heard| ExportTraceServiceRequest::decode(heard.raw.clone()).unwrap());
    let all = requests.flat_map(|request| request.resource_spans).flat_map(|resource| {
        let service = resource.resource.unwrap().attributes.into_iter().find(|attribute| attribute.key == "service.name").unwrap();
        assert_eq!(service.value.unwrap().value.unwrap(), Value::StringValue("claviger".to_owned()));
        resource.scope_spans.into_iter().flat_map(|scope| scope.spans)
    });
    (all.collect(), heard.iter().flat_map(|heard| heard.raw.to_vec()).collect())
}

#[test]
fn a_collector_is_told_what_a_sign_in_took_and_nothing_of_whom() {
    actix_web::rt::System::new().block_on(async {
        let collector = Receiver::start();
        let place = Arc::new(Place::new(Backend::Sqlite));
        let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        kit.handle.stop(true).await;
        let shop = Shop { issuer: ISSUER.to_owned(), ..shop };
        let headers = place.folder.path().join("headers");
        std::fs::write(&headers, "X-Collector-Key: open sesame\n").unwrap();
        let url = format!("{}/v1/traces", collector.base);
        let settings = [
            ("CLAVIGER_TRACES_OTLP_URL", url.as_str()),
            ("CLAVIGER_TRACES_RATIO", "1"),
            ("CLAVIGER_TRACES_HEADERS_FILE", headers.to_str().unwrap()),
            ("CLAVIGER_OUTGOING_ALLOWED_NETWORKS", "127.0.0.0/8"),
            ("CLAVIGER_SERVER_TRUSTED_PROXIES", "127.0.0.1/32"),
            ("CLAVIGER_SERVER_LEAVE_SECONDS", "0"),
            // The log is another thing.
            ("CLAVIGER_LOG_FILTER", "error,claviger=info"),
        ];
        let mut server = spawn(&place, &settings);
        let mut browser = Browser::new(ISSUER).at(&server.base);
        let (trace, parent) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        let code = {
            browser.headers.push(("traceparent".to_owned(), format!("00-{trace}-{parent}-01")));
            shop.code(&browser, &ada).await
        };
        assert_eq!(shop.post_to(&server.base, "/token", &shop.redemption(&code)).await.status, 200);
        // Not sampled by whoever is in front.
        browser.headers = vec![("traceparent".to_owned(), "00-11111111111111111111111111111111-2222222222222222-00".to_owned())];
        assert_eq!(browser.get("/account").await.status, 200);
        // What waits is sent when the server ends.
        kill_process(Pid::from_child(&server.child), Signal::TERM).unwrap();
        let ended = tokio::task::spawn_blocking(move || server.child.wait().unwrap().success());
        assert!(ended.await.unwrap());

        let heard = collector.take();
        let (all, bytes) = spans(&heard);
        assert!(
            heard
                .iter()
                .all(|heard| heard.path == "/v1/traces" && heard.header("x-collector-key") == "open sesame" && heard.header("content-type") == "application/x-protobuf")
        );
        let named = |name: &str| all.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("no {name}: {:?}", all.iter().map(|span| &span.name).collect::<Vec<_>>()));
        let names: Vec<&str> = all.iter().map(|span| span.name.as_str()).collect();
        let password = all.iter().find(|span| span.name.starts_with("POST /signin/")).unwrap_or_else(|| panic!("no password in {names:?}"));
        assert_eq!((attribute(password, "http.response.status_code").as_deref(), attribute(password, "http.request.method").as_deref()), (Some("303"), Some("POST")));
        let hex = claviger::base::encoding::hex;
        assert_eq!((hex(&password.trace_id).as_str(), hex(&password.parent_span_id).as_str()), (trace, parent));
        // What the request waited for is within it.
        for (name, key, value) in [("hash", "", ""), ("write", "db.system.name", "sqlite"), ("read", "db.operation.name", "read")] {
            let within = all.iter().find(|span| span.name == name && span.parent_span_id == password.span_id).unwrap_or_else(|| panic!("no {name} in the sign-in"));
            assert!(within.start_time_unix_nano >= password.start_time_unix_nano && within.end_time_unix_nano <= password.end_time_unix_nano);
            assert!(key.is_empty() || attribute(within, key).as_deref() == Some(value));
        }
        let token = named("POST /token");
        assert!(token.parent_span_id.is_empty() && hex(&token.trace_id) != trace, "nobody said that it is part of a trace");
        assert!(!all.iter().any(|span| hex(&span.trace_id).starts_with("1111")), "whoever is in front does not want it");
        // Nobody and nothing of theirs.
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for secret in [ada.email.as_str(), "ada", ada.password.as_str(), code.as_str(), "127.0.0.1", "st%26te", "n0nce"] {
            assert!(!text.contains(secret), "{secret}");
        }
    });
}

/// A collector that is not there, or says no, changes nothing for anybody.
#[test]
fn without_a_collector_everything_goes_on() {
    actix_web::rt::System::new().block_on(async {
        let place = Arc::new(Place::new(Backend::Sqlite));
        let url = format!("http://127.0.0.1:{}/v1/traces", crate::kit::process::free_port());
        let mut server = spawn(&place, &[("CLAVIGER_TRACES_OTLP_URL", url.as_str()), ("CLAVIGER_TRACES_RATIO", "1"), ("CLAVIGER_OUTGOING_ALLOWED_NETWORKS", "127.0.0.0/8")]);
        let browser = Browser::new(ISSUER).at(&server.base);
        for _ in 0..20 {
            assert_eq!(browser.get("/jwks").await.status, 200);
        }
        let pid = Pid::from_child(&server.child);
        kill_process(pid, Signal::TERM).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        assert!(tokio::task::spawn_blocking(move || server.child.wait().unwrap().success()).await.unwrap());
    });
}
