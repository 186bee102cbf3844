//! What a browser says it is. Read as far as the model needs: name with version, system with version, class. A rule for each browser of the market is what the field's big tables are for; they cost a thousand patterns for each name, and the browsers that customers use have frozen most of what those look for.

/// The longest name that is looked at, in bytes.
const MAX_BYTES: usize = 512;

/// The class of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A telephone.
    Phone,
    /// A tablet.
    Tablet,
    /// A computer.
    Computer,
    /// A program that says so.
    Program,
    /// Nothing is known.
    Unknown,
}

impl Class {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Computer => "computer",
            Self::Program => "program",
            Self::Unknown => "unknown",
        }
    }
}

/// A browser, by its own word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserName {
    /// The whole name, cut.
    pub whole: String,
    /// Which browser, with its major version: `firefox/140`.
    pub browser: String,
    /// Which system, with its version where it says one: `ios/18.5`.
    pub system: String,
    /// The class.
    pub class: Class,
}

/// Marks of browsers. The order tells those apart that claim to be each other.
const BROWSERS: [(&str, &str); 11] = [
    ("Edg/", "edge"),
    ("EdgA/", "edge"),
    ("EdgiOS/", "edge"),
    ("OPR/", "opera"),
    ("SamsungBrowser/", "samsung"),
    ("YaBrowser/", "yandex"),
    ("FxiOS/", "firefox"),
    ("Firefox/", "firefox"),
    ("CriOS/", "chrome"),
    ("Chrome/", "chrome"),
    ("Version/", "safari"),
];

/// Marks of systems.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "android"),
    ("iPhone OS ", "ios"),
    ("CPU OS ", "ipados"),
    ("Windows NT ", "windows"),
    ("Mac OS X ", "macos"),
    ("CrOS ", "chromeos"),
    ("Linux", "linux"),
];

/// Marks of programs, in small letters.
const PROGRAMS: [&str; 16] = [
    "bot",
    "crawl",
    "spider",
    "headless",
    "phantom",
    "selenium",
    "puppeteer",
    "playwright",
    "python",
    "curl/",
    "wget/",
    "java/",
    "okhttp",
    "go-http",
    "libwww",
    "axios",
];

/// The digits after a mark, up to `parts` of them; `_` counts as a point.
fn version_after(name: &str, mark: &str, parts: usize) -> String {
    let rest = name.split_once(mark).map_or("", |(_, rest)| rest).trim_start();
    let digits: String = rest.chars().map(|letter| if letter == '_' { '.' } else { letter }).take_while(|letter| letter.is_ascii_digit() || *letter == '.').take(16).collect();
    digits.split('.').take(parts).collect::<Vec<_>>().join(".")
}

/// Reads a browser's name of itself.
pub fn read(user_agent: &str) -> BrowserName {
    let mut cut = user_agent.len().min(MAX_BYTES);
    while !user_agent.is_char_boundary(cut) {
        cut -= 1;
    }
    let whole = user_agent.get(..cut).unwrap_or_default().trim().to_owned();
    let small = whole.to_ascii_lowercase();
    let browser = BROWSERS.iter().find(|(mark, _)| whole.contains(mark)).map_or_else(|| "?".to_owned(), |(mark, name)| format!("{name}/{}", version_after(&whole, mark, 1)));
    let system = SYSTEMS.iter().find(|(mark, _)| whole.contains(mark)).map_or_else(|| "?".to_owned(), |(mark, name)| format!("{name}/{}", version_after(&whole, mark, 2)));
    let class = if whole.is_empty() {
        Class::Unknown
    } else if PROGRAMS.iter().any(|mark| small.contains(mark)) {
        Class::Program
    } else if whole.contains("iPad") || (whole.contains("Android") && !whole.contains("Mobile")) {
        Class::Tablet
    } else if whole.contains("Mobile") {
        Class::Phone
    } else if system == "?" {
        Class::Unknown
    } else {
        Class::Computer
    };
    BrowserName { whole, browser, system, class }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_systems_and_classes_are_told_apart() {
        for (name, browser, system, class) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox/140", "linux/", Class::Computer),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/141.0",
                "edge/141",
                "windows/10.0",
                Class::Computer,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                "safari/18",
                "ios/18.5",
                Class::Phone,
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0 Mobile/15E148 Safari/604.1",
                "chrome/120",
                "ipados/17.2",
                Class::Tablet,
            ),
            ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "chrome/140", "android/10", Class::Phone),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Safari/537.36",
                "samsung/25",
                "android/14",
                Class::Tablet,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
                "safari/17",
                "macos/10.15",
                Class::Computer,
            ),
            ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537.36", "chrome/140", "linux/", Class::Program),
            ("python-requests/2.32", "?", "?", Class::Program),
            ("curl/8.5", "?", "?", Class::Program),
            ("", "?", "?", Class::Unknown),
            ("my own browser", "?", "?", Class::Unknown),
        ] {
            let read = read(name);
            assert_eq!((read.browser.as_str(), read.system.as_str(), read.class), (browser, system, class), "{name}");
        }
        assert_eq!(read(&"ä".repeat(400)).whole.len(), 512);
    }
}
