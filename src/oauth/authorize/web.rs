//! `/authorize` and the pages that a waiting request shows.

use std::sync::Arc;

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::answer::{Answer, send};
use super::approve::{Approval, NotIssued, end_request, issue_code};
use super::model::{AuthorizationRequest, WaitingRequest};
use super::params::{ReplyTo, read, reply_to};
use super::present::{Found, Present, find_present};
use super::rules::{self, Decision, Situation, decide};
use super::store;
use crate::base::assurance::Requirement;
use crate::base::encoding::base64url;
use crate::base::ids::{ClientId, FlowId};
use crate::base::secret::Secret;
use crate::base::time::UnixMicros;
use crate::base::uri::RegisteredRedirectUri;
use crate::identity::customers;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate;
use crate::identity::signin::model::{ReturnTo, SigninRequest, Visitor};
use crate::oauth::clients::Client;
use crate::oauth::error::OAuthError;
use crate::oauth::logout::hint;
use crate::oauth::state::OAuthState;
use crate::platform::db::DbConnection;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, brand_cookies, error_page, form_target, see_other};
use crate::platform::http::params::Params;
use crate::platform::http::{body, cross_site, csrf};
use crate::platform::telemetry::metrics::Event;

/// `GET /authorize`.
pub async fn get(state: Data<OAuthState>, request: HttpRequest) -> HttpResponse {
    let params = Params::parse(request.query_string().as_bytes()).map_err(|refused| PageError::new(ErrorKind::Request).with_detail(refused.to_string()));
    finish(&state, &request, async { begin(&state, &request, params?).await }).await
}

/// `POST /authorize` (OIDC Core section 3.1.2.1): the same, from a form on whatever site. It changes nothing that a GET would not.
pub async fn post(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let mut params = read_body(&request, payload).await?;
        let query = Params::parse(request.query_string().as_bytes()).map_err(|refused| PageError::new(ErrorKind::Request).with_detail(refused.to_string()))?;
        params.merge(query);
        if let Some(again) = state.without_cookies(&request).then(|| cross_site::ask_again_by_get(&request, "/authorize", &params, state.http.issuer.as_str())).flatten() {
            return Ok(again);
        }
        begin(&state, &request, params).await
    };
    finish(&state, &request, work).await
}

pub(super) async fn finish(state: &OAuthState, request: &HttpRequest, work: impl Future<Output = Result<HttpResponse, PageError>>) -> HttpResponse {
    work.await.unwrap_or_else(|error| error_page(&state.http, request, &error))
}

async fn read_body(request: &HttpRequest, payload: Payload) -> Result<Params, PageError> {
    let refused = |refused: body::BodyRefused| PageError::new(ErrorKind::Request).with_detail(refused.to_string()).with_status(refused.status());
    body::read_form(request, &mut payload.into_inner()).await.map_err(refused)
}

pub(super) fn way_back(client: &Client) -> Option<(String, String)> {
    Some((client.metadata.client_name.clone(), client.metadata.home()?))
}

async fn begin(state: &Data<OAuthState>, request: &HttpRequest, params: Params) -> Result<HttpResponse, PageError> {
    // Until client and redirect URI are known to belong together, errors stay here.
    if params.is_repeated("client_id") || params.is_repeated("redirect_uri") {
        return Err(PageError::new(ErrorKind::Request).with_detail("client_id or redirect_uri was sent twice"));
    }
    let id: ClientId = params.get("client_id").and_then(|id| id.parse().ok()).ok_or_else(|| PageError::new(ErrorKind::Client))?;
    let client = state.clients.find(&id).await?.ok_or_else(|| PageError::new(ErrorKind::Client))?;
    let presented = params.get("redirect_uri").ok_or_else(|| PageError::new(ErrorKind::RedirectUriMissing).with_way_back(way_back(&client)))?;
    let redirect_uri = RegisteredRedirectUri::find(&client.metadata.redirect_uris, presented, client.metadata.is_native())
        .ok_or_else(|| PageError::new(ErrorKind::RedirectUri).with_way_back(way_back(&client)))?;
    let reply = reply_to(&params, redirect_uri);
    let asked_at = state.tools.now_micros();
    let hinted = |text: &str| hint::read(state, text).filter(|hint| hint.is_for(&client.id)).map(|hint| hint.sub);
    let wanted = match read(&params, &client, &reply, asked_at, hinted) {
        Ok(mut wanted) => {
            wanted.requirement.policy_acr = wanted.requirement.policy_acr.max(state.signin.factors.scope_floor(wanted.scope.iter()));
            wanted
        }
        Err(error) => return Ok(send(state, request, &client.metadata.client_name, &reply, &Answer::Error(error))),
    };
    let (knock, id) = (state.signin.knock(request), client.id.clone());
    let found = if state.signin.session_cookie(request).is_some() { state.db.read(move |connection| find_present(connection, &knock, &id, None)).await? } else { None };
    Turn { state, request, present: Present::of(state, &client, found), client, reply, wanted, asked_at, waiting: None }.proceed().await
}

