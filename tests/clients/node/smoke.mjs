// Signs in through Claviger with openid-client, the way a shop on Node.js would, and checks what the library relies on:
// discovery, the code flow with PKCE, the ID token, UserInfo, introspection, refresh, revocation, code replay, sign-out.
//
//     node smoke.mjs <issuer> <client_id> <client_secret> <redirect_uri> <email> <password>
//
// The client authenticates by client_secret_basic, may use offline_access, and has the path / beside its redirect URI
// registered to return to after sign-out. Nothing has to listen there: the browser below stops at the provider's edge.

import * as oidc from 'openid-client';

const [issuer, clientId, clientSecret, redirectUri, email, password] = process.argv.slice(2);
if (!password) {
  console.error('usage: node smoke.mjs <issuer> <client_id> <client_secret> <redirect_uri> <email> <password>');
  process.exit(2);
}
const home = new URL('/', redirectUri).href;
const scope = 'openid email profile offline_access';

let passed = 0;

// Runs one check; the first that fails ends the run, since those that follow build on it.
async function check(what, work) {
  try {
    const result = await work();
    passed += 1;
    console.log(`ok ${what}`);
    return result;
  } catch (error) {
    const causes = [error.code, error.error, error.error_description, error.cause?.message].filter(Boolean);
    console.log(`FAILED ${what}: ${error.message}${causes.length ? ` (${causes.join(', ')})` : ''}`);
    console.log(`${passed} passed, 1 failed`);
    process.exit(1);
  }
}

function demand(holds, complaint) {
  if (!holds) throw new Error(complaint);
}

// The library must reject `work` with this OAuth error or error code of its own.
async function refused(work, expected) {
  const error = await work.then(() => null, (error) => error);
  demand(error, `accepted, not refused with ${expected}`);
  if (error.error !== expected && error.code !== expected) throw error;
}

const unescaped = (text) =>
  text.replace(/&(?:#(\d+)|(amp|lt|gt|quot));/g, (_, code, name) => (code ? String.fromCodePoint(code) : { amp: '&', lt: '<', gt: '>', quot: '"' }[name]));

const attribute = (tag, name) => unescaped(tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1] ?? '');

// What a browser does of all this: keeps the provider's cookies, follows its redirects, fills in its forms.
class Browser {
  cookies = new Map();

  async send(url, fields) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie && { cookie }), ...(fields && { origin: url.origin }) };
    const response = await fetch(url, { method: fields ? 'POST' : 'GET', body: fields, headers, redirect: 'manual', signal: AbortSignal.timeout(30_000) });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=;]+)=([^;]*)/);
      if (value && !/;\s*max-age=0\b/i.test(line)) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    return response;
  }

  // Goes to `start` and on until it leaves the provider. Gives where to, and which forms were filled in on the way.
  async walk(start) {
    const filled = [];
    let [url, fields] = [new URL(start), undefined];
    for (let step = 0; step < 12; step += 1) {
      const response = await this.send(url, fields);
      const location = response.headers.get('location');
      if (location) {
        demand(response.status === 303, `${url.pathname} redirects with ${response.status}, not 303`);
        [url, fields] = [new URL(location, url), undefined];
        if (url.origin !== new URL(issuer).origin) return { url, filled };
        continue;
      }
      const page = await response.text();
      const forms = page.match(/<form\b.*?<\/form>/gs) ?? [];
      const id = ['signin', 'allow'].find((id) => forms.some((form) => form.includes(` id="${id}"`)));
      demand(response.status === 200 && id && !filled.includes(id), `stopped at ${url.pathname} with ${response.status}: ${page.match(/<h1>(.*?)<\/h1>/s)?.[1]}`);
      const form = forms.find((form) => form.includes(` id="${id}"`));
      fields = new URLSearchParams(id === 'signin' ? { email, password } : {});
      for (const [input] of form.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) fields.set(attribute(input, 'name'), attribute(input, 'value'));
      demand(fields.get('csrf'), `the form ${id} has no csrf field`);
      url = new URL(attribute(form, 'action'), url);
      filled.push(id);
    }
    throw new Error('redirects without end');
  }
}

const config = await check('discovery', async () => {
  const execute = [oidc.enableNonRepudiationChecks];
  if (new URL(issuer).protocol === 'http:') execute.push(oidc.allowInsecureRequests);
  const config = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.ClientSecretBasic(clientSecret), { execute });
  const server = config.serverMetadata();
  demand(server.supportsPKCE(), 'PKCE with S256 is not announced');
  demand(server.authorization_response_iss_parameter_supported === true, 'the iss response parameter is not announced');
  return config;
});

