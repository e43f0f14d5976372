//! The frame around the window, of which there is none on a bare display: its close button.

use x11rb::{
    connection::Connection as _,
    protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask},
};

/// Asks a window to close, as a window manager does when its close button is pressed.
pub fn close(display: &str, window: u32) {
    let (connection, _) = x11rb::connect(Some(display)).expect("the display");
    let atom = |name: &str| {
        let asked = connection.intern_atom(false, name.as_bytes()).expect("the display");
        asked.reply().expect("a name").atom
    };
    let close = [atom("WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
    let message = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS"), close);
    connection.send_event(false, window, EventMask::NO_EVENT, message).expect("the display");
    connection.flush().expect("the display");
    // Its answer says that the message has arrived.
    connection.get_input_focus().expect("the display").reply().expect("an answer");
}
