//! As much of HTTP/1.1 as Central's streaming host needs: one request's head, one plain answer.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The longest head that is read; longer ones are refused.
const MAX_HEAD: usize = 16 * 1024;

/// The head of a request.
pub(super) struct Request {
    pub method: String,
    /// Without the query.
    pub path: String,
    headers: Vec<(String, String)>,
    /// What came after the head already.
    pub rest: Vec<u8>,
}

impl Request {
    /// Reads one head. `Ok(None)`: it is none, is too long, or ended early.
    pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut read = Vec::with_capacity(1024);
        loop {
            if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                if end > MAX_HEAD {
                    return Ok(None);
                }
                let rest = read.split_off(end + 4);
                return Ok(std::str::from_utf8(&read).ok().and_then(|head| Self::parse(head, rest)));
            }
            if read.len() > MAX_HEAD || stream.read_buf(&mut read).await? == 0 {
                return Ok(None);
            }
        }
    }

    fn parse(head: &str, rest: Vec<u8>) -> Option<Self> {
        let mut lines = head.trim_end().split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, target, version) = (first.next()?, first.next()?, first.next()?);
        if version != "HTTP/1.1" || first.next().is_some() {
            return None;
        }
        let headers = lines
            .map(|line| {
                let (name, value) = line.split_once(':')?;
                Some((name.to_ascii_lowercase(), value.trim().to_owned()))
            })
            .collect::<Option<Vec<_>>>()?;
        let path = target.split('?').next().unwrap_or_default().to_owned();
        Some(Self { method: method.to_owned(), path, headers, rest })
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a header that holds a comma-separated list has `item` in it, in any case.
    pub fn lists(&self, name: &str, item: &str) -> bool {
        self.header(name).is_some_and(|value| value.split(',').any(|one| one.trim().eq_ignore_ascii_case(item)))
    }
}

/// A whole answer; the connection closes after it.
pub(super) struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
}

impl Answer {
    /// A refusal in Central's manner: plain text that ends in a newline.
    pub fn text(status: u16, body: &str) -> Self {
        Self { status, content_type: "text/plain", body: format!("{body}\n") }
    }

    pub async fn write(&self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        let reason = http::StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("Unknown");
        let retry = if self.status == 503 { "Retry-After: 5\r\n" } else { "" };
        let text = format!(
            "HTTP/1.1 {} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{retry}Connection: close\r\n\r\n{}",
            self.status,
            self.content_type,
            self.body.len(),
            self.body
        );
        stream.write_all(text.as_bytes()).await?;
        stream.shutdown().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_and_nonsense_is_not() {
        let request =
            Request::parse("GET /streaming/api?x=1 HTTP/1.1\r\nTopic:  security \r\nupgrade: a, WebSocket", vec![]);
        let Some(request) = request else { panic!("a plain head is read") };
        assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/streaming/api"));
        assert_eq!(request.header("topic"), Some("security"));
        assert!(request.lists("upgrade", "websocket") && !request.lists("upgrade", "h2c"));
        for bad in ["", "GET", "GET / HTTP/1.0", "GET / HTTP/1.1 x", "GET / HTTP/1.1\r\nno colon"] {
            assert!(Request::parse(bad, vec![]).is_none(), "{bad:?}");
        }
    }
}
