//! Passkeys in the configuration: the domain that they are bound to, and what their enrolment demands.

use std::collections::BTreeMap;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use url::Url;
use webauthn_rs::prelude::{AttestationCaList, AttestationCaListBuilder, Uuid};

use super::checked::Faults;
use super::raw::{ModelScope, RawConfig};
use crate::base::uri::{Issuer, Origin};
use crate::identity::factors::passkey::PasskeyParty;
use crate::identity::factors::passkey::ceremony::{EnrolmentPolicy, PartySettings};

/// The relying party; none where the issuer is an address without a domain, which WebAuthn cannot work with.
pub(super) fn check(raw: &RawConfig, issuer: &Issuer, faults: &mut Faults) -> Option<PasskeyParty> {
    let section = &raw.passkeys;
    let origin = faults.take("server.issuer", Url::parse(issuer.as_str()))?;
    let Some(host) = origin.domain() else {
        faults.unless(section.rp_id.is_empty(), "passkeys.rp_id: the issuer is an address without a domain name, so there are no passkeys");
        return None;
    };
    let id = if section.rp_id.is_empty() { host.to_owned() } else { section.rp_id.to_ascii_lowercase() };
    let related_origins = section
        .related_origins
        .iter()
        .filter_map(|text| {
            let origin = faults.take("passkeys.related_origins", Origin::parse(text))?;
            faults.take("passkeys.related_origins", Url::parse(origin.as_str()))
        })
        .collect();
    faults.unless(section.related_origins.len() <= 20, "passkeys.related_origins: at most 20; browsers look at few of them");
    let usual = if section.require_user_verification { EnrolmentPolicy::Verified } else { EnrolmentPolicy::Preferred };
    let attested = check_models(raw, faults).map(EnrolmentPolicy::Attested);
    let customers = match (&attested, section.accepted_models_for) {
        (Some(attested), ModelScope::Everyone) => attested.clone(),
        _ => usual.clone(),
    };
    let settings = PartySettings { id, name: raw.brand.name.clone(), origin, related_origins, customers, admins: attested.unwrap_or(usual) };
    faults.take("passkeys.rp_id", PasskeyParty::new(settings))
}

/// Accepted models with the roots that vouch for them: without a root an AAGUID is only what the authenticator says of itself.
fn check_models(raw: &RawConfig, faults: &mut Faults) -> Option<AttestationCaList> {
    let section = &raw.passkeys;
    if section.accepted_models.is_empty() && section.attestation_roots_file.is_empty() {
        return None;
    }
    let is_whole = !section.accepted_models.is_empty() && !section.attestation_roots_file.is_empty();
    faults.unless(is_whole, "passkeys.accepted_models and passkeys.attestation_roots_file: set both; without roots a model is only claimed");
    let models: Vec<Uuid> = section.accepted_models.iter().filter_map(|text| faults.take("passkeys.accepted_models", text.parse::<Uuid>())).collect();
    let read = std::fs::read(&section.attestation_roots_file).map_err(|error| format!("{}: {error}", section.attestation_roots_file));
    let pem = if is_whole { faults.take("passkeys.attestation_roots_file", read)? } else { return None };
    let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let roots = faults.take("passkeys.attestation_roots_file", roots)?;
    faults.unless(!roots.is_empty(), "passkeys.attestation_roots_file: holds no certificate");
    let mut builder = AttestationCaListBuilder::new();
    for (root, model) in roots.iter().flat_map(|root| models.iter().map(move |model| (root, model))) {
        let added = builder.insert_device_der(root, *model, model.to_string(), BTreeMap::new()).map_err(|_| "a certificate does not parse");
        faults.take("passkeys.attestation_roots_file", added)?;
    }
    Some(builder.build())
}

#[cfg(test)]
mod tests {
    use super::super::checked::Config;
    use super::*;

    fn checked(adjust: impl FnOnce(&mut RawConfig)) -> Result<Option<String>, Vec<String>> {
        let mut raw = RawConfig::default();
        raw.server.issuer = "https://login.shop.example".into();
        raw.server.behind_tls_proxy = true;
        adjust(&mut raw);
        Config::check(&raw, false).map(|config| config.passkeys.map(|party| party.id().to_owned()))
    }

    #[test]
    fn the_relying_party_is_the_issuers_domain_or_one_above() {
        assert_eq!(checked(|_| {}).unwrap().as_deref(), Some("login.shop.example"));
        assert_eq!(checked(|raw| raw.passkeys.rp_id = "shop.example".into()).unwrap().as_deref(), Some("shop.example"));
        for other in ["shop.test", "op.example", "evil-login.shop.example", "a.login.shop.example"] {
            assert!(checked(|raw| raw.passkeys.rp_id = other.into()).is_err(), "{other}");
        }
        assert_eq!(checked(|raw| raw.server.issuer = "https://192.0.2.7".into()).unwrap(), None);
        assert!(
            checked(|raw| {
                raw.server.issuer = "https://192.0.2.7".into();
                raw.passkeys.rp_id = "shop.example".into();
            })
            .is_err()
        );
    }

    #[test]
    fn a_model_is_accepted_only_with_a_root_that_vouches_for_it() {
        let model = "2fc0579f-8113-47ea-b116-bb5a8db9202a";
        let faults = checked(|raw| raw.passkeys.accepted_models = vec![model.into()]).unwrap_err();
        assert!(faults.iter().any(|fault| fault.contains("only claimed")), "{faults:?}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roots.pem");
        let key = rcgen::KeyPair::generate().unwrap();
        std::fs::write(&path, rcgen::CertificateParams::default().self_signed(&key).unwrap().pem()).unwrap();
        let with = |models: Vec<String>, path: String| {
            checked(|raw| {
                raw.passkeys.accepted_models = models;
                raw.passkeys.attestation_roots_file = path;
            })
        };
        assert!(with(vec![model.into()], path.display().to_string()).is_ok());
        assert!(with(vec!["YubiKey".into()], path.display().to_string()).is_err());
        assert!(with(vec![], path.display().to_string()).is_err());
        std::fs::write(&path, "nothing").unwrap();
        assert!(with(vec![model.into()], path.display().to_string()).is_err());
    }
}
