//! How pages and mails look: the brand of the installation, and further ones that clients choose.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::checked::Faults;
use super::raw::{BrandSection, RawConfig};
use crate::platform::http::assets::Logo;
use crate::platform::http::page::Brand;
use crate::platform::mail::parse_sender;

/// The looks of the installation itself.
pub(super) fn check_brand(raw: &RawConfig, faults: &mut Faults) -> (Brand, Option<Logo>) {
    make("brand", "", &raw.brand, faults)
}

/// A brand of its own, as it stands in its file.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct BrandFile {
    name: String,
    #[serde(default)]
    accent: String,
    #[serde(default)]
    accent_dark: String,
    radius_pixels: Option<u32>,
    #[serde(default)]
    font: String,
    #[serde(default)]
    logo_file: String,
    /// The sender of its mails.
    mail_from: Option<String>,
    /// Its shop.
    home_url: Option<String>,
    /// Where its customers are helped.
    support_url: Option<String>,
}

/// The further brands, by the names of their files, with their logos.
pub(super) fn check_brands(raw: &RawConfig, faults: &mut Faults) -> (BTreeMap<String, Brand>, BTreeMap<String, Logo>) {
    let (mut brands, mut logos) = (BTreeMap::new(), BTreeMap::new());
    let folder = &raw.brands.folder;
    if folder.is_empty() {
        return (brands, logos);
    }
    let Some(entries) = faults.take("brands.folder", std::fs::read_dir(folder).map_err(|error| format!("{folder}: {error}"))) else { return (brands, logos) };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.extension().is_some_and(|ending| ending == "toml")) {
        let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let label = format!("brands.{id}");
        let is_named = (1..=40).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        faults.unless(is_named, &format!("{label}: the name of the file is 1 to 40 small letters, digits and dashes"));
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()));
        let Some(file) = faults.take(&label, text.and_then(|text| toml::from_str::<BrandFile>(&text).map_err(|error| error.message().to_owned()))) else { continue };
        let logo_file = if file.logo_file.is_empty() { String::new() } else { std::path::Path::new(folder).join(&file.logo_file).display().to_string() };
        let section = BrandSection {
            name: file.name,
            accent: file.accent,
            accent_dark: file.accent_dark,
            radius_pixels: file.radius_pixels.unwrap_or(raw.brand.radius_pixels),
            font: file.font,
            logo_file,
        };
        let (mut brand, logo) = make(&label, &id, &section, faults);
        let is_page = |url: &Option<String>| url.as_deref().is_none_or(|url| url.starts_with("https://") && url::Url::parse(url).is_ok());
        faults.unless(is_page(&file.home_url) && is_page(&file.support_url), &format!("{label}: home_url and support_url are https addresses"));
        if let Some(from) = &file.mail_from {
            faults.take(&label, parse_sender(from));
        }
        (brand.mail_from, brand.home, brand.support) = (file.mail_from, file.home_url, file.support_url);
        logos.extend(logo.map(|logo| (id.clone(), logo)));
        brands.insert(id, brand);
    }
    (brands, logos)
}

fn make(label: &str, id: &str, section: &BrandSection, faults: &mut Faults) -> (Brand, Option<Logo>) {
    faults.unless((1..=60).contains(&section.name.chars().count()) && !section.name.chars().any(char::is_control), &format!("{label}.name: 1 to 60 characters"));
    let is_colour = |text: &str| text.is_empty() || (text.len() == 7 && text.starts_with('#') && text.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit()));
    faults.unless(is_colour(&section.accent), &format!("{label}.accent: a colour such as #1f5f4a"));
    faults.unless(is_colour(&section.accent_dark), &format!("{label}.accent_dark: a colour such as #7fd1b0"));
    faults.within(&format!("{label}.radius_pixels"), i64::from(section.radius_pixels), 0..=32);
    faults.unless(
        section.font.len() <= 200 && section.font.chars().all(|c| c.is_ascii_alphanumeric() || " ,-\"".contains(c)),
        &format!("{label}.font: letters, digits, blanks, commas, dashes and double quotes"),
    );
    let mut properties = String::from(":root {");
    if !section.accent.is_empty() {
        let dark = if section.accent_dark.is_empty() { &section.accent } else { &section.accent_dark };
        let _ = write!(properties, " --accent: light-dark({}, {dark}); --on-accent: light-dark({}, {});", section.accent, readable_on(&section.accent), readable_on(dark));
    }
    let _ = write!(properties, " --radius: {}px;", section.radius_pixels);
    if !section.font.is_empty() {
        let _ = write!(properties, " --font: {};", section.font);
    }
    properties.push_str(" }");
    let logo = if section.logo_file.is_empty() { None } else { faults.take(&format!("{label}.logo_file"), read_logo(&section.logo_file)) };
    let (style, logo_path) =
        if id.is_empty() { ("/assets/claviger.css".to_owned(), "/assets/logo".to_owned()) } else { (format!("/assets/brand-{id}.css"), format!("/assets/logo-{id}")) };
    let brand = Brand { name: section.name.clone(), properties, style, logo: logo.is_some().then_some(logo_path), mail_from: None, home: None, support: None };
    (brand, logo)
}

/// Black or white, whichever has the higher contrast on `#rrggbb` (WCAG 2.2, relative luminance).
pub(super) fn readable_on(colour: &str) -> &'static str {
    let channel = |at: usize| {
        let value = colour.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or(0);
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) { "#000000" } else { "#ffffff" }
}

fn read_logo(path: &str) -> Result<Logo, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    if bytes.len() > 256 * 1024 {
        return Err(format!("{path} is larger than 256 KiB"));
    }
    let media_type = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => return Err(format!("{path} is not a PNG, JPEG or WebP image")),
    };
    Ok(Logo { media_type, bytes })
}
