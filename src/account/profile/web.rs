//! `/account/profile`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{entry, finish, is_current, proven_for, read_form};
use crate::base::postal::tidy_line;
use crate::identity::customers::{self, Customer, Profile};
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::WriteTx;
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, respond, see_other};
use crate::platform::http::params::Params;

/// The profile was changed.
pub const PROFILE_CHANGED: EventSpec = EventSpec::new("profile_changed", "A customer changed name, language or other things of the profile; which, but not to what.");

const PAGE: &str = "/account/profile";
/// The most characters of a name.
const MAX_NAME: usize = 100;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(PAGE, web::post().to(save));
}

/// The names that can be changed, as they stand in the form.
#[derive(Clone, Default)]
struct Names {
    name: String,
    given_name: String,
    family_name: String,
    nickname: String,
}

#[derive(Template)]
#[template(path = "account/profile/pages/profile.html")]
struct ProfilePage<'a> {
    page: &'a PageView,
    csrf: &'a str,
    names: &'a Names,
    /// Tag, own name, whether it is the chosen one.
    languages: Vec<(&'static str, String, bool)>,
    birth_date: Option<&'a str>,
    message: Option<String>,
    problem: Option<String>,
}

fn profile_page(state: &SigninState, request: &HttpRequest, customer: &Customer, names: &Names, problem: Option<&str>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let token = csrf::token(&state.tools.ring, &browser, PAGE);
    let chosen = customer.profile.locale.as_deref().map(|locale| state.http.texts.negotiate(std::iter::once(locale)));
    let languages = state.http.texts.languages().into_iter().map(|tag| (tag, state.http.texts.text(tag, "language-name", &[]), chosen == Some(tag))).collect();
    let template = ProfilePage {
        page: &view,
        csrf: &token,
        names,
        languages,
        birth_date: customer.birth_date.as_deref(),
        message: (problem.is_none() && request.query_string() == "saved").then(|| view.t("profile-saved")),
        problem: problem.map(|word| view.t(&format!("profile-{word}"))),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut response = respond(status, &view, &template, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    response
}

async fn find(state: &Data<SigninState>, signed_in: &SignedIn) -> Result<Customer, PageError> {
    let (tools, id) = (state.tools.clone(), signed_in.customer().clone());
    state.db.read(move |connection| customers::store::find_customer(connection, &tools.ring, &id)).await?.ok_or_else(|| PageError::new(ErrorKind::Internal))
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match proven_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let customer = find(&state, &signed_in).await?;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let names = Names {
            name: text(&customer.profile.name),
            given_name: text(&customer.profile.given_name),
            family_name: text(&customer.profile.family_name),
            nickname: text(&customer.profile.nickname),
        };
        Ok(profile_page(&state, &request, &customer, &names, None))
    };
    finish(&state, &request, work).await
}

fn read_names(form: &Params) -> Names {
    let text = |name: &str| tidy_line(&form.get(name).unwrap_or_default().chars().take(4 * MAX_NAME).collect::<String>());
    Names { name: text("name"), given_name: text("given_name"), family_name: text("family_name"), nickname: text("nickname") }
}

/// The profile with other names and another language, and what of it is new.
fn changed(before: &Profile, names: &Names, locale: Option<&str>) -> (Profile, Vec<&'static str>) {
    let some = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
    let after = Profile {
        name: some(&names.name),
        given_name: some(&names.given_name),
        family_name: some(&names.family_name),
        nickname: some(&names.nickname),
        locale: locale.map(str::to_owned),
        ..before.clone()
    };
    let fields = [
        ("name", before.name != after.name),
        ("given_name", before.given_name != after.given_name),
        ("family_name", before.family_name != after.family_name),
        ("nickname", before.nickname != after.nickname),
        ("locale", before.locale != after.locale),
    ];
    (after, fields.into_iter().filter_map(|(field, is_new)| is_new.then_some(field)).collect())
}

async fn save(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, PAGE, payload).await?;
        let signed_in = match proven_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (names, customer) = (read_names(&form), find(&state, &signed_in).await?);
        let locale = form.get("locale").and_then(|wanted| state.http.texts.languages().into_iter().find(|tag| *tag == wanted));
        let is_long = [&names.name, &names.given_name, &names.family_name, &names.nickname].iter().any(|name| name.chars().count() > MAX_NAME);
        if names.name.is_empty() || is_long {
            return Ok(profile_page(&state, &request, &customer, &names, Some(if is_long { "long" } else { "nameless" })));
        }
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            if !is_current(tx, &signed_in)? {
                return Ok(false);
            }
            let Some(customer) = customers::store::find_customer(tx, &at_work.tools.ring, signed_in.customer())? else { return Ok(false) };
            let (profile, fields) = changed(&customer.profile, &names, locale);
            if !fields.is_empty() {
                customers::details::store::keep_profile(tx, &at_work.tools, &customer.id, &profile)?;
                audit::record(tx, &at_work.tools, &entry(PROFILE_CHANGED, &signed_in, &origin).with_detail(serde_json::json!({ "fields": fields })))?;
            }
            Ok(true)
        };
        Ok(see_other(if state.db.write_again(work).await? { "/account/profile?saved" } else { PAGE }))
    };
    finish(&state, &request, work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_the_form_changes() {
        let before = Profile { name: Some("Ada".to_owned()), website: Some("https://ada.example".to_owned()), locale: Some("en".to_owned()), ..Profile::default() };
        let names = Names { name: "Ada L".to_owned(), ..Names::default() };
        let (after, fields) = changed(&before, &names, Some("en"));
        assert_eq!(fields, ["name"]);
        assert_eq!((after.name.as_deref(), after.website.as_deref(), after.nickname), (Some("Ada L"), Some("https://ada.example"), None));
        assert!(changed(&after_of(&before, "Ada"), &Names { name: "Ada".to_owned(), ..Names::default() }, None).1 == ["locale"]);
    }

    fn after_of(before: &Profile, name: &str) -> Profile {
        Profile { name: Some(name.to_owned()), ..before.clone() }
    }
}
