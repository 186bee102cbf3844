//! What the post of each country wants: ISO 3166-1 codes, forms of postal codes, and where a region has to be named.

/// Every country, by its ISO 3166-1 alpha-2 code.
pub const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Countries by the forms of their postal codes: `9` stands for a digit, `A` for a letter, `*` for either; anything else for itself. The separators are put in where they were left out.
pub(super) const POSTAL_CODES: &[(&str, &[&str])] = &[
    ("IS LS", &["999"]),
    ("AF AL AM AT AU BD BE BG CH CY DK GE HU LI LU LV MD MK NO NZ PH PY SI TN ZA", &["9999"]),
    ("BA CR CU DE DO DZ EE EG ES FI FR HR ID IQ IT JO KE KH KR KW LK LT MA MC ME MM MX MY NP PE PK PS RS SM SN TH TR UA UY UZ VA ZM", &["99999"]),
    ("GF GP MQ RE YT PM NC PF WF BL MF", &["99999"]),
    ("BY CN CO EC IN KG KZ MN NG RO RU SG TJ TM TT", &["999999"]),
    ("CL", &["9999999"]),
    ("IL", &["9999999", "99999"]),
    ("VN", &["99999", "999999"]),
    ("US PR GU VI AS MP", &["99999", "99999-9999"]),
    ("BR", &["99999-999"]),
    ("CA", &["A9A 9A9"]),
    ("GB GG JE IM", &["A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA"]),
    ("GI", &["GX11 1AA"]),
    ("IE", &["A99 ****", "D6W ****"]),
    ("NL", &["9999 AA"]),
    ("CZ SE SK GR", &["999 99"]),
    ("JP", &["999-9999"]),
    ("PL", &["99-999"]),
    ("PT", &["9999-999"]),
    ("AD", &["AD999"]),
    ("AZ", &["AZ9999"]),
    ("BN", &["AA9999"]),
    ("MT", &["AAA 9999"]),
    ("AR", &["9999", "A9999AAA"]),
    ("TW", &["999", "99999", "999999"]),
    ("SA", &["99999", "99999-9999"]),
    ("BH", &["999", "9999"]),
    ("LB", &["9999 9999", "9999"]),
    ("FO", &["999"]),
    ("GL", &["9999"]),
    ("AX", &["99999"]),
];

/// Countries where a letter does not arrive without the region, and the codes of those where it is written as one.
pub(super) const REGIONS: &[(&str, &str)] = &[
    (
        "US",
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI AA AE AP",
    ),
    ("CA", "AB BC MB NB NL NS NT NU ON PE QC SK YT"),
    ("AU", "ACT NSW NT QLD SA TAS VIC WA"),
    ("BR", "AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB PR PE PI RJ RN RS RO RR SC SP SE TO"),
    ("JP", ""),
    ("CN", ""),
    ("IN", ""),
    ("MX", ""),
    ("KR", ""),
];

/// Countries where the town is the country, and need not be named.
pub(super) const CITY_STATES: &str = "SG MC VA GI";
