//! The pop-up as a desktop draws it, and its button; acknowledging in the window.

use crate::{
    bench::{Daemon, Desk, until},
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_button_on_the_pop_up_acknowledges_the_alert_in_the_window() {
    let mut desk = Desk::start(Daemon::Xfce, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.see("[role=option]").await;
    assert_eq!(window.count("[role=option].acknowledged").await, 0);
    let popup = until("a pop-up is drawn", || desk.popup_window());
    window.settle().await;
    desk.photograph("popup-xfce");

    // The first of the buttons at the bottom.
    let (x, y) = desk.first_button(popup);
    desk.run("xdotool", &["mousemove", &x.to_string(), &y.to_string(), "click", "1"]);
    window.see("[role=option].acknowledged").await;
    window.click("[role=option].acknowledged").await;
    window.read("article.detail", "Acknowledged").await;
    window.photograph("acknowledged-by-pop-up").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_acknowledged_in_the_window_and_taken_back() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.click("[role=option].firing").await;
    until("its pop-up is shown", || (desk.text("dunstctl", &["count", "displayed"]) != "0").then_some(()));
    window.press(&[], "a").await;
    window.see("[role=option].acknowledged[aria-selected=true]").await;
    window.read(".toasts", "1 acknowledged").await;
    window.read("article.detail header", "Acknowledged").await;
    window.photograph("acknowledged").await;
    window.click_text("article.detail button", "Take back").await;
    window.see("[role=option].firing[aria-selected=true]").await;
    window.close().await;
}

/// Where a pop-up is drawn.
#[derive(Clone, Copy, Debug)]
pub struct PopupWindow {
    pub left: i64,
    pub top: i64,
    pub width: i64,
    pub height: i64,
}

impl Desk {
    /// The first pop-up that xfce4-notifyd has on the screen.
    pub fn popup_window(&self) -> Option<PopupWindow> {
        let ids = self.text("xdotool", &["search", "--onlyvisible", "--class", "xfce4-notifyd"]);
        ids.lines().find_map(|id| {
            let said = self.text("xdotool", &["getwindowgeometry", "--shell", id]);
            let number = |name: &str| {
                said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')?.parse::<i64>().ok())
            };
            let popup = PopupWindow {
                left: number("X")?,
                top: number("Y")?,
                width: number("WIDTH")?,
                height: number("HEIGHT")?,
            };
            (popup.width > 50 && popup.height > 50).then_some(popup)
        })
    }

    /// A place on the first of a pop-up's buttons, which stand in a row at its bottom: behind the first edge that the
    /// row has, from the left.
    fn first_button(&self, popup: PopupWindow) -> (i64, i64) {
        let y = popup.top + popup.height - 31;
        let area = format!("{}x1+{}+{y}", popup.width - 8, popup.left + 4);
        let row = self.run("import", &["-window", "root", "-crop", &area, "-depth", "8", "rgb:-"]).stdout;
        let background = row.get(..3).expect("a picture of the row").to_vec();
        let edge = row.chunks(3).position(|pixel| pixel != background).expect("a button");
        (popup.left + 4 + i64::try_from(edge).expect("a small number") + 20, y)
    }
}
