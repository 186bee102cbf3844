//! Vectors of the RFCs and of the products' own papers, and others that a second implementation made; and texts that were written to do harm.

use super::*;
use proptest::prelude::*;

const PASSWORD: &str = "correct horse";

/// Each verifies [`PASSWORD`]; made with Python's hashlib, bcrypt and argon2-cffi.
const HASHES: [&str; 23] = [
    "$wp$2y$04$8vFUQvzVe.eTd51RkLrr/Oi6fpPAurYD9VugrvcftqSqJsihWY3Aq",
    "$2a$04$CymfdLukhewoW.1jBcxr9u74FnyXmyzvpojT07ZXHJjqIvsIaoiL6",
    "$2b$04$4Vkukhhx7tE9BFTI6uHND.TZMjCkiuSd2uJ4U4KGZsGE/jaspGHpa",
    "$2y$04$4Vkukhhx7tE9BFTI6uHND.TZMjCkiuSd2uJ4U4KGZsGE/jaspGHpa",
    "$pbkdf2-sha1$i=1000$TmFDbE5hQ2xOYUNsTmFDbA==$0gkD9j/4icx8HA6dXX2fnHF3uMRPufivK0IJHTYlhQFnQ7s9CBwLdR3zKL9+cO5Dayv+A/oU4gSJE0iXIgdb8g==",
    "$pbkdf2-sha256$i=1000$TmFDbE5hQ2xOYUNsTmFDbA==$nZQjQjg4q0dZ/pBo6BL7fH3xyVgqXnGIhmjBlaahFNzdUSGsr3V+U//YZSy8We9ZZfzXuVqgBD3DtcQVOI6CCA==",
    "$pbkdf2-sha256$i=1000,l=64$TmFDbE5hQ2xOYUNsTmFDbA$nZQjQjg4q0dZ/pBo6BL7fH3xyVgqXnGIhmjBlaahFNzdUSGsr3V+U//YZSy8We9ZZfzXuVqgBD3DtcQVOI6CCA",
    "$pbkdf2-sha256$1000$TmFDbE5hQ2xOYUNsTmFDbA$nZQjQjg4q0dZ/pBo6BL7fH3xyVgqXnGIhmjBlaahFNzdUSGsr3V.U//YZSy8We9ZZfzXuVqgBD3DtcQVOI6CCA",
    "$pbkdf2-sha512$i=1000$TmFDbE5hQ2xOYUNsTmFDbA==$ozrESURGDXIddYDPvVItlct8OaJE6i0TVmSqGEgN9/HqaADAyqfAMtAwTmUKUV/dJEOu3dHga8cv1/5LR2tAvA==",
    "pbkdf2_sha256$1000$seasalt$mQnueSakb748zqBAC1tmWVZsZbi2zPGZarEzTGdfmso=",
    "$scrypt$ln=4,r=8,p=1$TmFDbE5hQ2xOYUNsTmFDbA==$EvosS1Oukh2GspQwurZ845H3hLpsglAM16QwEHVNrns=",
    "$argon2id$v=19$m=256,t=2,p=1$TmFDbE5hQ2xOYUNsTmFDbA$rWAvQJUMnFWwnsJMYH1LflgKnRuv1LZngjTHtslPUj0",
    "$argon2i$v=19$m=256,t=2,p=1$TmFDbE5hQ2xOYUNsTmFDbA$hAT7gECWLovuywAvtF0E/Pv5lZn6FrRo4SJcxYXKiFs",
    "$argon2d$v=19$m=256,t=2,p=1$TmFDbE5hQ2xOYUNsTmFDbA$7Kvt5L+CEDnwsSET41z9v8MCIPXybQ4OZQzoBb1G6xQ",
    "$P$6saltSALTAs5vyIGgKGLVR93xw3sDd0",
    "d9867f4db788b5fadaaf3b2fdecbc6cb:ab",
    "3cb4e732631f47e6eb961f34554b7cde",
    "dfd8f3f81f6322ff750a5275b84b7c39fd37fa5d3009b0a6e45c0bbf6beb232a:pXaC4rWUkVO8Zjc1m0tQh3lqYdN2sB7e:1",
    "a23f48f9e53a58877c90e1458fe4b27921350b9cd04a7b0c927124362b326c18:pXaC4rWUkVO8Zjc1m0tQh3lqYdN2sB7e:0:1",
    "1acb3652ec4b1d2d383249a9611f97da33ad943c2c1e2cc1a89862e18216b6da:pXaC4rWUkVO8Zjc1m0tQh3lqYdN2sB7e:3_32_2_262144",
    "d640bfd074df177f3477f7f1831f5e0fba7fd58d81dbfc506b26ddab90ce9c86:pXaC4rWUkVO8Zjc1m0tQh3lqYdN2sB7e:1:3_32_2_262144",
    "f15e79ff36fc3661e92ab42039815af7596410680c37e92aa2a0bc2ffe005059:pXaC4rWUkVO8Zjc1m0tQh3lqYdN2sB7e:2",
    "eb82b0a53cd96d47353d501409d550ff0b718402b017210d7d801413b4f2502e:short7!:3_32_2_262144",
];

