//! What a page asks of whoever sends its form, and what came with it.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use actix_web::HttpRequest;

use super::{Held, TROUBLE_SECONDS};
use crate::base::random;
use crate::base::secret::Secret;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::judgement;
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{CaptchaView, PuzzleView};
use crate::platform::http::params::Params;
use crate::risk::bots::budget::{Form, Pressure};
use crate::risk::bots::puzzle::{Bound, PARTS, Passed, Unsolved, judge, make};
use crate::risk::bots::store::use_up;
use crate::risk::login::features::Seen;

fn demand(state: &SigninState, form: Form, seen: &Seen, is_sent: bool) -> Option<u8> {
    let now = state.tools.now();
    let pressure = {
        let pressure = state.risk.pressure();
        Pressure {
            is_attacked: pressure.is_attacked(now),
            is_stuffing_address: pressure.is_stuffing_source(seen.source, now),
            is_stuffing_network: pressure.is_stuffing_network(seen.network),
        }
    };
    let mut budgets = state.bots.budgets.lock().unwrap_or_else(PoisonError::into_inner);
    if is_sent {
        budgets.count(form, seen.source, now);
    }
    budgets.demand(&state.bots.policy, form, seen.source, pressure, now)
}

/// What a page asks of whoever sends its form; none where nothing is unusual. A browser that some customer used before is asked only once it is known not to be theirs: with `held`.
pub fn puzzle_of(state: &SigninState, request: &HttpRequest, form: Form, browser: &Secret, held: Option<&Held>) -> Option<PuzzleView> {
    if held.is_none() && form == Form::Signin && state.device(request).is_some() {
        return None;
    }
    let seen = judgement::observe(&state.risk, &origin_of(request));
    let demanded = demand(state, form, &seen, false);
    let bits = match held {
        Some(_) => demanded.unwrap_or_default(),
        None => demanded?,
    };
    let hash = browser.hash();
    let text = held.and_then(|held| held.kept.clone()).unwrap_or_else(|| {
        make(&state.tools.ring.risk, Bound { purpose: form.word(), browser: hash.as_bytes() }, bits, random::bytes::<16>(state.tools.entropy()), state.tools.now())
    });
    let captcha = state.bots.captcha(state).map(|captcha| CaptchaView {
        site_key: captcha.site_key.clone(),
        class: captcha.class.clone(),
        script: captcha.script.clone(),
        sources: captcha.sources.clone(),
    });
    Some(PuzzleView { text, parts: PARTS, wait_seconds: state.bots.policy.wait_seconds, captcha })
}

/// Judges what came with a form. `is_known` says that this browser is the customer's: nobody can keep an owner out by sending many forms.
///
/// # Errors
/// [`StoreError`].
pub async fn check(state: &SigninState, request: &HttpRequest, (form, params): (Form, &Params), browser: &Secret, is_known: bool) -> Result<Result<(), Held>, StoreError> {
    if is_known {
        return Ok(Ok(()));
    }
    let origin = origin_of(request);
    let seen = judgement::observe(&state.risk, &origin);
    let Some(least) = demand(state, form, &seen, true) else { return Ok(Ok(())) };
    if let Some(captcha) = state.bots.captcha(state) {
        match captcha.verify(params, origin.address).await {
            Ok(true) => return Ok(Ok(())),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, "the captcha's provider did not answer; puzzles are asked for instead, for a minute");
                state.bots.trouble_until.store(state.tools.now().plus(TROUBLE_SECONDS).0, Ordering::Relaxed);
            }
        }
    }
    let hash = browser.hash();
    let (text, now) = (params.get("puzzle"), state.tools.now());
    // With a captcha, work is not taken in its place; waiting is, for whoever runs no scripts.
    let answer = params.get("puzzle_answer").filter(|_| state.bots.captcha(state).is_none());
    let wait = params.get("puzzle_wait").map(|_| state.bots.policy.wait_seconds);
    let judged = judge(&state.tools.ring.risk, Bound { purpose: form.word(), browser: hash.as_bytes() }, (text, answer), (wait, least), now);
    let used = match judged {
        Err(unsolved) => {
            let kept = text.filter(|_| matches!(unsolved, Unsolved::Early(_))).map(str::to_owned);
            state.http.metrics.count_puzzle(form.word(), "held");
            return Ok(Err(Held { unsolved, kept }));
        }
        Ok(Passed::Solved(hash)) => hash,
        Ok(Passed::Waited(hash)) => {
            let may_wait = state.bots.budgets.lock().unwrap_or_else(PoisonError::into_inner).may_wait(seen.source, now);
            if !may_wait {
                state.http.metrics.count_puzzle(form.word(), "held");
                return Ok(Err(Held { unsolved: Unsolved::Early(state.bots.policy.wait_seconds), kept: None }));
            }
            hash
        }
    };
    let is_fresh = match state.db.write(move |tx: &mut WriteTx<'_>| use_up(tx, &used, now)).await {
        Err(StoreError::Conflict) => false,
        settled => settled?,
    };
    state.http.metrics.count_puzzle(form.word(), if is_fresh { "passed" } else { "held" });
    Ok(if is_fresh { Ok(()) } else { Err(Held { unsolved: Unsolved::Stale, kept: None }) })
}
