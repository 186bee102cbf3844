//! A browser without a screen: keeps cookies, follows our redirects, fills in our forms.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    pub url: String,
}

impl Reply {
    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }

    /// The value of a hidden field of the form that holds `marker`.
    pub fn hidden(&self, marker: &str, name: &str) -> String {
        let form = self.form(marker);
        let field = format!("name=\"{name}\" value=\"");
        let rest = form.split(&field).nth(1).unwrap_or_else(|| panic!("no field {name} in {form}"));
        unescape(rest.split('"').next().unwrap())
    }

    /// Every hidden field of the form that holds `marker`.
    pub fn hidden_fields(&self, marker: &str) -> Vec<(String, String)> {
        let inputs = self.form(marker).split("<input type=\"hidden\" name=\"").skip(1);
        inputs.filter_map(|input| input.split_once("\" value=\"")).map(|(name, rest)| (name.to_owned(), unescape(rest.split('"').next().unwrap()))).collect()
    }

    pub fn action(&self, marker: &str) -> String {
        let form = self.form(marker);
        unescape(form.split("action=\"").nth(1).unwrap().split('"').next().unwrap())
    }

    fn form(&self, marker: &str) -> &str {
        let found = self.body.split("<form").skip(1).find(|form| form.split("</form>").next().unwrap_or_default().contains(marker));
        found.unwrap_or_else(|| panic!("no form with {marker}: {} {}", self.status, self.body)).split("</form>").next().unwrap()
    }

    /// The puzzle of the page, and the numbers that it asks for; both empty where there is none.
    pub fn solved(&self) -> (String, String) {
        let Some(puzzle) = self.body.split("data-puzzle=\"").nth(1).and_then(|rest| rest.split('"').next()) else { return (String::new(), String::new()) };
        (puzzle.to_owned(), claviger::risk::bots::puzzle::solve(puzzle).unwrap())
    }

    pub fn title(&self) -> &str {
        self.body.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next()).unwrap_or_default()
    }
}

fn unescape(text: &str) -> String {
    text.replace("&#38;", "&").replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">").replace("&amp;", "&")
}

/// Where a walk through redirects ended.
#[derive(Debug, Clone)]
pub enum Landing {
    /// A page of ours.
    Page(Reply),
    /// An address that is not ours, with its parameters from query or fragment.
    Away(String, BTreeMap<String, String>),
}

impl Landing {
    pub fn page(self) -> Reply {
        match self {
            Self::Page(reply) => reply,
            Self::Away(url, _) => panic!("left for {url}"),
        }
    }

    pub fn away(self) -> BTreeMap<String, String> {
        match self {
            Self::Away(_, parameters) => parameters,
            Self::Page(reply) => panic!("stayed on {}: {} {}", reply.url, reply.status, reply.body),
        }
    }

    pub fn error(self) -> String {
        self.away().get("error").cloned().unwrap_or_else(|| "no error".to_owned())
    }
}

#[derive(Clone)]
pub struct Browser {
    pub client: reqwest::Client,
    issuer: String,
    pub cookies: Arc<Mutex<BTreeMap<String, String>>>,
    pub headers: Vec<(String, String)>,
    /// The node that is really asked, when it listens elsewhere than the issuer says.
    pub base: Option<String>,
}

pub fn http() -> reqwest::Client {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::builder().redirect(Policy::none()).pool_max_idle_per_host(64).resolve("localhost", ([127, 0, 0, 1], 0).into()).build().unwrap()
}

impl Browser {
    pub fn new(issuer: &str) -> Self {
        Self { client: http(), issuer: issuer.to_owned(), cookies: Arc::default(), headers: Vec::new(), base: None }
    }

    /// The same browser, asking another node of the same issuer.
    pub fn at(&self, base: &str) -> Self {
        Self { base: Some(base.to_owned()), ..self.clone() }
    }

    fn node(&self, url: &str) -> String {
        match &self.base {
            Some(base) => url.replacen(&self.issuer, base, 1),
            None => url.to_owned(),
        }
    }

    fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') { format!("{}{url}", self.issuer) } else { url.to_owned() }
    }

    /// Sends a request with this browser's cookies; `None` when nobody answers.
    async fn finish(&self, request: reqwest::RequestBuilder, url: String) -> Option<Reply> {
        let jar = self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = match &self.base {
            Some(_) => request.header("host", self.issuer.split_once("://").map_or("", |(_, host)| host)),
            None => request,
        };
        let mut request = if jar.is_empty() { request } else { request.header("cookie", jar) };
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = request.send().await.ok()?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.text().await.ok()?;
        for cookie in headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            let mut jar = self.cookies.lock().unwrap();
            if value.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        Some(Reply { status, headers, body, url })
    }

    pub async fn try_get(&self, url: &str) -> Option<Reply> {
        let url = self.absolute(url);
        self.finish(self.client.get(self.node(&url)), url).await
    }

    pub async fn try_submit(&self, url: &str, fields: &[(&str, &str)]) -> Option<Reply> {
        let url = self.absolute(url);
        self.finish(self.client.post(self.node(&url)).header("origin", &self.issuer).form(fields), url).await
    }

    /// Follows redirects to a page of ours; `None` when nobody answers.
    pub async fn try_walk(&self, url: &str) -> Option<Reply> {
        let mut reply = self.try_get(url).await?;
        while let Some(location) = reply.location().map(str::to_owned) {
            reply = self.try_get(&location).await?;
        }
        Some(reply)
    }

    pub async fn get(&self, url: &str) -> Reply {
        self.try_get(url).await.expect("the server answers")
    }

    pub async fn post(&self, url: &str, fields: &[(&str, &str)]) -> Reply {
        let url = self.absolute(url);
        self.finish(self.client.post(self.node(&url)).form(fields), url).await.expect("the server answers")
    }

    /// Posts as a page of ours would.
    pub async fn submit(&self, url: &str, fields: &[(&str, &str)]) -> Reply {
        self.try_submit(url, fields).await.expect("the server answers")
    }

    /// Follows redirects as long as they stay with us.
    pub async fn follow(&self, mut reply: Reply) -> Landing {
        for _ in 0..10 {
            let Some(location) = reply.location().map(str::to_owned) else { return Landing::Page(reply) };
            assert!(matches!(reply.status, 302 | 303), "redirect with {}", reply.status);
            let url = self.absolute(&location);
            if !url.starts_with(&format!("{}/", self.issuer)) {
                let parsed = url::Url::parse(&url).unwrap();
                let encoded = parsed.query().or(parsed.fragment()).unwrap_or_default().to_owned();
                return Landing::Away(url, url::form_urlencoded::parse(encoded.as_bytes()).into_owned().collect());
            }
            reply = self.get(&url).await;
        }
        panic!("redirects without end");
    }

    pub async fn walk(&self, url: &str) -> Landing {
        let reply = self.get(url).await;
        self.follow(reply).await
    }

    /// Fills in the sign-in page.
    pub async fn type_password(&self, page: &Reply, email: &str, password: &str) -> Reply {
        let reply = self.type_password_once(page, email, password).await;
        // A browser that is asked for a puzzle finds the numbers, and its owner types the password again.
        if reply.status == 428 { self.type_password_once(&reply, email, password).await } else { reply }
    }

    async fn type_password_once(&self, page: &Reply, email: &str, password: &str) -> Reply {
        let csrf = page.hidden("id=\"signin\"", "csrf");
        let (puzzle, answer) = page.solved();
        self.submit(&page.action("id=\"signin\""), &[("csrf", &csrf), ("email", email), ("password", password), ("puzzle", &puzzle), ("puzzle_answer", &answer)]).await
    }

    /// Presses a button: sends the hidden fields of its form, and `more`.
    pub async fn press(&self, page: &Reply, button: &str, more: &[(&str, &str)]) -> Reply {
        let marker = format!("id=\"{button}\"");
        let hidden = page.hidden_fields(&marker);
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (_, answer) = page.solved();
        fields.iter_mut().filter(|(name, _)| *name == "puzzle_answer").for_each(|(_, value)| *value = &answer);
        // What is in there for browsers without scripts is nothing for this one.
        fields.retain(|(name, _)| *name != "puzzle_wait");
        for (name, value) in more {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        self.submit(&page.action(&marker), &fields).await
    }

    /// Who this browser believes to talk to.
    pub fn issuer(&self) -> String {
        self.issuer.clone()
    }

    /// At the page that insists on recovery codes: gets them, says that they are kept, and goes on.
    pub async fn keep_codes(&self, page: &Reply) -> (Vec<String>, Reply) {
        let sheet = self.press(page, "recovery-codes", &[]).await;
        assert_eq!((sheet.status, sheet.header("cache-control")), (200, "no-store"), "{}", sheet.body);
        let codes = sheet.body.split("<li><code>").skip(1).map(|part| part.split('<').next().unwrap().to_owned()).collect();
        let reply = self.press(&Reply { url: page.url.clone(), ..sheet }, "codes-saved", &[("saved", "yes")]).await;
        (codes, self.follow(reply).await.page())
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }
}
