//! Every sentence that a person reads, by key, through Fluent. A language is one folder under `locales/`.

use std::collections::BTreeMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// The languages that come with the binary: tag, sentences, and names of countries. The first is the fallback.
const SOURCES: [(&str, &str, &str); 6] = [
    ("en", include_str!("../../locales/en/claviger.ftl"), include_str!("../../locales/en/countries.ftl")),
    ("de", include_str!("../../locales/de/claviger.ftl"), include_str!("../../locales/de/countries.ftl")),
    ("es", include_str!("../../locales/es/claviger.ftl"), include_str!("../../locales/es/countries.ftl")),
    ("fr", include_str!("../../locales/fr/claviger.ftl"), include_str!("../../locales/fr/countries.ftl")),
    ("ja", include_str!("../../locales/ja/claviger.ftl"), include_str!("../../locales/ja/countries.ftl")),
    ("pt", include_str!("../../locales/pt/claviger.ftl"), include_str!("../../locales/pt/countries.ftl")),
];

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 4] = ["ar", "fa", "he", "ur"];

/// The direction in which `language` is written, as HTML names it.
pub fn direction(language: &str) -> &'static str {
    if RIGHT_TO_LEFT.contains(&language) { "rtl" } else { "ltr" }
}

/// The sentences of all languages.
pub struct Texts {
    bundles: BTreeMap<&'static str, FluentBundle<FluentResource>>,
}

impl Texts {
    /// Parses the built-in languages.
    ///
    /// # Errors
    /// Which language does not parse; a test keeps that from happening.
    pub fn load() -> Result<Self, String> {
        let mut bundles = BTreeMap::new();
        for (tag, source, countries) in SOURCES {
            let language: LanguageIdentifier = tag.parse().map_err(|_| format!("{tag} is not a language tag"))?;
            let mut bundle = FluentBundle::new_concurrent(vec![language]);
            // Isolation marks around values would show in plain-text mail and break exact matches.
            bundle.set_use_isolating(false);
            for text in [source, countries] {
                let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| format!("locales/{tag}: {errors:?}"))?;
                bundle.add_resource(resource).map_err(|errors| format!("locales/{tag}: {errors:?}"))?;
            }
            bundles.insert(tag, bundle);
        }
        Ok(Self { bundles })
    }

    /// The tags of the languages, as discovery lists them.
    pub fn languages(&self) -> Vec<&'static str> {
        self.bundles.keys().copied().collect()
    }

    /// The best language for wishes in order of preference (`ui_locales`, then `Accept-Language`).
    pub fn negotiate<'w>(&self, wishes: impl Iterator<Item = &'w str>) -> &'static str {
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let known = |wish: &str| self.bundles.keys().copied().find(|tag| *tag == wish || primary(tag) == primary(wish));
        wishes.take(10).find_map(known).unwrap_or("en")
    }

    /// The sentence `key` in `language`, with `values` filled in. A key that is missing shows itself.
    pub fn text(&self, language: &str, key: &str, values: &[(&str, &str)]) -> String {
        let bundle = self.bundles.get(language).or_else(|| self.bundles.get("en"));
        let Some((bundle, pattern)) = bundle.and_then(|bundle| Some((bundle, bundle.get_message(key)?.value()?))) else {
            return key.to_owned();
        };
        let mut arguments = FluentArgs::new();
        for (name, value) in values {
            match value.parse::<i64>() {
                Ok(number) => arguments.set(*name, number),
                Err(_) => arguments.set(*name, *value),
            }
        }
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned()
    }

    /// Whether `key` exists in `language`.
    pub fn has(&self, language: &str, key: &str) -> bool {
        self.bundles.get(language).is_some_and(|bundle| bundle.has_message(key))
    }
}

/// The language tags of an `Accept-Language` header (RFC 9110 section 12.5.4), best first.
pub fn accepted_languages(header: &str) -> Vec<String> {
    let mut wishes: Vec<(u32, String)> = header
        .split(',')
        .take(20)
        .filter_map(|part| {
            let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
            let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1000 first")]
            let weight = (weight.clamp(0.0, 1.0) * 1_000.0) as u32;
            let tag = tag.trim();
            (weight > 0 && !tag.is_empty()).then(|| (weight, tag.to_owned()))
        })
        .collect();
    wishes.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wishes.into_iter().map(|(_, tag)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each key with the values that it needs, by reading the file as text.
    fn messages(source: &str) -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line
                .split_once(" =")
                .filter(|(name, _)| !name.is_empty() && !name.starts_with(' ') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)))
            {
                key = name.to_owned();
                assert!(found.insert(key.clone(), Vec::new()).is_none(), "{key} stands twice");
            }
            let values = line.split('$').skip(1).map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>());
            let known = found.entry(key.clone()).or_default();
            known.extend(values);
            known.sort();
            known.dedup();
        }
        found
    }

    #[test]
    fn every_language_has_every_sentence_with_every_value() {
        let texts = Texts::load().unwrap();
        let english = messages(SOURCES[0].1);
        assert!(english.len() > 300);
        for (language, source, countries) in SOURCES {
            let theirs = messages(source);
            let codes: Vec<String> = crate::base::postal::COUNTRIES.split(' ').map(|code| format!("country-{code}")).collect();
            assert_eq!(messages(countries).into_keys().collect::<Vec<_>>(), codes, "{language}");
            let missing: Vec<_> = english.keys().filter(|key| !theirs.contains_key(*key)).collect();
            let extra: Vec<_> = theirs.keys().filter(|key| !english.contains_key(*key)).collect();
            assert!(missing.is_empty() && extra.is_empty(), "{language} lacks {missing:?}, and has {extra:?} besides");
            for (key, values) in &english {
                assert_eq!(theirs.get(key), Some(values), "{language}: {key}");
                // Each sentence can be made, whatever the count.
                let given: Vec<(&str, &str)> = values.iter().map(|value| (value.as_str(), "1")).collect();
                for text in [texts.text(language, key, &given), texts.text(language, key, &values.iter().map(|value| (value.as_str(), "0")).collect::<Vec<_>>())] {
                    assert!(!text.is_empty() && !text.contains("{$") && !text.contains("{ $"), "{language}: {key}: {text}");
                }
                assert!(language == "en" || source != SOURCES[0].1);
            }
        }
        assert_eq!((direction("en"), direction("ar")), ("ltr", "rtl"));
    }

    #[test]
    fn sentences_are_found_filled_in_and_fall_back() {
        let texts = Texts::load().unwrap();
        assert_eq!(texts.text("en", "signin-lead", &[("client", "Bean & Leaf")]), "to continue to Bean & Leaf");
        assert_eq!(texts.text("xx", "signin-submit", &[]), "Sign in");
        assert_eq!(texts.text("en", "account-minutes-ago", &[("minutes", "1")]), "a minute ago");
        assert_eq!(texts.negotiate(["xx-AT", "en-GB"].into_iter()), "en");
        assert_eq!(texts.negotiate(["de-AT", "en-GB"].into_iter()), "de");
        assert_eq!(texts.text("de", "account-minutes-ago", &[("minutes", "2")]), "vor 2 Minuten");
        assert_eq!(accepted_languages("de;q=0.5, en-GB, fr;q=0.9, x;q=0"), vec!["en-GB", "fr", "de"]);
    }
}
