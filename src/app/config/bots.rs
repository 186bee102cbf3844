//! Puzzles and captchas, in the configuration.

use url::Url;

use super::checked::Faults;
use super::raw::RawConfig;
use crate::base::secret::Secret;
use crate::identity::bots::Captcha;
use crate::platform::outgoing::Outgoing;
use crate::risk::bots::budget::BotPolicy;

fn minute(faults: &mut Faults, key: &str, value: u32) -> u32 {
    u32::try_from(faults.within(&format!("bots.{key}"), i64::from(value), 1..=1_000_000)).unwrap_or(1)
}

/// Puzzles, and what stands in their place.
pub struct BotSettings {
    /// When puzzles are asked for.
    pub policy: BotPolicy,
    /// The captcha of somebody else.
    pub captcha: Option<Captcha>,
}

/// Checks the section.
pub(super) fn check(raw: &RawConfig, faults: &mut Faults, outgoing: Option<&Outgoing>) -> BotSettings {
    let section = &raw.bots;
    let policy = BotPolicy {
        mode: section.mode,
        signins: minute(faults, "signins_per_minute", section.signins_per_minute),
        joins: minute(faults, "joins_per_minute", section.joins_per_minute),
        recoveries: minute(faults, "recoveries_per_minute", section.recoveries_per_minute),
        of_source: minute(faults, "source_per_minute", section.source_per_minute),
        wait_seconds: faults.within("bots.wait_seconds", section.wait_seconds, 5..=300),
    };
    BotSettings { policy, captcha: check_captcha(raw, faults, outgoing) }
}

/// An origin that a content security policy can name: no blanks, no quotes, no commas or semicolons, by which it would say more.
fn origin(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("{text}: {error}"))?;
    let is_local = url.host_str().is_some_and(|host| host == "localhost" || host == "127.0.0.1");
    if url.scheme() == "https" || (url.scheme() == "http" && is_local) { Ok(url.origin().ascii_serialization()) } else { Err(format!("{text}: an https address")) }
}

/// Checks the captcha; none where there is none.
fn check_captcha(raw: &RawConfig, faults: &mut Faults, outgoing: Option<&Outgoing>) -> Option<Captcha> {
    let section = &raw.bots;
    if section.captcha_verify_url.is_empty() {
        return None;
    }
    let is_word = |text: &str| !text.is_empty() && text.len() <= 200 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    for (key, value) in [("captcha_class", &section.captcha_class), ("captcha_field", &section.captcha_field), ("captcha_site_key", &section.captcha_site_key)] {
        faults.unless(is_word(value), &format!("bots.{key}: letters, digits, dashes and dots, as the provider names it"));
    }
    let verify = faults.take("bots.captcha_verify_url", origin(&section.captcha_verify_url));
    let script = faults.take("bots.captcha_script", origin(&section.captcha_script));
    let mut sources: Vec<String> = script.into_iter().collect();
    for source in &section.captcha_sources {
        sources.extend(faults.take("bots.captcha_sources", origin(source)));
    }
    let read = std::fs::read_to_string(&section.captcha_secret_file).map_err(|error| format!("{}: {error}", section.captcha_secret_file));
    let secret = faults.take("bots.captcha_secret_file", read)?.trim().to_owned();
    faults.unless(!secret.is_empty(), "bots.captcha_secret_file: it is empty");
    verify?;
    Some(Captcha {
        site_key: section.captcha_site_key.clone(),
        class: section.captcha_class.clone(),
        script: section.captcha_script.clone(),
        sources,
        field: section.captcha_field.clone(),
        verify_url: section.captcha_verify_url.clone(),
        secret: Secret::new(secret),
        outgoing: outgoing?.clone(),
    })
}
