//! A client of the Streaming API as plain as can be: TLS by rustls, HTTP by hand, WebSocket by tungstenite.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use secrecy::ExposeSecret;
use tocsin::{event::Topic, simulator::Simulator};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Response},
};

/// No test waits longer for anything.
pub const LIMIT: Duration = Duration::from_secs(30);

pub type Socket = WebSocketStream<TlsStream<TcpStream>>;

/// A refusal: status, content type, body.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal(pub u16, pub String, pub String);

pub fn key(simulator: &Simulator) -> String {
    simulator.key().expose_secret().to_owned()
}

/// Runs `work`, and fails the test when it takes too long.
pub async fn soon<F: Future>(work: F) -> F::Output {
    tokio::time::timeout(LIMIT, work).await.expect("within the limit")
}

pub async fn tls(endpoint: &str, ca_pem: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(endpoint).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("127.0.0.1").unwrap(), tcp).await
}

/// Opens a topic with the headers given.
pub async fn open_with(simulator: &Simulator, headers: &[(&'static str, &str)]) -> Result<Socket, Refusal> {
    let endpoint = simulator.endpoint();
    let mut request = format!("wss://{endpoint}/streaming/api").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let stream = soon(tls(&endpoint, simulator.ca_pem())).await.unwrap();
    match soon(tokio_tungstenite::client_async(request, stream)).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(refusal(*response)),
        Err(error) => panic!("{error}"),
    }
}

fn refusal(response: Response<Option<Vec<u8>>>) -> Refusal {
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    Refusal(status, kind.unwrap_or_default(), String::from_utf8(response.into_body().unwrap_or_default()).unwrap())
}

/// Opens a topic as published.
pub async fn open(simulator: &Simulator, topic: Topic) -> Result<Socket, Refusal> {
    open_as(simulator, topic, &key(simulator)).await
}

pub async fn open_as(simulator: &Simulator, topic: Topic, key: &str) -> Result<Socket, Refusal> {
    let headers = [("authorization", key), ("topic", topic.name()), ("username", "mira@campus.example")];
    open_with(simulator, &headers).await
}

/// Sends one request by hand and reads the whole answer.
pub async fn ask(simulator: &Simulator, method: &str, path: &str, headers: &str) -> (u16, String) {
    let endpoint = simulator.endpoint();
    let mut stream = soon(tls(&endpoint, simulator.ca_pem())).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: {endpoint}\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    soon(stream.read_to_end(&mut answer)).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

pub async fn validate(simulator: &Simulator, key: &str) -> (u16, String) {
    ask(simulator, "GET", "/streaming/token/validate", &format!("Authorization: {key}\r\n")).await
}

/// The next binary message.
pub async fn frame(socket: &mut Socket) -> Vec<u8> {
    loop {
        match soon(socket.next()).await.expect("the connection goes on").expect("a message") {
            Message::Binary(bytes) => return bytes.to_vec(),
            Message::Close(_) => panic!("closed"),
            _ => {}
        }
    }
}

/// Reads to the end. `Ok`: a close frame came. `Err`: the connection broke off.
pub async fn end(socket: &mut Socket) -> Result<(), String> {
    soon(async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(_))) => return Ok(()),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.to_string()),
                None => return Err("ended".to_owned()),
            }
        }
    })
    .await
}

/// Whether a ping is answered within `span`.
pub async fn pongs(socket: &mut Socket, span: Duration) -> bool {
    socket.send(Message::Ping("hello".into())).await.unwrap();
    let answered = async {
        while let Some(Ok(message)) = socket.next().await {
            if matches!(message, Message::Pong(_)) {
                return true;
            }
        }
        false
    };
    tokio::time::timeout(span, answered).await.unwrap_or(false)
}

/// Polls until `is` holds.
pub async fn until(what: &str, is: impl Fn() -> bool) {
    let waiting = async {
        while !is() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LIMIT, waiting).await.unwrap_or_else(|_| panic!("{what}: not within {LIMIT:?}"));
}
