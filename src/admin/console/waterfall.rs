//! What adds up to a score, as bars that begin where the one before ended; and what orders share, as a picture of who is connected with whom. Pure.

use std::fmt::Write as _;

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it stands for.
    pub text: String,
    /// What it adds, as text with a sign.
    pub weight: String,
    /// Whether it speaks against.
    pub is_against: bool,
    /// From the left, in hundredths of the width.
    pub x: f64,
    /// How wide.
    pub width: f64,
}

/// Bars for `parts`, each a text and what it adds, which end at `total`: what they begin with is what is the same for all.
pub fn steps(parts: &[(String, f64)], total: f64) -> Vec<Step> {
    let sum: f64 = parts.iter().map(|(_, weight)| weight).sum();
    let begin = total - sum;
    let mut places = vec![begin];
    for (_, weight) in parts {
        places.push(places.last().copied().unwrap_or_default() + weight);
    }
    let (low, high) = places.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| (low.min(*place), high.max(*place)));
    let span = (high - low).max(1e-9);
    let bar = |((text, weight), from): (&(String, f64), &f64)| {
        let x = (from.min(from + weight) - low) / span * 100.0;
        Step { text: text.clone(), weight: format!("{weight:+.2}"), is_against: *weight > 0.0, x, width: (weight.abs() / span * 100.0).max(0.6) }
    };
    parts.iter().zip(&places).map(bar).collect()
}

/// A thing that is shared, and those that share it: a label, and where each leads.
pub struct Hub<'a> {
    /// What.
    pub text: &'a str,
    /// Label and address of each.
    pub others: Vec<(String, String)>,
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const ROW: usize = 30;

/// One decision, what it shares, and with whom, from the left to the right, as SVG. Empty where nothing is shared.
pub fn graph(own: &str, hubs: &[Hub<'_>]) -> String {
    let hubs: Vec<&Hub<'_>> = hubs.iter().filter(|hub| !hub.others.is_empty()).collect();
    let rows: usize = hubs.iter().map(|hub| hub.others.len()).sum();
    if rows == 0 {
        return String::new();
    }
    let height = rows * ROW + 20;
    let middle = height / 2;
    let mut svg = format!(
        r#"<svg class="graph" viewBox="0 0 900 {height}" role="group" aria-label="What this order shares with others" fill="currentColor" font-size="13"><g fill="none" stroke="currentColor" stroke-opacity=".35">"#
    );
    let mut texts = format!(r#"<circle cx="16" cy="{middle}" r="7"/><text x="30" y="{}">{}</text>"#, middle + 5, escaped(own));
    let mut row = 0;
    for hub in hubs {
        let at = (row * 2 + hub.others.len()) * ROW / 2 + 10;
        // Writing to a string does not fail.
        let _ = write!(svg, r#"<path d="M130 {middle}C180 {middle} 180 {at} 230 {at}"/>"#);
        let _ = write!(texts, r#"<rect x="230" y="{}" width="10" height="10" rx="2"/><text x="246" y="{}">{}</text>"#, at - 5, at + 5, escaped(hub.text));
        for (label, address) in &hub.others {
            let y = row * ROW + ROW / 2 + 10;
            let _ = write!(svg, r#"<path d="M530 {at}C570 {at} 570 {y} 610 {y}"/>"#);
            let _ = write!(
                texts,
                r#"<a href="{}"><circle cx="617" cy="{y}" r="6"/><text x="632" y="{}" text-decoration="underline">{}</text></a>"#,
                escaped(address),
                y + 5,
                escaped(label)
            );
            row += 1;
        }
    }
    svg.push_str("</g>");
    svg.push_str(&texts);
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bar_begins_where_the_one_before_ended() {
        let parts = [("a".to_owned(), 3.0), ("b".to_owned(), -1.0), ("c".to_owned(), 2.0)];
        // From -5 to -2, back to -3, on to -1.
        let told = steps(&parts, -1.0);
        let near = |one: f64, other: f64| (one - other).abs() < 1e-9;
        assert!(near(told[0].x, 0.0) && near(told[0].width, 75.0) && told[0].is_against && told[0].weight == "+3.00");
        assert!(near(told[1].x, 50.0) && near(told[1].width, 25.0) && !told[1].is_against);
        assert!(near(told[2].x, 50.0) && near(told[2].width, 50.0));
        assert_eq!(steps(&[], 0.0), []);
        assert!(steps(&[("nothing".to_owned(), 0.0)], 0.0)[0].width > 0.0, "nothing is invisible");
    }

    #[test]
    fn the_picture_shows_who_shares_what() {
        let hub = |text, count: usize| Hub { text, others: (0..count).map(|number| (format!("order <{number}>"), format!("/admin/risk/{number}"))).collect() };
        let svg = graph("this one", &[hub("The card", 2), hub("The place", 0), hub("The session", 1)]);
        assert!(svg.contains("order &lt;1&gt;") && !svg.contains("order <1>") && !svg.contains("The place"));
        assert_eq!((svg.matches("<a href=\"/admin/risk/").count(), svg.matches("<path").count()), (3, 5));
        assert_eq!(graph("alone", &[hub("The card", 0)]), "");
    }
}
