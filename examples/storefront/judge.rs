//! What the shop asks before it takes an order: whether the address is that of the card, and how unusual the order is.
//!
//! What to copy from here: one order number for one order, so that asking twice is asking once; the card stays with the
//! payment provider, of whom the shop has a token; a score refuses nobody by itself: somebody looks.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, Storefront};

/// What was filled in at the checkout.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Delivery {
    /// The payment provider's token of the card.
    #[serde(default)]
    pub card: String,
    /// The street, with the number.
    #[serde(default)]
    pub street: String,
    /// The postcode.
    #[serde(default)]
    pub postcode: String,
    /// The country, two capitals.
    #[serde(default)]
    pub country: String,
}

/// Cards to play with: the token, and what is special about it.
pub const CARDS: [(&str, &str); 5] = [
    ("pm_match", "Visa ·· 4242, of 12 St James's Square, SW1Y 4LB"),
    ("pm_other_street", "Visa ·· 0036, of another street, same postcode"),
    ("pm_elsewhere", "Visa ·· 0010, of another town"),
    ("pm_nothing", "Visa ·· 0028, whose bank has no address on file"),
    ("pm_away", "Visa ·· 0044, whose bank does not answer"),
];

/// What is to be done with an order.
#[derive(Debug, Clone, Deserialize)]
pub struct Judged {
    /// `allow`, `step_up`, `review` or `deny`.
    pub action: String,
    /// 0 to 1000.
    pub score: u32,
    /// What the customer is to be shown and to confirm.
    #[serde(default)]
    pub authorization_details: Option<Value>,
    /// The level that is needed.
    #[serde(default)]
    pub acr_values: Option<String>,
}

/// What the bank of the card says of an address.
#[derive(Debug, Clone, Deserialize)]
pub struct Verified {
    /// `full`, `street`, `postcode`, `none`, `unavailable` or `retry`.
    pub outcome: String,
    /// `accept`, `review`, `refuse` or `retry`.
    pub decision: String,
}

impl Storefront {
    /// The shop's own token.
    async fn own_token(&self) -> Result<String, Failure> {
        let settings = &self.settings;
        let asked = self.http.post(format!("{}/token", settings.issuer)).basic_auth(&settings.client_id, Some(&settings.client_secret));
        let answer = asked.form(&[("grant_type", "client_credentials"), ("scope", "risk.orders avs.check")]).send().await?;
        let told: Value = serde_json::from_slice(&answer.bytes().await?)?;
        Ok(told.get("access_token").and_then(Value::as_str).ok_or("no token for the shop itself")?.to_owned())
    }

    async fn ask(&self, token: &str, path: &str, body: &Value) -> Result<Value, Failure> {
        let url = format!("{}{path}", self.settings.issuer);
        let answer = self.http.post(url).bearer_auth(token).header("content-type", "application/json").body(body.to_string()).send().await?;
        let status = answer.status();
        let told: Value = serde_json::from_slice(&answer.bytes().await?)?;
        if status.is_success() { Ok(told) } else { Err(told.get("detail").and_then(Value::as_str).unwrap_or("the question was refused").to_owned().into()) }
    }

    /// Asks about the address, then about the order with what the bank said of it.
    ///
    /// # Errors
    /// Nobody answers, or not as expected.
    pub async fn judge(
        &self,
        (order, cents): (&str, u32),
        (sub, sid): (&str, Option<&str>),
        delivery: &Delivery,
        lines: &[(&str, u32, u32)],
    ) -> Result<(Verified, Judged), Failure> {
        let token = self.own_token().await?;
        let amount = |cents: u32| format!("{}.{:02}", cents / 100, cents % 100);
        let address = json!({ "street_address": delivery.street, "postal_code": delivery.postcode, "country": delivery.country });
        let money = json!({ "currency": "EUR", "value": amount(cents) });
        let asked = json!({ "mode": "issuer", "token": delivery.card, "scheme": "visa", "address": address, "amount": money });
        let verified: Verified = serde_json::from_value(self.ask(&token, "/api/v1/avs/check", &asked).await?)?;
        let avs = match verified.outcome.as_str() {
            "full" => "match",
            "street" | "postcode" => "partial",
            "none" => "mismatch",
            _ => "unavailable",
        };
        let items: Vec<Value> = lines.iter().map(|(category, count, cents)| json!({ "category": category, "qty": count, "value": amount(*cents) })).collect();
        let order = json!({
            "order_id": order, "sub": sub, "amount": money, "items": items, "shipping": { "address": address, "method": "standard" }, "billing": { "address": address },
            "payment": { "token": delivery.card, "country": delivery.country, "avs": avs, "cvc": "match" }, "device": { "sid": sid },
        });
        let judged: Judged = serde_json::from_value(self.ask(&token, "/api/v1/risk/orders", &order).await?)?;
        Ok((verified, judged))
    }

    /// Tells what became of an order; what cannot be told now is not worth losing the order for.
    pub async fn tell(&self, order: &str, outcome: &str) {
        if let Ok(token) = self.own_token().await {
            let _ = self.ask(&token, &format!("/api/v1/risk/orders/{order}/outcome"), &json!({ "outcome": outcome })).await;
        }
    }
}