// A new authorization request, and what is to be checked of its answer.
async function request(more = {}) {
  const checks = { pkceCodeVerifier: oidc.randomPKCECodeVerifier(), expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce(), idTokenExpected: true };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...more,
  });
  return { url, checks };
}

const altered = (url, name, value) => {
  const copy = new URL(url);
  copy.searchParams.set(name, value);
  return copy;
};

const browser = new Browser();

const { url: start, checks } = await check('authorization URL with PKCE S256, state and nonce', () => request());

const { url: callback } = await check('sign-in page, consent page when there is one, back at the redirect URI with a code', async () => {
  const landing = await browser.walk(start);
  demand(landing.filled[0] === 'signin', 'no sign-in page was shown');
  demand(landing.url.href.startsWith(`${redirectUri}?`), `left for ${landing.url.origin}${landing.url.pathname}`);
  demand(landing.url.searchParams.get('code'), `no code but ${landing.url.searchParams.get('error')}`);
  return landing;
});

await check('the answer names its issuer, and the library refuses another issuer or state (RFC 9207)', async () => {
  demand(callback.searchParams.get('iss') === config.serverMetadata().issuer, 'iss is not the issuer');
  await refused(oidc.authorizationCodeGrant(config, altered(callback, 'iss', 'https://other.example'), checks), 'OAUTH_INVALID_RESPONSE');
  await refused(oidc.authorizationCodeGrant(config, altered(callback, 'state', 'other'), checks), 'OAUTH_INVALID_RESPONSE');
});

const tokens = await check('code exchange; ID token valid by signature, iss, aud, exp and nonce', async () => {
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
  demand(tokens.refresh_token, 'no refresh token');
  demand(tokens.claims().sub, 'no sub');
  return tokens;
});
const subject = tokens.claims().sub;

await check('UserInfo has the same subject and the right email', async () => {
  const info = await oidc.fetchUserInfo(config, tokens.access_token, subject);
  demand(info.email === email, 'another email');
});

await check('introspection knows the access token', async () => {
  const facts = await oidc.tokenIntrospection(config, tokens.access_token);
  demand(facts.active === true && facts.client_id === clientId && facts.sub === subject, JSON.stringify(facts));
});

const renewed = await check('refresh gives a new refresh token for the same subject', async () => {
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  demand(renewed.refresh_token && renewed.refresh_token !== tokens.refresh_token, 'no new refresh token');
  demand(renewed.claims()?.sub === subject, 'no ID token for the same subject');
  await oidc.fetchUserInfo(config, renewed.access_token, subject);
  return renewed;
});

await check('a revoked refresh token is refused with invalid_grant', async () => {
  await oidc.tokenRevocation(config, renewed.refresh_token, { token_type_hint: 'refresh_token' });
  await refused(oidc.refreshTokenGrant(config, renewed.refresh_token), 'invalid_grant');
  demand((await oidc.tokenIntrospection(config, renewed.refresh_token)).active === false, 'still active at introspection');
});

const second = await check('prompt=none gives a code while the session lasts', async () => {
  const { url, checks } = await request({ prompt: 'none' });
  const landing = await browser.walk(url);
  const tokens = await oidc.authorizationCodeGrant(config, landing.url, checks);
  demand(landing.filled.length === 0 && tokens.claims().sub === subject, 'a page was shown or the subject differs');
  return { callback: landing.url, checks, tokens };
});

await check('a replayed code is refused with invalid_grant and takes its tokens with it', async () => {
  await refused(oidc.authorizationCodeGrant(config, second.callback, second.checks), 'invalid_grant');
  await refused(oidc.refreshTokenGrant(config, second.tokens.refresh_token), 'invalid_grant');
  demand((await oidc.tokenIntrospection(config, second.tokens.access_token)).active === false, 'the access token is still active');
});

await check('sign-out with id_token_hint returns to the client with state', async () => {
  const state = oidc.randomState();
  const url = oidc.buildEndSessionUrl(config, { id_token_hint: second.tokens.id_token, post_logout_redirect_uri: home, state });
  const landing = await browser.walk(url);
  demand(landing.url.href === altered(home, 'state', state).href, `left for ${landing.url.href}`);
});

await check('prompt=none then gives login_required', async () => {
  const { url, checks } = await request({ prompt: 'none' });
  const landing = await browser.walk(url);
  await refused(oidc.authorizationCodeGrant(config, landing.url, checks), 'login_required');
});

console.log(`${passed} passed, 0 failed`);