/// One request on its way to an answer.
pub(super) struct Turn<'a> {
    pub state: &'a Data<OAuthState>,
    request: &'a HttpRequest,
    pub client: Arc<Client>,
    reply: ReplyTo,
    pub wanted: AuthorizationRequest,
    asked_at: UnixMicros,
    pub waiting: Option<FlowId>,
    present: Option<Present>,
}

impl Turn<'_> {
    /// Takes up a waiting request of this browser.
    pub async fn load<'a>(state: &'a Data<OAuthState>, request: &'a HttpRequest, path: &str) -> Result<(Turn<'a>, Secret), PageError> {
        let id: FlowId = path.parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
        let (tools, knock) = (state.tools.clone(), state.signin.knock(request));
        let look = move |connection: &mut DbConnection| {
            let Some(waiting) = store::find_request(connection, &tools, &id)? else { return Ok(None) };
            let wait = waiting.request.purchase.is_some().then_some(&waiting.id);
            let present = find_present(connection, &knock, &waiting.request.client_id, wait)?;
            Ok(Some((waiting, present)))
        };
        let (waiting, found): (WaitingRequest, Found) = state.db.read(look).await?.ok_or_else(|| PageError::new(ErrorKind::SigninExpired))?;
        let client = state.clients.find(&waiting.request.client_id).await?.ok_or_else(|| PageError::new(ErrorKind::Client))?;
        let back = way_back(&client);
        let browser = state.signin.known_browser(request).filter(|browser| browser.hash().matches(&waiting.browser_hash));
        let browser = browser.ok_or_else(|| PageError::new(ErrorKind::SigninElsewhere).with_way_back(back.clone()))?;
        if waiting.answered_at.is_some() {
            return Err(PageError::new(ErrorKind::Answered).with_way_back(back));
        }
        if waiting.expires_at <= state.tools.now() {
            return Err(PageError::new(ErrorKind::SigninExpired).with_way_back(back));
        }
        // The client may have changed its redirect URIs since.
        let redirect_uri = RegisteredRedirectUri::find(&client.metadata.redirect_uris, &waiting.request.redirect_uri, client.metadata.is_native())
            .ok_or_else(|| PageError::new(ErrorKind::RedirectUri).with_way_back(back))?;
        let reply = ReplyTo { redirect_uri, response_mode: waiting.request.response_mode, state: waiting.request.state.clone() };
        let present = Present::of(state, &client, found);
        Ok((Turn { state, request, present, client, reply, wanted: waiting.request, asked_at: waiting.created_at, waiting: Some(waiting.id) }, browser))
    }

    fn decide(&self) -> Decision {
        let now = self.state.tools.now();
        let step = gate::judge(self.present.as_ref().map(|present| &present.signed_in), &self.wanted.requirement, now);
        let present =
            self.present
                .as_ref()
                .map(|present| rules::Present { identified_at: present.signed_in.session.identified_at(), subject: &present.subject, agreed: &present.agreed });
        let is_confirmed = self.present.as_ref().is_some_and(|present| present.is_confirmed);
        let (consent, now_micros) = (self.client.metadata.consent, self.state.tools.now_micros());
        decide(&Situation { request: &self.wanted, asked_at: self.asked_at, present, step, is_confirmed, consent, now_micros })
    }

    /// The decision, and who is signed in.
    pub fn judged(&self) -> (Decision, Option<SignedIn>) {
        (self.decide(), self.present.as_ref().map(|present| present.signed_in.clone()))
    }

    pub async fn proceed(self) -> Result<HttpResponse, PageError> {
        match self.judged() {
            (Decision::Issue, Some(signed_in)) => self.issue(signed_in, false).await,
            (Decision::SignIn(requirement), _) => self.send_to_sign_in(requirement).await,
            (Decision::ChooseAccount, _) => self.send_to_page("account").await,
            (Decision::Pause, _) => self.send_to_page("pause").await,
            (Decision::AskConsent, _) => self.send_to_page("consent").await,
            (Decision::Refuse(code), _) => self.refuse(code, None).await,
            (Decision::Issue, None) => Err(PageError::new(ErrorKind::Internal)),
        }
    }

    fn visitor(&self) -> Visitor {
        let metadata = &self.client.metadata;
        Visitor {
            name: metadata.client_name.clone(),
            home: metadata.home(),
            form_target: form_target(self.reply.redirect_uri.as_str()),
            logo: metadata.logo_uri.clone(),
            brand: metadata.brand.clone(),
            client: Some(self.client.id.clone()),
            guest_hash: self.wanted.guest_hash.clone(),
            purchase: self.wanted.purchase.clone(),
        }
    }

    pub async fn send_to_sign_in(self, requirement: Requirement) -> Result<HttpResponse, PageError> {
        let wish = SigninRequest { requirement, login_hint: self.wanted.login_hint.clone(), ui_locales: self.wanted.ui_locales.clone(), visitor: Some(self.visitor()) };
        let (browser, cookie) = self.state.signin.browser(self.request);
        let hash = browser.hash();
        let fresh = self.waiting.is_none();
        let id = self.waiting.clone().unwrap_or_else(|| FlowId::generate(self.state.tools.entropy()));
        let (at_work, wanted, asked_at) = (self.state.clone(), self.wanted.clone(), self.asked_at);
        let flow = self
            .state
            .db
            .write(move |tx| {
                if fresh {
                    store::insert_request(tx, &at_work.tools, &id, &hash, &wanted, asked_at, at_work.tools.now().plus(at_work.policy.request_seconds))?;
                }
                gate::ask(tx, &at_work.signin, &hash, &ReturnTo::flow("/authorize", &id), &wish)
            })
            .await?;
        let path = format!("/signin/{flow}");
        // Whoever is to make an account begins with that, where anybody may.
        let first = if self.wanted.prompt.create && self.state.signin.signup.is_open { format!("{path}/join") } else { path.clone() };
        Ok(self.branded(with_cookie(see_other(&first), cookie), &path))
    }

    /// With the cookies that keep the brand of the client.
    fn branded(&self, mut response: HttpResponse, path: &str) -> HttpResponse {
        let name = self.client.metadata.brand.as_deref().unwrap_or_default();
        if !self.state.http.brands.others.is_empty() {
            for cookie in brand_cookies(name, path, self.state.http.issuer.is_https()) {
                // A cookie of ours is always a valid header.
                let _ = response.add_cookie(&cookie);
            }
        }
        response
    }

    pub async fn send_to_page(self, page: &'static str) -> Result<HttpResponse, PageError> {
        if let Some(id) = &self.waiting {
            return Ok(self.branded(see_other(&format!("/authorize/{id}/{page}")), &format!("/authorize/{id}")));
        }
        let (browser, cookie) = self.state.signin.browser(self.request);
        let (id, hash) = (FlowId::generate(self.state.tools.entropy()), browser.hash());
        let (at_work, wanted, asked_at, target) = (self.state.clone(), self.wanted.clone(), self.asked_at, id.clone());
        let work = move |tx: &mut crate::platform::db::WriteTx<'_>| {
            store::insert_request(tx, &at_work.tools, &id, &hash, &wanted, asked_at, at_work.tools.now().plus(at_work.policy.request_seconds))
        };
        self.state.db.write(work).await?;
        Ok(self.branded(with_cookie(see_other(&format!("/authorize/{target}/{page}")), cookie), &format!("/authorize/{target}")))
    }

    pub async fn issue(self, signed_in: SignedIn, is_consent_given: bool) -> Result<HttpResponse, PageError> {
        let (at_work, wanted, waiting, origin, client) = (self.state.clone(), self.wanted.clone(), self.waiting.clone(), origin_of(self.request), self.client.clone());
        let outcome = self
            .state
            .db
            .write(move |tx| {
                issue_code(tx, &at_work, &Approval { client: &client, request: &wanted, signed_in: &signed_in, waiting: waiting.as_ref(), is_consent_given, origin: &origin })
            })
            .await?;
        match outcome {
            Ok(code) => {
                self.state.http.metrics.count(Event::code_issued);
                Ok(send(self.state, self.request, &self.client.metadata.client_name, &self.reply, &Answer::Code(&code)))
            }
            Err(NotIssued::Answered) => Err(PageError::new(ErrorKind::Answered).with_way_back(way_back(&self.client))),
            Err(NotIssued::Stale) => Err(PageError::new(ErrorKind::Forbidden).with_way_back(way_back(&self.client))),
        }
    }

    pub async fn refuse(self, code: &'static str, denied_by: Option<SignedIn>) -> Result<HttpResponse, PageError> {
        if let Some(id) = self.waiting.clone() {
            let (at_work, wanted, origin) = (self.state.clone(), self.wanted.clone(), origin_of(self.request));
            self.state.db.write(move |tx| end_request(tx, &at_work, &id, denied_by.as_ref().map(|signed_in| (&wanted, signed_in)), &origin)).await?;
        }
        let error = match code {
            "access_denied" => OAuthError::other(code, "the customer did not allow it"),
            "login_required" => OAuthError::other(code, "the customer has to sign in"),
            "consent_required" => OAuthError::other(code, "the customer has to agree"),
            "unmet_authentication_requirements" => OAuthError::other(code, "the customer cannot authenticate as strongly as was asked"),
            other => OAuthError::other(other, "the customer has to act"),
        };
        Ok(send(self.state, self.request, &self.client.metadata.client_name, &self.reply, &Answer::Error(error)))
    }

    pub fn page_policy(&self) -> PagePolicy {
        PagePolicy {
            form_targets: form_target(self.reply.redirect_uri.as_str()).into_iter().collect(),
            image_sources: self.client.metadata.logo_uri.as_deref().and_then(form_target).into_iter().collect(),
            has_script: false,
        }
    }

    pub fn path(&self, page: &str) -> String {
        self.waiting.as_ref().map(|id| format!("/authorize/{id}/{page}")).unwrap_or_default()
    }

    pub async fn display_name(&self, signed_in: &SignedIn) -> Result<String, PageError> {
        let (ring, id) = (self.state.tools.ring.clone(), signed_in.customer().clone());
        let customer = self.state.db.read(move |connection| customers::store::find_customer(connection, &ring, &id)).await?;
        Ok(customer.map(|customer| customer.display_name().to_owned()).unwrap_or_default())
    }

    /// Ties a page to the session that it was shown to: somebody else may have signed in since, in another tab.
    pub fn mark(&self, signed_in: &SignedIn) -> String {
        let mac = self.state.tools.ring.pepper.mac(&[b"page", signed_in.session_id().as_str().as_bytes()]);
        base64url(mac.get(..12).unwrap_or_default())
    }

    /// Whether a form comes from a page that was shown to this session.
    pub fn is_for(&self, form: &Params, signed_in: &SignedIn) -> bool {
        form.get("session") == Some(self.mark(signed_in).as_str())
    }

    /// Checks a form of one of our pages.
    pub async fn read_own_form(&self, browser: &Secret, page: &str, payload: Payload) -> Result<Params, PageError> {
        let form = read_body(self.request, payload).await?;
        let is_genuine = !form.has_repeated()
            && csrf::is_same_origin(self.request, self.state.http.issuer.as_str())
            && csrf::is_valid(&self.state.tools.ring, browser, &self.path(page), form.get(csrf::FIELD));
        if is_genuine { Ok(form) } else { Err(PageError::new(ErrorKind::Forbidden).with_way_back(way_back(&self.client))) }
    }
}

fn with_cookie(mut response: HttpResponse, cookie: Option<actix_web::cookie::Cookie<'static>>) -> HttpResponse {
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    response
}

/// `GET /authorize/{flow}`: goes on after sign-in.
pub async fn resume(state: Data<OAuthState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let (turn, _) = Turn::load(&state, &request, &path).await?;
        turn.proceed().await
    };
    finish(&state, &request, work).await
}
