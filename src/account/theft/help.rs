//! Where people report fraud and identity theft, by country.

/// An office.
pub struct Office {
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its address.
    pub url: &'static str,
}

const OFFICES: [Office; 15] = [
    Office { country: "AT", name: "Watchlist Internet", url: "https://www.watchlist-internet.at/" },
    Office { country: "AU", name: "ReportCyber", url: "https://www.cyber.gov.au/report-and-recover/report" },
    Office { country: "BR", name: "CERT.br", url: "https://www.cert.br/" },
    Office { country: "CA", name: "Canadian Anti-Fraud Centre", url: "https://antifraudcentre-centreantifraude.ca/" },
    Office { country: "CH", name: "Bundesamt für Cybersicherheit", url: "https://www.report.ncsc.admin.ch/" },
    Office { country: "DE", name: "Onlinewache der Polizei", url: "https://portal.onlinewache.polizei.de/" },
    Office { country: "ES", name: "INCIBE", url: "https://www.incibe.es/" },
    Office { country: "FR", name: "Cybermalveillance.gouv.fr", url: "https://www.cybermalveillance.gouv.fr/" },
    Office { country: "GB", name: "Report Fraud", url: "https://www.reportfraud.police.uk/" },
    Office { country: "IE", name: "An Garda Síochána", url: "https://www.garda.ie/" },
    Office { country: "IT", name: "Polizia Postale", url: "https://www.commissariatodips.it/" },
    Office { country: "JP", name: "警察庁サイバー警察局", url: "https://www.npa.go.jp/bureau/cyber/" },
    Office { country: "NL", name: "Fraudehelpdesk", url: "https://www.fraudehelpdesk.nl/" },
    Office { country: "PT", name: "Centro Nacional de Cibersegurança", url: "https://www.cncs.gov.pt/" },
    Office { country: "US", name: "IdentityTheft.gov", url: "https://www.identitytheft.gov/" },
];

/// The office of a country; all of them where none is known.
pub fn offices(country: Option<&str>) -> Vec<&'static Office> {
    let own: Vec<&Office> = OFFICES.iter().filter(|office| Some(office.country) == country).collect();
    if own.is_empty() { OFFICES.iter().collect() } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_once_and_by_https() {
        assert!(OFFICES.is_sorted_by_key(|office| office.country));
        assert!(OFFICES.iter().all(|office| crate::base::postal::is_country(office.country) && office.url.starts_with("https://")));
        assert_eq!((offices(Some("US")).len(), offices(Some("AQ")).len(), offices(None).len()), (1, 15, 15));
    }
}
