//! The report as a page that prints well.

use askama::Template;

use super::{Framework, Report, Row, Standing};

#[derive(Template)]
#[template(path = "app/compliance/report.html")]
struct Page<'a> {
    report: &'a Report,
    frameworks: Vec<(&'static str, Vec<&'a Row>)>,
    counts: [(&'static str, &'static str, usize); 4],
}

impl Page<'_> {
    fn word(row: &Row) -> (&'static str, &'static str) {
        match row.standing {
            Standing::Met => ("met", "Met"),
            Standing::NotMet => ("not-met", "Not met"),
            Standing::BuiltIn => ("built-in", "Built in"),
            Standing::Yours => ("yours", "Yours"),
        }
    }
}

/// The page.
///
/// # Errors
/// A sentence when it cannot be written.
pub fn html(report: &Report) -> Result<String, String> {
    let of = |framework: Framework| (framework.name(), report.rows.iter().filter(|row| row.framework == framework).collect());
    let page = Page {
        report,
        frameworks: Framework::ALL.map(of).to_vec(),
        counts: [
            ("met", "met, looked at when this was made", report.count(Standing::Met)),
            ("not-met", "not met", report.count(Standing::NotMet)),
            ("built-in", "built in, held by tests", report.count(Standing::BuiltIn)),
            ("yours", "stay with you", report.count(Standing::Yours)),
        ],
    };
    page.render().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::{Facts, judge};
    use super::*;

    #[test]
    fn the_page_says_what_is_not_met_and_escapes_what_was_found() {
        let mut facts = Facts::sound();
        facts.tls = Err("<script>alert(1)</script>".to_owned());
        let report = Report {
            issuer: "https://login.shop.example".to_owned(),
            version: "0.1.0".to_owned(),
            made_at: "2027-01-15T08:00:00Z".to_owned(),
            configuration: "ab".to_owned(),
            keys: facts.keys.clone(),
            rows: judge(&facts),
        };
        let page = html(&report).unwrap();
        assert!(page.contains("Not met") && page.contains("&#60;script&#62;") && !page.contains("<script>"), "{page}");
        assert!(page.contains("PCI DSS v4.0.1") && page.contains("stay with you") && page.contains("[acme]"));
    }
}
