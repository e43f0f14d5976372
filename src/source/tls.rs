//! Whom we believe: the system's authorities, and for the account's host a private one beside them. There is nothing
//! here that turns verification off.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use rustls::{ClientConfig, crypto::CryptoProvider};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use rustls_platform_verifier::Verifier;
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::{
    Problem,
    problem::{Retry, inert},
};

/// What a certificate says, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its common name, or its whole subject when it has none.
    pub subject: String,
    pub issuer: String,
    pub valid_until: Timestamp,
    /// SHA-256 in hex with colons.
    pub fingerprint: String,
}

impl Certificate {
    /// Reads a certificate; `None` if it is none.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let digest = Sha256::digest(der);
        let fingerprint: Vec<String> = digest.iter().map(|octet| format!("{octet:02X}")).collect();
        Some(Self {
            subject: name(certificate.subject()),
            issuer: name(certificate.issuer()),
            valid_until: Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()?,
            fingerprint: fingerprint.join(":"),
        })
    }
}

fn name(name: &x509_parser::x509::X509Name<'_>) -> String {
    let common = name.iter_common_name().next().and_then(|common| common.as_str().ok());
    inert(&common.map_or_else(|| name.to_string(), ToOwned::to_owned), 100)
}

/// Certificates of private authorities, to be believed for one host beside the system's.
#[derive(Clone)]
pub struct PrivateCa {
    certificates: Vec<CertificateDer<'static>>,
    read: Vec<Certificate>,
}

impl PrivateCa {
    /// Reads one or more certificates from PEM.
    pub fn from_pem(pem: &str) -> Result<Self, Problem> {
        let bad = |message: &str| {
            Problem::new("bad-authority", message)
                .step("Give the authority's certificate as a PEM file: it begins with -----BEGIN CERTIFICATE-----.")
                .retry(Retry::Never)
        };
        if pem.contains("PRIVATE KEY-----") {
            return Err(bad(
                "This file holds a private key. Only the authority's certificate is needed, and the private key should stay where it is.",
            ));
        }
        let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| bad("The certificate cannot be read."))?;
        if certificates.is_empty() || certificates.len() > 50 {
            return Err(bad("There is no certificate in it, or more than 50."));
        }
        let mut read = Vec::new();
        for der in &certificates {
            rustls::RootCertStore::empty()
                .add(der.clone())
                .map_err(|_| bad("One of the certificates cannot serve as an authority."))?;
            read.push(Certificate::read(der).ok_or_else(|| bad("One of the certificates cannot be read."))?);
        }
        Ok(Self { certificates, read })
    }

    /// What they are, in the file's order; never empty.
    pub fn certificates(&self) -> &[Certificate] {
        &self.read
    }
}

impl fmt::Debug for PrivateCa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.read.iter().map(|certificate| &certificate.subject)).finish()
    }
}

/// How to verify whom we talk to. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Trust {
    /// For the account's host.
    pub(super) host: Arc<ClientConfig>,
    /// For a proxy on the way that is itself reached over TLS; made only when needed.
    provider: Arc<CryptoProvider>,
}

impl Trust {
    /// The system's authorities, as they are now, and `private` for the account's host.
    pub fn new(private: Option<&PrivateCa>) -> Result<Self, Problem> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let extra = private.map(|private| private.certificates.clone()).unwrap_or_default();
        Ok(Self { host: config(&provider, extra)?, provider })
    }

    /// The system's authorities only.
    pub(super) fn for_proxy(&self) -> Result<Arc<ClientConfig>, Problem> {
        config(&self.provider, Vec::new())
    }
}

fn config(provider: &Arc<CryptoProvider>, extra: Vec<CertificateDer<'static>>) -> Result<Arc<ClientConfig>, Problem> {
    let none = |error: rustls::Error| {
        Problem::new(
            "no-authorities",
            "This computer has no usable list of certificate authorities, so no server can be verified.",
        )
        .said(&error.to_string())
        .step("Install the system's certificates (package ca-certificates), then try again.")
        .retry(Retry::Slowly)
    };
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(provider)).map_err(none)?;
    // "dangerous" is rustls' word for any verifier it did not write; this one is the platform's.
    let mut config = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(none)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
