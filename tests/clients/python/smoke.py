"""Signs in through Claviger with Authlib, the way a shop in Python would, and checks what the library relies on:
discovery, the code flow with PKCE, the ID token, UserInfo, introspection, refresh, revocation, code replay, sign-out.

    python smoke.py <issuer> <client_id> <client_secret> <redirect_uri> <email> <password>

The client authenticates by client_secret_basic, may use offline_access, and has the path / beside its redirect URI
registered to return to after sign-out. Nothing has to listen there: the browser below stops at the provider's edge.
"""

import sys
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OAuthError, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2 import rfc9207
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from joserfc.errors import JoseError

if len(sys.argv) != 7:
    sys.exit("usage: python smoke.py <issuer> <client_id> <client_secret> <redirect_uri> <email> <password>")
ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, EMAIL, PASSWORD = sys.argv[1:]
HOME = urljoin(REDIRECT_URI, "/")
SCOPE = "openid email profile offline_access"
TIMEOUT = 30

passed = 0


def check(what):
    """Runs one check and puts its result in the place of its function; the first that fails ends the run, since those that follow build on it."""

    def run(work):
        global passed
        try:
            result = work()
        except Exception as error:
            print(f"FAILED {what}: {type(error).__name__}: {error}")
            print(f"{passed} passed, 1 failed")
            sys.exit(1)
        passed += 1
        print(f"ok {what}", flush=True)
        return result

    return run


def demand(holds, complaint):
    if not holds:
        raise AssertionError(complaint)


def refused(error_code, work, *arguments, **named):
    """The library must report this OAuth error."""
    try:
        work(*arguments, **named)
    except OAuthError as error:
        demand(error.error == error_code, f"refused with {error.error}, not {error_code}")
    else:
        raise AssertionError(f"accepted, not refused with {error_code}")


def origin(url):
    return urlsplit(url)._replace(path="", query="", fragment="").geturl()


def query(url):
    return dict(parse_qsl(urlsplit(url).query))


class Forms(HTMLParser):
    """The forms of a page: where each posts to, its hidden fields, the ids in it."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.form = [], None
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if tag == "form":
            self.form = {"action": attributes.get("action", ""), "hidden": {}, "ids": set()}
            self.forms.append(self.form)
        if self.form is None:
            return
        self.form["ids"].add(attributes.get("id"))
        if tag == "input" and attributes.get("type") == "hidden":
            self.form["hidden"][attributes["name"]] = attributes["value"]

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


class Browser:
    """What a browser does of all this: keeps the provider's cookies, follows its redirects, fills in its forms."""

    def __init__(self):
        self.session = requests.Session()

    def walk(self, url):
        """Goes to `url` and on until it leaves the provider. Gives where to, and which forms were filled in on the way."""
        filled, fields = [], None
        for _ in range(12):
            method, headers = ("GET", {}) if fields is None else ("POST", {"Origin": origin(url)})
            response = self.session.request(method, url, data=fields, headers=headers, allow_redirects=False, timeout=TIMEOUT)
            location = response.headers.get("location")
            if location:
                demand(response.status_code == 303, f"{urlsplit(url).path} redirects with {response.status_code}, not 303")
                url, fields = urljoin(url, location), None
                if origin(url) != origin(ISSUER):
                    return url, filled
                continue
            forms = Forms(response.text).forms
            name, form = next(((name, form) for name in ("signin", "allow") for form in forms if name in form["ids"]), (None, None))
            demand(response.status_code == 200 and form and name not in filled, f"stopped at {urlsplit(url).path} with {response.status_code}")
            demand(form["hidden"].get("csrf"), f"the form {name} has no csrf field")
            fields = dict(form["hidden"], **({"email": EMAIL, "password": PASSWORD} if name == "signin" else {}))
            url = urljoin(url, form["action"])
            filled.append(name)
        raise AssertionError("redirects without end")


class Shop(OAuth2Mixin, OpenIDMixin, BaseApp):
    """A client put together as Authlib's own framework integrations are."""

    client_cls = OAuth2Session


shop = Shop(
    None,
    client_id=CLIENT_ID,
    client_secret=CLIENT_SECRET,
    server_metadata_url=get_well_known_url(ISSUER, external=True),
    client_kwargs={
        "scope": SCOPE,
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": "client_secret_basic",
        "revocation_endpoint_auth_method": "client_secret_basic",
        "default_timeout": TIMEOUT,
    },
)
browser = Browser()


def redeem(url, sent):
    """Exchanges the code of the callback `url`, which answers the request that was `sent`."""
    return shop.fetch_access_token(REDIRECT_URI, authorization_response=url, state=sent["state"], code_verifier=sent["code_verifier"])


def id_token(tokens, nonce):
    """The claims of the ID token, verified by the library: signature, iss, aud, exp, nonce, at_hash."""
    options = {"iss": {"essential": True, "value": ISSUER}, "aud": {"essential": True, "value": CLIENT_ID}, "at_hash": {"essential": True}}
    return shop.parse_id_token(tokens, nonce, claims_options=options)


