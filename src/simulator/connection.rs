//! One connection's life: TLS, one request, and then messages for as long as both sides are there.

use std::{io, sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        protocol::{CloseFrame, Role, frame::coding::CloseCode},
    },
};

use crate::clock::Clock;

use super::{
    CUT_AFTER, Central, SLOW_HANDSHAKE,
    fault::Fault,
    gate::{self, Passage},
    http::{Answer, Request},
    hub::{Order, Seat},
};

/// How long a client may take for TLS and its request, in real time: the network does not hurry with the clock.
const PATIENCE: Duration = Duration::from_secs(20);

/// Serves one TCP connection to its end.
pub(super) async fn serve(central: Arc<Central>, acceptor: TlsAcceptor, tcp: TcpStream) {
    // Small messages are to leave at once. Where the option is not to be had, they leave a little later.
    let _ = tcp.set_nodelay(true);
    let opening = async {
        let mut tls = acceptor.accept(tcp).await?;
        let request = Request::read(&mut tls).await?;
        io::Result::Ok((tls, request))
    };
    let Some(Ok((mut tls, request))) = Clock::system().timeout(PATIENCE, opening).await else { return };
    let passage = match &request {
        Some(request) => {
            if central.has(Fault::SlowHandshake) {
                central.clock.sleep(SLOW_HANDSHAKE).await;
            }
            gate::judge(&central, request)
        }
        None => Passage::Answered(Answer::text(400, "Bad Request")),
    };
    match passage {
        Passage::Answered(answer) => answer_and_leave(tls, answer).await,
        Passage::Streaming { seat, accept } => {
            let head = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
            );
            if tls.write_all(head.as_bytes()).await.is_err() || tls.flush().await.is_err() {
                return;
            }
            let rest = request.map(|request| request.rest).unwrap_or_default();
            let socket = WebSocketStream::from_partially_read(tls, rest, Role::Server, None).await;
            let cut = Arc::clone(&seat.cut);
            tokio::select! {
                () = cut.notified() => {}
                () = listen(&central, *seat, socket) => {}
            }
        }
    }
}

async fn answer_and_leave(mut tls: TlsStream<TcpStream>, answer: Answer) {
    let leaving = async {
        answer.write(&mut tls).await?;
        // Closing with the client's octets unread would reset the connection and could cost it the answer.
        let mut rest = [0u8; 1024];
        while tls.read(&mut rest).await? > 0 {}
        io::Result::Ok(())
    };
    // A client that is gone by now has nothing left to be told.
    let _ = Clock::system().timeout(Duration::from_secs(2), leaving).await;
}

async fn listen(central: &Central, mut seat: Seat, mut socket: WebSocketStream<TlsStream<TcpStream>>) {
    let opened = central.clock.elapsed();
    let mut faults = central.faults.subscribe();
    loop {
        let (stalled, cut, reset) = {
            let faults = faults.borrow_and_update();
            (faults.contains(&Fault::Stall), faults.contains(&Fault::Drop), faults.contains(&Fault::Reset))
        };
        let left = CUT_AFTER.saturating_sub(central.clock.elapsed().saturating_sub(opened));
        tokio::select! {
            () = central.clock.sleep(left), if cut || reset => {
                if reset {
                    break_off(socket).await;
                }
                return;
            }
            changed = faults.changed() => if changed.is_err() { return },
            order = seat.orders.recv() => match order {
                // What is due while stalled is lost, as it is behind a dead link.
                Some(Order::Send(_)) if stalled => {}
                Some(Order::Send(frame)) => {
                    if socket.send(Message::Binary(frame)).await.is_err() {
                        return;
                    }
                }
                Some(Order::Close) | None => {
                    let goodbye = CloseFrame { code: CloseCode::Away, reason: "".into() };
                    let _ = Clock::system().timeout(Duration::from_millis(500), socket.close(Some(goodbye))).await;
                    return;
                }
            },
            // Reading is what answers pings. What clients say is of no interest to Central.
            heard = socket.next(), if !stalled => match heard {
                Some(Ok(Message::Close(_))) => {
                    let _ = Clock::system().timeout(Duration::from_millis(500), socket.flush()).await;
                    return;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}

/// Sends the first half of a message and resets the TCP connection.
async fn break_off(mut socket: WebSocketStream<TlsStream<TcpStream>>) {
    let tls = socket.get_mut();
    let mut half = vec![0x82, 126, 0x04, 0x00]; // final, binary, 1,024 octets long
    half.extend([0x12; 512]);
    // Whatever fails here, the reset below is what matters.
    let _ = tls.write_all(&half).await;
    let _ = tls.flush().await;
    let _ = tls.get_ref().0.set_zero_linger();
}
