//! Sections about what is judged: sign-ins, and addresses.

use serde::{Deserialize, Serialize};

use crate::risk::bots::budget::Mode as BotMode;
use crate::risk::login::policy::{Action, Mode};
use crate::risk::purchase::models::TreesMode;

section! {
    /// How strange sign-ins are judged.
    RiskSection {
        /// `enforce`, `audit` (everything is judged and written down, and nothing is done about it) or `off`.
        mode: Mode = Mode::Enforce,
        /// What is done at a sign-in of which ten in a hundred honest ones look so strange: `allow`, `notify`, `step_up`, `delay` or `deny`.
        elevated: Action = Action::Allow,
        /// The same, of which two in a hundred do.
        high: Action = Action::StepUp,
        /// The same, of which two in a thousand do.
        severe: Action = Action::StepUp,
        /// The least level of what `step_up` asks for, of what the customer has: `weak-second-factor` (a code by e-mail is enough), `second-factor` or `phishing-resistant`.
        step_up_acr: String = "weak-second-factor".to_owned(),
        /// Whether a code to the proven mailbox is enough where a customer has nothing else, also where codes by e-mail are no factor (`codes.email`). Where it is not, such a sign-in is stopped.
        mailbox: bool = true,
        /// Seconds that `delay` waits before it answers, 1 to 30.
        delay_seconds: i64 = 5,
        /// Hours that changes of credentials, contact and addresses wait after a sign-in that looked high or severe and showed no second factor of the customer's own, 0 (not at all) to 168. Saying in the mail that it was them, or a browser that was known before, ends it.
        hold_hours: i64 = 24,
        /// A file with another model, as JSON (docs/risk.md). Empty takes the one in the binary.
        model_file: String = String::new(),
        /// An mmdb of countries that stands before the list in the binary. Read again when it changes, as are the next three.
        country_file: String = String::new(),
        /// An mmdb of networks (autonomous systems).
        network_file: String = String::new(),
        /// A list of ranges where servers are let, one a line.
        hosting_file: String = String::new(),
        /// A list of ranges that hide who uses them, one a line.
        anonymisers_file: String = String::new(),
        /// The same as `mode`, for orders.
        orders_mode: Mode = Mode::Enforce,
        /// The score of an order, 0 to 1000, from which on the customer confirms it with a second factor; 800 are about three in a hundred. 1001 is never.
        orders_step_up: i64 = 800,
        /// The score from which on somebody looks at it; 950 are about six in ten thousand.
        orders_review: i64 = 950,
        /// The score from which on it is refused. Never by default: what a machine alone refuses, somebody has to be able to look at.
        orders_deny: i64 = 1_001,
        /// Boosted trees, trained each night on what became of orders: `off`, `watch` (trained and measured; `claviger risk activate` has them decide) or `promote` (they decide after a week of nights in which they did better).
        orders_trees: TreesMode = TreesMode::Watch,
        /// A file with rules over orders, as JSON (docs/orders.md). Empty takes those in the binary.
        orders_rules_file: String = String::new(),
        /// Days that decisions are kept, with what they were computed from, 30 to 3650.
        keep_days: i64 = 400,
    }
}

section! {
    /// Puzzles against programs, on the forms that nobody has to be signed in for.
    BotsSection {
        /// `auto` (when there are more forms than usual, or somebody tries many accounts), `always` (of browsers that are not known) or `off`.
        mode: BotMode = BotMode::Auto,
        /// Sign-ins a minute on a node that are usual, 1 to 1000000. Above that a puzzle is asked for, twice as hard with each doubling.
        signins_per_minute: u32 = 600,
        /// The same of those who join.
        joins_per_minute: u32 = 60,
        /// The same of those who recover an account.
        recoveries_per_minute: u32 = 60,
        /// The same of each of them from one address.
        source_per_minute: u32 = 20,
        /// Seconds that whoever runs no scripts waits in place of the puzzle, 5 to 300.
        wait_seconds: i64 = 30,
        /// Where answers of a captcha are verified, such as `https://challenges.cloudflare.com/turnstile/v0/siteverify`. Empty has puzzles of our own, which nobody else hears of.
        captcha_verify_url: String = String::new(),
        /// Its script.
        captcha_script: String = String::new(),
        /// Further origins that it reaches, beside that of its script.
        captcha_sources: Vec<String> = Vec::new(),
        /// The class by which its script finds where to stand, such as `cf-turnstile`.
        captcha_class: String = String::new(),
        /// The field that its answer comes in, such as `cf-turnstile-response`.
        captcha_field: String = String::new(),
        /// Its public key.
        captcha_site_key: String = String::new(),
        /// A file with its secret key.
        captcha_secret_file: String = String::new(),
    }
}

section! {
    /// Address verification.
    AvsSection {
        /// A file with the rules by amount and country, as JSON: a list of objects with `countries`, `up_to`, `accept` and `review`; the first that fits decides. Empty accepts all but a plain mismatch, which somebody looks at.
        rules_file: String = String::new(),
        /// How often a client may have an address compared with those of one customer, in an hour, 1 to 1000.
        checks_per_hour: i64 = 5,
        /// Where the issuer of the cards, or who stands before one, is asked (docs/address-verification.md). Empty asks nobody.
        issuer_url: String = String::new(),
        /// A file with the key that is shown to it.
        issuer_key_file: String = String::new(),
    }
}
