//! A panel that shows tray icons: the name on the bus that such a panel has, and what registers with it.

#![allow(clippy::unused_self, clippy::used_underscore_binding)] // the bus decides what a method looks like

use std::sync::{Arc, Mutex};

use zbus::Connection;

use crate::bench::Desk;

/// The panel. It lasts as long as this does.
pub struct Panel {
    _bus: Connection,
    icons: Arc<Mutex<Vec<String>>>,
}

struct Watcher {
    icons: Arc<Mutex<Vec<String>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str) {
        self.icons.lock().expect("no panic").push(service.to_owned());
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.icons.lock().expect("no panic").clone()
    }
}

impl Panel {
    /// Puts a panel on the desktop.
    pub async fn start(desk: &Desk) -> Self {
        let icons = Arc::<Mutex<Vec<String>>>::default();
        let watcher = Watcher { icons: Arc::clone(&icons) };
        let bus = zbus::connection::Builder::address(desk.bus.as_str())
            .serve_at("/StatusNotifierWatcher", watcher)
            .name("org.kde.StatusNotifierWatcher")
            .build()
            .await
            .expect("the bus");
        Self { _bus: bus, icons }
    }

    /// Whether an icon was put on it.
    pub fn has_icon(&self) -> bool {
        !self.icons.lock().expect("no panic").is_empty()
    }
}