@check("discovery")
def server():
    metadata = shop.load_server_metadata()
    OpenIDProviderMetadata(metadata).validate(metadata_classes=[rfc9207.AuthorizationServerMetadata])
    demand(metadata["issuer"] == ISSUER, "another issuer")
    demand("S256" in metadata["code_challenge_methods_supported"], "PKCE with S256 is not announced")
    demand(metadata["authorization_response_iss_parameter_supported"] is True, "the iss response parameter is not announced")
    return metadata


# For what the integrations leave to their session: refresh, introspection, revocation.
session = OAuth2Session(CLIENT_ID, CLIENT_SECRET, token_endpoint=server["token_endpoint"], default_timeout=TIMEOUT)


def introspect(token):
    response = session.introspect_token(server["introspection_endpoint"], token)
    response.raise_for_status()
    return response.json()


def refresh(token):
    return session.refresh_token(server["token_endpoint"], token)


@check("authorization URL with PKCE S256, state and nonce")
def sent():
    made = shop.create_authorization_url(REDIRECT_URI)
    asked = query(made["url"])
    demand(asked["code_challenge_method"] == "S256" and asked["state"] == made["state"] and asked["nonce"] == made["nonce"], "something is missing")
    return made


@check("sign-in page, consent page when there is one, back at the redirect URI with a code")
def callback():
    url, filled = browser.walk(sent["url"])
    demand(filled[:1] == ["signin"], "no sign-in page was shown")
    demand(url.startswith(f"{REDIRECT_URI}?"), f"left for {origin(url)}{urlsplit(url).path}")
    demand("code" in query(url), f"no code but {query(url).get('error')}")
    return url


@check("the answer names its issuer (RFC 9207)")
def _():
    demand(query(callback).get("iss") == server["issuer"], "iss is not the issuer")


@check("code exchange by client_secret_basic")
def tokens():
    tokens = redeem(callback, sent)
    demand(tokens.get("refresh_token"), "no refresh token")
    return tokens


@check("ID token valid by signature, iss, aud, exp, nonce and at_hash")
def subject():
    claims = id_token(tokens, sent["nonce"])
    for other_tokens, other_nonce in [(tokens, "other"), (dict(tokens, access_token="other"), sent["nonce"])]:
        try:
            id_token(other_tokens, other_nonce)
        except JoseError:
            continue
        raise AssertionError("it is bound neither to the nonce nor to the access token")
    return claims["sub"]


@check("UserInfo has the same subject and the right email")
def _():
    info = shop.userinfo(token=tokens)
    demand(info["sub"] == subject and info["email"] == EMAIL, "another subject or email")


@check("introspection knows the access token")
def _():
    facts = introspect(tokens["access_token"])
    demand(facts["active"] is True and facts["client_id"] == CLIENT_ID and facts["sub"] == subject, facts)


@check("refresh gives a new refresh token for the same subject")
def renewed():
    renewed = refresh(tokens["refresh_token"])
    demand(renewed["refresh_token"] != tokens["refresh_token"], "no new refresh token")
    demand(id_token(renewed, None)["sub"] == subject and shop.userinfo(token=renewed)["sub"] == subject, "another subject")
    return renewed


@check("a revoked refresh token is refused with invalid_grant")
def _():
    response = session.revoke_token(server["revocation_endpoint"], renewed["refresh_token"], "refresh_token")
    demand(response.status_code == 200, f"revocation answered {response.status_code}")
    refused("invalid_grant", refresh, renewed["refresh_token"])
    demand(introspect(renewed["refresh_token"])["active"] is False, "still active at introspection")


@check("prompt=none gives a code while the session lasts")
def second():
    sent = shop.create_authorization_url(REDIRECT_URI, prompt="none")
    url, filled = browser.walk(sent["url"])
    tokens = redeem(url, sent)
    demand(not filled and id_token(tokens, sent["nonce"])["sub"] == subject, "a page was shown or the subject differs")
    return url, sent, tokens


@check("a replayed code is refused with invalid_grant and takes its tokens with it")
def _():
    url, sent, tokens = second
    refused("invalid_grant", redeem, url, sent)
    refused("invalid_grant", refresh, tokens["refresh_token"])
    demand(introspect(tokens["access_token"])["active"] is False, "the access token is still active")


@check("sign-out with id_token_hint returns to the client with state")
def _():
    made = shop.create_logout_url(HOME, second[2]["id_token"])
    url, _ = browser.walk(made["url"])
    demand(url == add_params_to_uri(HOME, {"state": made["state"]}), f"left for {url}")


@check("prompt=none then gives login_required")
def _():
    sent = shop.create_authorization_url(REDIRECT_URI, prompt="none")
    answer = query(browser.walk(sent["url"])[0])
    demand(answer.get("error") == "login_required", f"not login_required but {answer.get('error')}")
    demand(answer["state"] == sent["state"] and answer["iss"] == server["issuer"], "state or iss is missing")


print(f"{passed} passed, 0 failed")