fn word(text: &str) -> &'static str {
    ForeignHash::parse(text).map_or_else(ForeignRefused::word, |_| "fine")
}

#[test]
fn each_family_verifies_what_another_implementation_made() {
    for text in HASHES {
        let hash = ForeignHash::parse(text).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        assert!(hash.verify(PASSWORD), "{text}");
        for wrong in ["", "correct hors", "Correct horse", "correct horse battery"] {
            assert!(!hash.verify(wrong), "{text}: {wrong}");
        }
        let again = ForeignHash::parse(&hash.to_text()).unwrap();
        assert_eq!(again.to_text(), hash.to_text());
        assert!(again.verify(PASSWORD), "{text} as it is stored");
    }
}

#[test]
fn published_vectors_hold() {
    // RFC 7914 section 12, with parameters that are bounded here; RFC 6070 with its longest key; the paper of phpass; the read-me of Firebase's scrypt; WordPress, Magento and Kratos.
    for (password, text) in [
        ("password", "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA"),
        ("passwordPASSWORDpassword", "$pbkdf2-sha1$i=4096$c2FsdFNBTFRzYWx0U0FMVHNhbHRTQUxUc2FsdFNBTFRzYWx0$PS7sT+QchJuAyNg2YsDkSospGpZM8vBwOA"),
        ("test12345", "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"),
        ("admin", "$wp$2y$10$Q1xinFjrZeLWJBvxviIL6u834Fu.evIEFHAUVisQ5O.w9Dm0sMdES"),
        ("Password@", "ab5ebf8d273b085b6a60336198e0a5a2090fdc3e0606a678315c7274ab06e046:5PiKJRn28bBKoFMopMaaKuV47aJ6GzVg:3_32_2_67108864"),
        ("123456", "$2a$10$ZsCsoVQ3xfBG/K2z2XpBf.tm90GZmtOqtqWcB5.pYd5Eq8y7RlDyq"),
        ("123456", "$scrypt$ln=16384,r=8,p=1$ZtQva9xCHzlSELH/mA7Kj5KjH2tCrkbwYzdxknkL0QQ=$pnTcXKaWVT+FwFDdk3vO1K0J7ZgOxdSU1tCJNYmn8zI="),
        (
            "user1password",
            "$firebase-scrypt$ln=14,r=8$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
        ),
    ] {
        let hash = ForeignHash::parse(text).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        assert!(hash.verify(password), "{text}");
        assert!(!hash.verify("another"), "{text}");
        assert!(ForeignHash::parse(&hash.to_text()).unwrap().verify(password), "{text} as it is stored");
    }
}

#[test]
fn a_project_of_firebase_makes_the_hashes_of_its_accounts() {
    let signer = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    let project = FirebaseProject::new(signer, "Bw==", 8, 14).ok().unwrap();
    let hash = "lSrfV15cpx95_sZS2W9c9Kp6i_LVgQNDNC_qzrCnh1SAyZvqmZqAjTdn3aoItz-VHjoZilo78198JAdRuid5lQ";
    assert!(ForeignHash::Firebase(project.hash("42xEC-ixf3L2lw", hash).ok().unwrap()).verify("user1password"));
    assert_eq!(project.hash("42xEC-ixf3L2lw", "AAAA").err(), Some(ForeignRefused::Malformed));
    assert_eq!(FirebaseProject::new(signer, "Bw==", 8, 30).err(), Some(ForeignRefused::TooCostly));
}

#[test]
fn wordpress_trims_and_slashes_as_php_did() {
    let slashed = ForeignHash::parse("$P$6saltSALTsyQxh83Tn5KL9SXp0XyUP/").ok().unwrap();
    assert!(slashed.verify("it's mine") && slashed.verify(" it's mine\n") && !slashed.verify("its mine"));
    assert!(ForeignHash::parse(HASHES[0]).ok().unwrap().verify(" correct horse "));
}

