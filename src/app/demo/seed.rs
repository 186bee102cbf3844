//! The demo's people and its shop, planted once; their generated secrets are kept beside the demo's database so that they can be printed again.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::admin::access::rules::{BrandScope, Role};
use crate::admin::access::store::NewInvitation;
use crate::admin::people::make_invitation;
use crate::app::cli::{enrol, register};
use crate::app::setup::Node;
use crate::base::contact::{EmailAddress, PhoneNumber};
use crate::base::random::OsEntropy;
use crate::base::secret::Secret;
use crate::base::uri::RedirectUri;
use crate::identity::customers::{CustomerRole, NewCustomer, PostalAddress, Profile};
use crate::identity::factors::password::{self, NormalPassword};
use crate::oauth::clients::ClientMetadata;
use crate::oauth::clients::metadata::{AuthMethod, ConsentPolicy, GrantType};
use crate::oauth::scope::Scope;
use crate::platform::audit::{Actor, Origin};

/// A seeded person.
#[derive(Serialize, Deserialize)]
pub struct Person {
    /// `Customer` or `Admin`.
    pub role: String,
    /// Sign-in name.
    pub email: String,
    /// Generated.
    pub password: String,
}

/// What was planted.
#[derive(Serialize, Deserialize)]
pub struct Seeded {
    /// The shop's client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Customers and the admin.
    pub people: Vec<Person>,
}

/// Reads what was planted before, or plants it.
///
/// # Errors
/// A sentence.
pub async fn plant(node: &Node, file: &Path, shop_url: &str) -> Result<Seeded, String> {
    match std::fs::read(file) {
        Ok(kept) => return serde_json::from_slice(&kept).map_err(|error| format!("{}: {error}; run claviger demo --reset", file.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(format!("{}: {error}", file.display())),
    }
    let tools = node.base.tools.clone();
    let secret = Secret::generate(tools.entropy());
    let mut seeded = Seeded { client_id: "bean-and-leaf".to_owned(), client_secret: secret.expose().to_owned(), people: Vec::new() };
    let told = |error: &dyn std::fmt::Display| error.to_string();

    let uri = |path: &str| RedirectUri::parse(&format!("{shop_url}{path}")).map_err(|error| told(&error));
    let mut metadata = ClientMetadata::new("Bean & Leaf", AuthMethod::ClientSecretBasic, vec![uri("/callback")?]);
    metadata.post_logout_redirect_uris = vec![uri("/")?];
    metadata.client_uri = Some(format!("{shop_url}/"));
    metadata.consent = ConsentPolicy::Explicit;
    // Its servers ask about addresses and orders, and a customer confirms what is unusual.
    metadata.grant_types.push(GrantType::ClientCredentials);
    metadata.scope = Scope::from(format!("{} risk.orders avs.check", metadata.scope.to_text()));
    metadata.authorization_details_types = vec!["purchase".to_owned()];
    metadata.backchannel_logout_uri = Some(format!("{shop_url}/backchannel-logout"));
    let id = seeded.client_id.parse().map_err(|error| told(&error))?;
    let at_work = tools.clone();
    node.base.db.write(move |tx| register(tx, &at_work, &id, &metadata, Some(&secret))).await.map_err(|error| told(&error))?;

    for (role, given, family, phone, date) in [
        (CustomerRole::Customer, "Ada", "Lovelace", "+442079460001", "1985-12-10"),
        (CustomerRole::Customer, "Grace", "Hopper", "+12025550104", "1986-12-09"),
        (CustomerRole::Admin, "Mary", "Somerville", "+442079460003", "1980-12-26"),
    ] {
        let chosen = password::generate(&tools);
        let normal = NormalPassword::for_new_credential(chosen.expose()).map_err(|error| told(&error))?;
        let hash = node.signin.hasher.hash(&normal).await.map_err(|error| told(&error))?;
        let new = person(role, given, family, phone, date).ok_or("a seeded person is malformed")?;
        let email = new.email.as_str().to_owned();
        let at_work = tools.clone();
        node.base.db.write(move |tx| enrol(tx, &at_work, &new, &hash)).await.map_err(|error| told(&error))?;
        let role = if role == CustomerRole::Admin { "Admin" } else { "Customer" };
        seeded.people.push(Person { role: role.to_owned(), email, password: chosen.expose().to_owned() });
    }
    let text = serde_json::to_vec_pretty(&seeded).map_err(|error| told(&error))?;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    made.and_then(|mut file| file.write_all(&text)).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(seeded)
}

/// The key of the demo's issuer of cards: made once, kept in `file`.
///
/// # Errors
/// A sentence.
pub fn issuer_key(file: &Path) -> Result<String, String> {
    if let Ok(kept) = std::fs::read_to_string(file) {
        return Ok(kept);
    }
    let key = Secret::generate(&OsEntropy).expose().to_owned();
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    made.and_then(|mut file| file.write_all(key.as_bytes())).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(key)
}

/// The path of a link that makes the demo's admin an owner of the console; a new one each time.
///
/// # Errors
/// A sentence.
pub async fn invite(node: &Node, email: &str) -> Result<String, String> {
    let (tools, email) = (node.base.tools.clone(), EmailAddress::parse(email).map_err(|error| error.to_string())?);
    let work = node.base.db.write(move |tx| {
        let new = NewInvitation { email: &email, roles: &[Role::Owner], brands: &BrandScope::ALL, by: "operator", seconds: 86_400 };
        make_invitation(tx, &tools, &new, Actor::Operator, &Origin::internal("command-line"))
    });
    Ok(format!("/admin/join/{}", work.await.map_err(|error| error.to_string())?.expose()))
}

/// A person with every standard claim filled.
pub fn person(role: CustomerRole, given: &str, family: &str, phone: &str, date: &str) -> Option<NewCustomer> {
    let handle = given.to_lowercase();
    let text = |value: String| Some(value);
    Some(NewCustomer {
        email: EmailAddress::parse(&format!("{handle}@example.com")).ok()?,
        is_email_verified: true,
        phone: Some(PhoneNumber::parse(phone).ok()?),
        is_phone_verified: true,
        role,
        profile: Profile {
            name: text(format!("{given} {family}")),
            given_name: text(given.to_owned()),
            family_name: text(family.to_owned()),
            middle_name: text("Quill".to_owned()),
            nickname: text(handle.clone()),
            preferred_username: text(handle.clone()),
            profile: text(format!("https://people.example.com/{handle}")),
            picture: text(format!("https://people.example.com/{handle}/portrait.jpg")),
            website: text(format!("https://{handle}.example.com")),
            gender: text("female".to_owned()),
            zoneinfo: text("Europe/London".to_owned()),
            locale: text("en-GB".to_owned()),
        },
        address: Some(PostalAddress {
            formatted: text(format!("{given} {family}\n12 St James's Square\nLondon SW1Y 4LB\nUnited Kingdom")),
            street_address: text("12 St James's Square".to_owned()),
            locality: text("London".to_owned()),
            region: text("Greater London".to_owned()),
            postal_code: text("SW1Y 4LB".to_owned()),
            country: text("GB".to_owned()),
        }),
        birth_date: text(date.to_owned()),
    })
}
