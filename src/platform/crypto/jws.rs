//! JSON Web Signatures (RFC 7515) with keys that were parsed once.
//!
//! `jsonwebtoken` parses the private key again for every token, which costs up to two thirds of the speed; so the header is its type, serialised once a key, and the signature comes from a cached aws-lc-rs pair. Verification is `jsonwebtoken`'s.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair};
use jsonwebtoken::jwk::{AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, KeyAlgorithm, OctetKeyPairParameters, OctetKeyPairType, PublicKeyUse};
use jsonwebtoken::jwk::{EllipticCurveKeyParameters, EllipticCurveKeyType, RSAKeyParameters, RSAKeyType};
use zeroize::Zeroizing;

use crate::base::encoding::{base64url, sha256};

/// The algorithms that we sign with (RFC 7518 section 3.1, RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what OIDC Core makes the default of ID tokens.
    RS256,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SigningAlgorithm {
    /// All of them, in the order of discovery.
    pub const ALL: [Self; 4] = [Self::RS256, Self::ES256, Self::EdDsa, Self::PS256];

    /// The `alg` value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
            Self::ES256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Reads an `alg` value.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }

    /// The same algorithm in `jsonwebtoken`'s words.
    pub const fn as_jsonwebtoken(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::RS256 => jsonwebtoken::Algorithm::RS256,
            Self::PS256 => jsonwebtoken::Algorithm::PS256,
            Self::ES256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }

    const fn as_key_algorithm(self) -> KeyAlgorithm {
        match self {
            Self::RS256 => KeyAlgorithm::RS256,
            Self::PS256 => KeyAlgorithm::PS256,
            Self::ES256 => KeyAlgorithm::ES256,
            Self::EdDsa => KeyAlgorithm::EdDSA,
        }
    }
}

/// The cryptographic library refused a key or an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key or the operation was refused by the cryptographic library")]
pub struct CryptoRefused;

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ecdsa(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// What a token is, told by its `typ` header, so that one kind is never taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenType {
    /// An ID token: `JWT`.
    IdToken,
    /// An access token: `at+jwt` (RFC 9068 section 2.1).
    AccessToken,
    /// The receipt of an erased account: `erasure-receipt+jwt`.
    ErasureReceipt,
    /// The receipt of a consent: `consent-receipt+jwt`.
    ConsentReceipt,
    /// A logout token: `logout+jwt` (OIDC Back-Channel Logout 1.0 section 2.4).
    LogoutToken,
    /// A security event token: `secevent+jwt` (RFC 8417 section 2.3).
    SecurityEvent,
}

impl TokenType {
    /// The `typ` header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdToken => "JWT",
            Self::AccessToken => "at+jwt",
            Self::ErasureReceipt => "erasure-receipt+jwt",
            Self::ConsentReceipt => "consent-receipt+jwt",
            Self::LogoutToken => "logout+jwt",
            Self::SecurityEvent => "secevent+jwt",
        }
    }
}

/// A private key, parsed and ready, with its encoded headers.
pub struct Signer {
    kid: String,
    algorithm: SigningAlgorithm,
    pair: Pair,
    id_token_header: String,
    access_token_header: String,
    receipt_header: String,
    consent_header: String,
    logout_header: String,
    security_event_header: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({} {})", self.algorithm.as_str(), self.kid)
    }
}

/// A new key pair: the private half as PKCS#8, for sealing, and the public half.
pub struct GeneratedKey {
    /// PKCS#8 in DER.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// The public key with `kid`, `alg` and `use`.
    pub public_jwk: Jwk,
    /// The thumbprint (RFC 7638), which is the `kid`.
    pub kid: String,
}

