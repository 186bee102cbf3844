use super::*;
use proptest::prelude::*;

fn bare(bytes: &[u8]) -> Option<usize> {
    Inspector::default().find_fault(bytes)
}

#[test]
fn a_bare_lf_is_found_where_lines_are() {
    for (what, bytes, expected) in [
        ("plain", "GET / HTTP/1.1\r\nhost: x\r\n\r\n", None),
        ("request line", "GET / HTTP/1.1\nhost: x\r\n\r\n", Some(14)),
        ("header", "GET / HTTP/1.1\r\nhost: x\n\r\n", Some(23)),
        ("end of head", "GET / HTTP/1.1\r\nhost: x\r\n\n", Some(25)),
        ("in a body", "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na\nb", None),
        ("after a body", "POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\na\nGET /\n", Some(45)),
        ("no body", "POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n\n", Some(38)),
        ("chunk", "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\n\n\n\r\n0\r\n\r\n", None),
        ("chunk size", "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\n\n\n\r\n0\r\n\r\n", Some(48)),
        ("chunk end", "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\n0\r\n\r\n", Some(52)),
        ("trailer", "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: y\n\r\n", Some(54)),
        ("after chunks", "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\n", Some(66)),
        ("empty lines first", "\r\n\r\nGET / HTTP/1.1\r\n\r\n", None),
        ("two lengths", "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", Some(56)),
        ("length and chunks", "POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\nab", Some(65)),
        ("a sign", "POST / HTTP/1.1\r\ncontent-length: +2\r\n\r\nab", Some(38)),
        ("no number", "POST / HTTP/1.1\r\ncontent-length: 0x2\r\n\r\nab", Some(39)),
        ("other codings", "POST / HTTP/1.1\r\ntransfer-encoding: gzip, chunked\r\n\r\n", Some(52)),
        ("a chunk of no size", "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n", Some(50)),
        ("after a chunk", "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n", Some(53)),
    ] {
        assert_eq!(bare(bytes.as_bytes()), expected, "{what}");
    }
}

/// A long extension behind a chunk's size hides nothing of what follows.
#[test]
fn a_long_chunk_extension_is_followed() {
    let head = "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";
    let wire = format!("{head}1;{}\r\na\r\n0\r\n\r\nGET / HTTP/1.1\n", "x".repeat(300));
    assert_eq!(bare(wire.as_bytes()), Some(wire.len() - 1));
    let zeros = format!("{head}{}1\r\na\r\n", "0".repeat(100));
    assert!(bare(zeros.as_bytes()).is_some());
}

proptest! {
    /// However the bytes arrive, the verdict is the same.
    #[test]
    fn the_cut_does_not_matter(bytes in proptest::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b':'), Just(b'2'), any::<u8>()], 0..200), cuts in proptest::collection::vec(1_usize..20, 1..40)) {
        let head = b"POST / HTTP/1.1\r\ncontent-length: 7\r\n\r\n";
        let whole = [head.as_slice(), &bytes].concat();
        let mut inspector = Inspector::default();
        let (mut at, mut found) = (0, None);
        for cut in cuts.iter().cycle() {
            let end = (at + cut).min(whole.len());
            if let Some(here) = inspector.find_fault(&whole[at..end]) { found = Some(at + here); break; }
            if end == whole.len() { break; }
            at = end;
        }
        prop_assert_eq!(found, bare(&whole));
    }

    /// A request without a bare LF in its lines, and with any body, passes; so does the next one.
    #[test]
    fn honest_requests_pass(body in proptest::collection::vec(any::<u8>(), 0..100), chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..30), 0..5)) {
        let mut wire = format!("POST /token HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
        wire.extend(&body);
        wire.extend(b"POST /token HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n");
        for chunk in &chunks {
            wire.extend(format!("{:x}\r\n", chunk.len()).bytes().chain(chunk.iter().copied()).chain(*b"\r\n"));
        }
        wire.extend(b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        prop_assert_eq!(bare(&wire), None);
        wire.extend(b"GET / HTTP/1.1\n");
        prop_assert_eq!(bare(&wire), Some(wire.len() - 1));
    }
}
