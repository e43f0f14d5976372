//! The simulator's certificates: a CA of its own, made anew at every start and never kept, and a leaf for loopback.

use std::{net::SocketAddr, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use super::StartError;

/// What a server needs for TLS, and what a client needs to trust it.
pub(super) struct Certificate {
    pub server: Arc<ServerConfig>,
    /// The CA in PEM.
    pub ca_pem: String,
}

/// A fresh CA and a leaf for `127.0.0.1`, `::1`, `localhost` and the address listened on.
pub(super) fn issue(listen: SocketAddr) -> Result<Certificate, StartError> {
    let mut params = CertificateParams::new(Vec::default())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.distinguished_name.push(DnType::CommonName, "Tocsin simulator CA");
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let own = listen.ip().to_string();
    if !listen.ip().is_unspecified() && !names.contains(&own) {
        names.push(own);
    }
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Tocsin simulator");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf_key = KeyPair::generate()?;
    let leaf = params.signed_by(&leaf_key, &ca)?;

    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
    // The provider is named, so that another one somewhere in the program can never make the choice ambiguous.
    let mut server = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)?;
    // Central's streaming endpoint speaks HTTP/1.1: a WebSocket upgrade needs it.
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Certificate { server: Arc::new(server), ca_pem: ca.pem() })
}
