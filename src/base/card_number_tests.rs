use super::*;

/// Test numbers that schemes and payment providers publish.
const PUBLISHED: [&str; 14] = [
    "4111111111111111",
    "4242424242424242",
    "4222222222222",
    "4000000000000000006",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
    "30569309025904",
    "36227206271667",
    "3530111333300000",
    "6200000000000005",
    "6759649826438453",
];

fn grouped(number: &str, between: &str) -> String {
    number.as_bytes().chunks(4).map(|group| std::str::from_utf8(group).unwrap()).collect::<Vec<_>>().join(between)
}

fn in_script(number: &str, zero: u32) -> String {
    number.bytes().map(|digit| char::from_u32(zero + u32::from(digit - b'0')).unwrap()).collect()
}

/// Forty ways to write a number down.
fn encodings(number: &str) -> Vec<String> {
    let mut all = vec![number.to_owned(), format!("card={number}"), format!("{{\"n\":\"{number}\"}}"), format!("x{number}y"), format!("({number})"), format!("\u{202e}{number}")];
    for between in [
        " ", "-", ".", "_", "/", "*", "+", "|", ":", "  ", " - ", "\u{a0}", "\u{2009}", "\u{200b}", "\u{2010}", "\u{2013}", "\u{2014}", "\u{2212}", "\u{3000}", "\u{feff}", "\n",
        "\t", "\r\n", "\\",
    ] {
        all.push(grouped(number, between));
    }
    all.push(number.chars().map(|digit| digit.to_string()).collect::<Vec<_>>().join(" "));
    all.push(number.chars().map(|digit| digit.to_string()).collect::<Vec<_>>().join("\u{200d}"));
    for zero in [0xff10, 0x0660, 0x06f0, 0x0966, 0x0e50, 0x1_d7ce, 0x1_d7f6, 0x2080] {
        all.push(in_script(number, zero));
    }
    all
}

#[test]
fn no_card_number_of_forty_encodings_gets_through() {
    for number in PUBLISHED {
        let all = encodings(number);
        assert_eq!(all.len(), 40);
        for text in all {
            assert!(contains(&text), "{text:?}");
            let told = redacted(&format!("before {text} after")).into_owned();
            assert!(told.contains(REMOVED) && !contains(&told) && told.starts_with("before ") && told.ends_with(" after"), "{told:?}");
            let left = told.chars().filter(|letter| digit(*letter).is_some()).count();
            assert_eq!(left, 0, "nothing of it is left: {told:?}");
        }
    }
}

#[test]
fn what_is_no_card_number_stays() {
    for text in [
        "",
        "order 2026-4711",
        "4111111111111112",
        "1798761600000",
        "1798761600000000",
        "1798761600000000000",
        "41111111111111111111",
        "550e8400-e29b-41d4-a716-446655440000",
        "evt_01KB9Z3V4XJ0Q8M7N6P5R4S3T2",
        "192.168.100.200:8080",
        "+49 30 901820 1234",
        "DE89370400440532013000",
        "a 4111 b 1111 c 1111 d 1111",
        "4111, 1111, 1111, 1111",
    ] {
        assert!(!contains(text), "{text}");
        assert_eq!(redacted(text), text);
    }
    // Two in one text, and one beside another number.
    assert_eq!(redacted("12 4111 1111 1111 1111, then 378282246310005."), format!("12 {REMOVED}, then {REMOVED}."));
}

#[test]
fn identifiers_and_times_are_hardly_ever_taken_for_one() {
    // Numbers that are the same each time: 100,000 of each kind that logs are full of.
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 11
    };
    let mut wrong = 0;
    for _ in 0..100_000 {
        let (one, other) = (next(), next());
        let uuid = format!("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", one & 0xffff_ffff, one >> 37 & 0xffff, other & 0xfff, other >> 12 & 0xfff, other >> 5 & 0xffff_ffff_ffff);
        let micros = format!("{}", 1_700_000_000_000_000 + one % 400_000_000_000_000);
        wrong += usize::from(contains(&uuid)) + usize::from(contains(&micros));
    }
    assert!(wrong <= 100, "{wrong} of 200,000");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,80}") {
        let told = redacted(&text).into_owned();
        proptest::prop_assert!(!contains(&told));
    }
}
