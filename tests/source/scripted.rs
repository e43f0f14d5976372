//! A server on loopback with a certificate of our choice, which answers every request with what it is told to say.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, SanType, date_time_ymd};
use rustls_pki_types::PrivatePkcs8KeyDer;
use tocsin::event::Topic;
use tocsin::source::{Account, Endpoint, PrivateCa, Proxies};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// What the certificate is like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    Good,
    Expired,
    ForAnotherName,
    /// No TLS at all.
    None,
}

pub struct Scripted {
    pub address: SocketAddr,
    ca_pem: String,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Scripted {
    /// `answer` makes the whole answer, head and all, from the request's head.
    pub async fn start(kind: Certificate, answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let (acceptor, ca_pem) = certificate(kind);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let (log, answer) = (Arc::clone(&requests), Arc::new(answer));
        let task = tokio::spawn(async move {
            loop {
                let (mut tcp, _) = listener.accept().await.unwrap();
                let (acceptor, log, answer) = (acceptor.clone(), Arc::clone(&log), Arc::clone(&answer));
                tokio::spawn(async move {
                    if kind == Certificate::None {
                        // As web servers answer what they cannot read.
                        let _ = tcp.read_u8().await;
                        let _ = tcp.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                    } else if let Ok(tls) = acceptor.accept(tcp).await {
                        serve(tls, &log, &*answer).await;
                    }
                });
            }
        });
        Self { address, ca_pem, requests, task }
    }

    /// Does with each connection, secured, what `life` says.
    pub async fn with<F>(life: impl Fn(TlsStream<TcpStream>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (acceptor, ca_pem) = certificate(Certificate::Good);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let life = Arc::new(life);
        let task = tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                tcp.set_nodelay(true).unwrap();
                let (acceptor, life) = (acceptor.clone(), Arc::clone(&life));
                tokio::spawn(async move {
                    if let Ok(tls) = acceptor.accept(tcp).await {
                        life(tls).await;
                    }
                });
            }
        });
        Self { address, ca_pem, requests: Arc::default(), task }
    }

    /// The heads of the requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub fn account(&self, topics: &[Topic]) -> Account {
        Account {
            endpoint: Endpoint::parse(&self.address.to_string()).unwrap(),
            host_confirmed: true,
            topics: topics.to_vec(),
            private_ca: Some(PrivateCa::from_pem(&self.ca_pem).unwrap()),
            user: None,
            proxies: Proxies::none(),
        }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve<L>(mut line: L, log: &Mutex<Vec<String>>, answer: &(dyn Fn(&str) -> String + Send + Sync))
where
    L: AsyncRead + AsyncWrite + Unpin,
{
    let Some(head) = request(&mut line).await else { return };
    log.lock().unwrap().push(head.clone());
    // In two pieces, as it may come over a real line.
    let answer = answer(&head);
    let (first, second) = answer.split_at(answer.find("\r\n\r\n").map_or(answer.len(), |end| end + 4));
    let _ = line.write_all(first.as_bytes()).await;
    let _ = line.flush().await;
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let _ = line.write_all(second.as_bytes()).await;
    let _ = line.shutdown().await;
}

/// The head of a request; `None`: it never came to its end.
pub async fn request(line: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(line.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap())
}

fn certificate(kind: Certificate) -> (TlsAcceptor, String) {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate().unwrap();
    let ca = params.self_signed(&ca_key).unwrap();

    let name = if kind == Certificate::ForAnotherName { "192.0.2.7" } else { "127.0.0.1" };
    let mut params = CertificateParams::new([]).unwrap();
    params.subject_alt_names = vec![SanType::IpAddress(name.parse().unwrap())];
    if kind == Certificate::Expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 2, 3);
    }
    let key = KeyPair::generate().unwrap();
    let mut issuer_params = CertificateParams::new([]).unwrap();
    issuer_params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.signed_by(&key, &Issuer::new(issuer_params, &ca_key)).unwrap();

    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), ca.pem())
}