/// Generates a key pair. The library draws its own randomness here: it offers no other way.
///
/// # Errors
/// [`CryptoRefused`] if the library fails.
pub fn generate(algorithm: SigningAlgorithm) -> Result<GeneratedKey, CryptoRefused> {
    let random = SystemRandom::new();
    let pkcs8 = match algorithm {
        SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| CryptoRefused)?;
            let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().map_err(|_| CryptoRefused)?;
            Zeroizing::new(der.as_ref().to_vec())
        }
        SigningAlgorithm::ES256 => {
            let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(|_| CryptoRefused)?;
            Zeroizing::new(document.as_ref().to_vec())
        }
        SigningAlgorithm::EdDsa => Zeroizing::new(Ed25519KeyPair::generate_pkcs8(&random).map_err(|_| CryptoRefused)?.as_ref().to_vec()),
    };
    let public_jwk = public_jwk(algorithm, &parse(algorithm, &pkcs8)?)?;
    let kid = public_jwk.common.key_id.clone().ok_or(CryptoRefused)?;
    Ok(GeneratedKey { pkcs8, public_jwk, kid })
}

fn parse(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Result<Pair, CryptoRefused> {
    Ok(match algorithm {
        SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => Pair::Rsa(Box::new(RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| CryptoRefused)?)),
        SigningAlgorithm::ES256 => Pair::Ecdsa(Box::new(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(|_| CryptoRefused)?)),
        SigningAlgorithm::EdDsa => Pair::Ed25519(Box::new(Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| CryptoRefused)?)),
    })
}

fn public_jwk(algorithm: SigningAlgorithm, pair: &Pair) -> Result<Jwk, CryptoRefused> {
    // The thumbprint is over the required members in lexicographic order (RFC 7638 section 3).
    let (parameters, thumbprint_input) = match pair {
        Pair::Rsa(pair) => {
            let public = pair.public_key();
            let (n, e) = (base64url(public.modulus().big_endian_without_leading_zero()), base64url(public.exponent().big_endian_without_leading_zero()));
            let input = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
            (AlgorithmParameters::RSA(RSAKeyParameters { key_type: RSAKeyType::RSA, n, e }), input)
        }
        Pair::Ecdsa(pair) => {
            // Uncompressed point: 0x04, x, y.
            let point = pair.public_key().as_ref().get(1..).ok_or(CryptoRefused)?;
            let (x, y) = point.split_at_checked(32).ok_or(CryptoRefused)?;
            let (x, y) = (base64url(x), base64url(y));
            let input = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
            (AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters { key_type: EllipticCurveKeyType::EC, curve: EllipticCurve::P256, x, y }), input)
        }
        Pair::Ed25519(pair) => {
            let x = base64url(pair.public_key().as_ref());
            let input = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
            (AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters { key_type: OctetKeyPairType::OctetKeyPair, curve: EllipticCurve::Ed25519, x }), input)
        }
    };
    let common = CommonParameters {
        public_key_use: Some(PublicKeyUse::Signature),
        key_algorithm: Some(algorithm.as_key_algorithm()),
        key_id: Some(base64url(sha256(thumbprint_input.as_bytes()))),
        ..CommonParameters::default()
    };
    Ok(Jwk { common, algorithm: parameters })
}

fn encoded_header(kid: &str, algorithm: SigningAlgorithm, token_type: TokenType) -> Result<String, CryptoRefused> {
    let mut header = jsonwebtoken::Header::new(algorithm.as_jsonwebtoken());
    header.typ = Some(token_type.as_str().to_owned());
    header.kid = Some(kid.to_owned());
    Ok(base64url(serde_json::to_vec(&header).map_err(|_| CryptoRefused)?))
}