#[test]
fn what_would_cost_too_much_is_refused_before_it_is_tried() {
    for bomb in [
        "$2b$31$4Vkukhhx7tE9BFTI6uHND.TZMjCkiuSd2uJ4U4KGZsGE/jaspGHpa",
        "$2b$15$4Vkukhhx7tE9BFTI6uHND.TZMjCkiuSd2uJ4U4KGZsGE/jaspGHpa",
        "$wp$2y$20$8vFUQvzVe.eTd51RkLrr/Oi6fpPAurYD9VugrvcftqSqJsihWY3Aq",
        "$pbkdf2-sha256$i=4000000000$TmFDbE5hQ2xOYUNsTmFDbA$EvosS1Oukh2GspQwurZ845H3hLpsglAM16QwEHVNrns",
        "$pbkdf2-sha1$i=18446744073709551615$TmFDbE5hQ2xOYUNsTmFDbA$EvosS1Oukh2GspQwurZ845H3hLpsglAM16QwEHVNrns",
        "$scrypt$ln=31,r=8,p=1$TmFDbE5hQ2xOYUNsTmFDbA$EvosS1Oukh2GspQwurZ845H3hLpsglAM16QwEHVNrns",
        "$scrypt$ln=1,r=4294967295,p=4294967295$TmFDbE5hQ2xOYUNsTmFDbA$EvosS1Oukh2GspQwurZ845H3hLpsglAM16QwEHVNrns",
        "$scrypt$ln=4611686018427387904,r=8,p=1$TmFDbE5hQ2xOYUNsTmFDbA$EvosS1Oukh2GspQwurZ845H3hLpsglAM16QwEHVNrns",
        "$argon2id$v=19$m=4294967295,t=1,p=1$TmFDbE5hQ2xOYUNsTmFDbA$rWAvQJUMnFWwnsJMYH1LflgKnRuv1LZngjTHtslPUj0",
        "$argon2id$v=19$m=65536,t=4000000,p=1$TmFDbE5hQ2xOYUNsTmFDbA$rWAvQJUMnFWwnsJMYH1LflgKnRuv1LZngjTHtslPUj0",
        "$P$SsaltSALTAs5vyIGgKGLVR93xw3sDd0",
        "1acb3652ec4b1d2d383249a9611f97da33ad943c2c1e2cc1a89862e18216b6da:pXaC4rWUkVO8Zjc1m0tQh3lqYdN2sB7e:3_32_2_1099511627776",
        "1acb3652ec4b1d2d383249a9611f97da33ad943c2c1e2cc1a89862e18216b6da:pXaC4rWUkVO8Zjc1m0tQh3lqYdN2sB7e:2:2",
        "3cb4e732631f47e6eb961f34554b7cde:ab:0:0:0:0:0:0:0:0:0:0",
    ] {
        assert_eq!(word(bomb), "hash_too_costly", "{bomb}");
    }
}

#[test]
fn what_is_no_hash_is_refused() {
    for (text, expected) in [
        ("", "hash_unknown"),
        ("correct horse", "hash_unknown"),
        ("$2x$04$4Vkukhhx7tE9BFTI6uHND.TZMjCkiuSd2uJ4U4KGZsGE/jaspGHpa", "hash_unknown"),
        ("$2b$04$4Vkukhhx7tE9BFTI6uHND.TZMjCkiuSd2uJ4U4KGZsGE/jaspGHp", "hash_malformed"),
        ("$2b$01$4Vkukhhx7tE9BFTI6uHND.TZMjCkiuSd2uJ4U4KGZsGE/jaspGHpa", "hash_malformed"),
        ("$2b$04$4Vkukhhx7tE9BFTI6uHND.TZMjCkiuSd2uJ4U4KGZsGE/jaspGHpa$", "hash_malformed"),
        ("$pbkdf2-md5$i=1000$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA", "hash_unknown"),
        ("$pbkdf2-sha256$i=0$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA", "hash_malformed"),
        ("$pbkdf2-sha256$i=1000$c2FsdA$AAAA", "hash_malformed"),
        ("$pbkdf2-sha256$i=1000$c2FsdA$", "hash_malformed"),
        ("$scrypt$ln=0,r=8,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA", "hash_malformed"),
        ("$argon2id$v=19$m=256,t=0,p=1$TmFDbE5hQ2xOYUNsTmFDbA$rWAvQJUMnFWwnsJMYH1LflgKnRuv1LZngjTHtslPUj0", "hash_malformed"),
        ("$P$6short", "hash_malformed"),
        ("3cb4e732631f47e6eb961f34554b7cde:ab:9", "hash_malformed"),
        ("3cb4e732631f47e6eb961f34554b7cde:ab:1", "hash_malformed"),
        ("\u{0}3cb4e732631f47e6eb961f34554b7cde", "hash_malformed"),
    ] {
        assert_eq!(word(text), expected, "{text}");
    }
    assert_eq!(word(&"a".repeat(MAX_TEXT_BYTES + 1)), "hash_malformed");
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,80}", numbers in proptest::collection::vec(any::<u64>(), 4)) {
        let _ = ForeignHash::parse(&text);
        let [a, b, c, d] = numbers[..] else { unreachable!() };
        for family in ["2b", "wp", "P", "H", "scrypt", "firebase-scrypt", "magento", "argon2id", "pbkdf2-sha256"] {
            let _ = ForeignHash::parse(&format!("${family}${text}"));
            let _ = ForeignHash::parse(&format!("${family}$v=19$m={a},t={b},p={c},ln={d},r={a},i={b}${text}${text}"));
        }
        let _ = ForeignHash::parse(&format!("3cb4e732631f47e6eb961f34554b7cde:{text}:3_{a}_{b}_{c}"));
    }
}
