//! Curves as SVG, for a page or a file: light and dark, with a title and a description for whoever does not see them. Pure.

use std::fmt::Write as _;

/// A curve.
pub struct Series<'a> {
    /// Its name in the legend.
    pub name: &'a str,
    /// Its points, both ways from 0 to 1.
    pub points: &'a [(f64, f64)],
}

/// What the axes are.
pub struct Labels<'a> {
    /// The title.
    pub title: &'a str,
    /// Below.
    pub across: &'a str,
    /// To the left.
    pub up: &'a str,
}

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 56.0;
const BOTTOM: f64 = 48.0;
const TOP: f64 = 40.0;
const RIGHT: f64 = 16.0;
/// Colours that can be told apart by whoever does not tell red from green, and how the lines are broken.
const STROKES: [(&str, &str); 6] = [("#0072b2", ""), ("#d55e00", "7 3"), ("#009e73", "2 3"), ("#cc79a7", "10 3 2 3"), ("#e69f00", "4 2"), ("#56b4e9", "1 2")];

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Where a point stands. Across may be told by its square root, which spreads where few are flagged.
fn place((x, y): (f64, f64), is_rooted: bool) -> (f64, f64) {
    let x = x.clamp(0.0, 1.0);
    let x = if is_rooted { x.sqrt() } else { x };
    (LEFT + x * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y.clamp(0.0, 1.0) * (HEIGHT - TOP - BOTTOM))
}

/// As much came to be as was foretold: a bent line where the axis below is drawn by square roots.
pub fn as_foretold() -> Vec<(f64, f64)> {
    (0..=40).map(|step| f64::from(step) / 40.0).map(|share| (share * share, share * share)).collect()
}

/// A chart as a file of its own: light or dark, as whoever looks at it prefers.
pub fn as_file(svg: &str) -> String {
    const STYLE: &str = "<style>svg{color:#1a1a1a;background:#fff}@media(prefers-color-scheme:dark){svg{color:#eee;background:#16181d}}</style>";
    svg.split_once('>').map_or_else(|| svg.to_owned(), |(head, rest)| format!("{head}>{STYLE}{rest}"))
}

/// The curves as a whole SVG document. With `is_rooted` the axis below is drawn by square roots.
pub fn curves(labels: &Labels<'_>, series: &[Series<'_>], is_rooted: bool) -> String {
    let names = series.iter().map(|series| series.name).collect::<Vec<_>>().join(", ");
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}" fill="currentColor" font-family="system-ui, sans-serif" font-size="12">"#,
        escaped(&format!("{}: {names}", labels.title))
    );
    // Writing to a string does not fail.
    let _ = write!(svg, r#"<text x="{LEFT}" y="20" font-size="14" font-weight="600">{}</text>"#, escaped(labels.title));
    let marks: &[f64] = if is_rooted { &[0.0, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0] } else { &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0] };
    for mark in marks {
        let ((x, bottom), (_, top)) = (place((*mark, 0.0), is_rooted), place((*mark, 1.0), is_rooted));
        let _ = write!(
            svg,
            r#"<path stroke="currentColor" stroke-opacity=".15" d="M{x:.1} {bottom:.1}V{top:.1}"/><text x="{x:.1}" y="{:.1}" text-anchor="middle">{mark}</text>"#,
            bottom + 16.0
        );
    }
    for mark in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let ((left, y), (right, _)) = (place((0.0, mark), is_rooted), place((1.0, mark), is_rooted));
        let _ = write!(
            svg,
            r#"<path stroke="currentColor" stroke-opacity=".15" d="M{left:.1} {y:.1}H{right:.1}"/><text x="{:.1}" y="{:.1}" text-anchor="end">{mark}</text>"#,
            left - 6.0,
            y + 4.0
        );
    }
    let middle = f64::midpoint(LEFT, WIDTH - RIGHT);
    let _ = write!(svg, r#"<text x="{middle:.1}" y="{:.1}" text-anchor="middle">{}</text>"#, HEIGHT - 10.0, escaped(labels.across));
    let up = f64::midpoint(TOP, HEIGHT - BOTTOM);
    let _ = write!(svg, r#"<text transform="translate(14 {up:.1}) rotate(-90)" text-anchor="middle">{}</text>"#, escaped(labels.up));
    let series_count = series.len();
    for ((number, series), (colour, dash)) in series.iter().enumerate().zip(STROKES.iter().cycle()) {
        let points: Vec<String> = series
            .points
            .iter()
            .map(|point| {
                let (x, y) = place(*point, is_rooted);
                format!("{x:.1},{y:.1}")
            })
            .collect();
        let _ = write!(svg, r#"<polyline fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}" points="{}"/>"#, points.join(" "));
        #[expect(clippy::cast_precision_loss, reason = "a few curves")]
        let y = HEIGHT - BOTTOM - 14.0 - 16.0 * (series_count - 1 - number) as f64;
        let x = WIDTH - RIGHT - 190.0;
        let _ = write!(
            svg,
            r#"<path d="M{x:.1} {:.1}h24" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/><text x="{:.1}" y="{y:.1}">{}</text>"#,
            y - 4.0,
            x + 30.0,
            escaped(series.name)
        );
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_an_svg_that_names_what_it_shows() {
        let (one, other) = ([(0.0, 0.0), (0.25, 0.8), (1.0, 1.0)], [(0.0, 0.0), (1.0, 1.0)]);
        let labels = Labels { title: "Caught <all>", across: "honest flagged", up: "caught" };
        let svg = curves(&labels, &[Series { name: "model", points: &one }, Series { name: "chance & luck", points: &other }], true);
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        assert!(svg.contains("Caught &lt;all&gt;") && svg.contains("chance &amp; luck") && !svg.contains("<all>"));
        // A quarter stands in the middle of the axis below.
        assert!(svg.contains("300.0,94.4"), "{svg}");
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert!(as_file(&svg).contains("prefers-color-scheme") && !svg.contains("<style>"));
        assert!(!curves(&labels, &[Series { name: "m", points: &one }], false).contains("300.0,94.4"));
    }
}