impl Signer {
    /// Parses a private key once, for many signatures.
    ///
    /// # Errors
    /// [`CryptoRefused`] when it is not a key of this algorithm.
    pub fn from_pkcs8(kid: &str, algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Result<Self, CryptoRefused> {
        Ok(Self {
            kid: kid.to_owned(),
            algorithm,
            pair: parse(algorithm, pkcs8)?,
            id_token_header: encoded_header(kid, algorithm, TokenType::IdToken)?,
            access_token_header: encoded_header(kid, algorithm, TokenType::AccessToken)?,
            receipt_header: encoded_header(kid, algorithm, TokenType::ErasureReceipt)?,
            consent_header: encoded_header(kid, algorithm, TokenType::ConsentReceipt)?,
            logout_header: encoded_header(kid, algorithm, TokenType::LogoutToken)?,
            security_event_header: encoded_header(kid, algorithm, TokenType::SecurityEvent)?,
        })
    }

    /// Which key this is.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Which algorithm it signs with.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// A compact JWS over `claims`.
    ///
    /// # Errors
    /// [`CryptoRefused`] when the claims do not serialise or the library fails.
    pub fn sign<C: serde::Serialize>(&self, token_type: TokenType, claims: &C) -> Result<String, CryptoRefused> {
        let header = match token_type {
            TokenType::IdToken => &self.id_token_header,
            TokenType::AccessToken => &self.access_token_header,
            TokenType::ErasureReceipt => &self.receipt_header,
            TokenType::ConsentReceipt => &self.consent_header,
            TokenType::LogoutToken => &self.logout_header,
            TokenType::SecurityEvent => &self.security_event_header,
        };
        let payload = base64url(serde_json::to_vec(claims).map_err(|_| CryptoRefused)?);
        let mut token = String::with_capacity(header.len() + payload.len() + 346);
        token.push_str(header);
        token.push('.');
        token.push_str(&payload);
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        token.push_str(&signature);
        Ok(token)
    }

    fn signature(&self, message: &[u8]) -> Result<String, CryptoRefused> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let padding = if self.algorithm == SigningAlgorithm::PS256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0_u8; pair.public_modulus_len()];
                pair.sign(padding as &'static dyn aws_lc_rs::signature::RsaEncoding, &random, message, &mut signature).map_err(|_| CryptoRefused)?;
                Ok(base64url(signature))
            }
            Pair::Ecdsa(pair) => pair.sign(&random, message).map(|signature| base64url(signature.as_ref())).map_err(|_| CryptoRefused),
            Pair::Ed25519(pair) => Ok(base64url(pair.sign(message).as_ref())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_signs_what_jsonwebtoken_verifies() {
        for algorithm in SigningAlgorithm::ALL {
            let key = generate(algorithm).unwrap();
            let signer = Signer::from_pkcs8(&key.kid, algorithm, &key.pkcs8).unwrap();
            let token = signer.sign(TokenType::AccessToken, &serde_json::json!({"sub": "x", "exp": 4_102_444_800_i64, "aud": "a"})).unwrap();
            let mut validation = jsonwebtoken::Validation::new(algorithm.as_jsonwebtoken());
            validation.set_audience(&["a"]);
            let decoded = jsonwebtoken::decode::<serde_json::Value>(&token, &jsonwebtoken::DecodingKey::from_jwk(&key.public_jwk).unwrap(), &validation).unwrap();
            assert_eq!(decoded.header.typ.as_deref(), Some("at+jwt"));
            assert_eq!(decoded.header.kid.as_deref(), Some(key.kid.as_str()));
            assert_eq!(decoded.claims["sub"], "x");
            assert_eq!(key.public_jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap(), key.kid);
            let other = generate(algorithm).unwrap();
            assert!(jsonwebtoken::decode::<serde_json::Value>(&token, &jsonwebtoken::DecodingKey::from_jwk(&other.public_jwk).unwrap(), &validation).is_err());
        }
    }

    #[test]
    fn a_private_key_never_prints() {
        let key = generate(SigningAlgorithm::EdDsa).unwrap();
        let signer = Signer::from_pkcs8(&key.kid, SigningAlgorithm::EdDsa, &key.pkcs8).unwrap();
        assert_eq!(format!("{signer:?}"), format!("Signer(EdDSA {})", key.kid));
    }
}
