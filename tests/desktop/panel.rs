//! A panel that shows tray icons: the name on the bus that such a panel has, what registers with it, and a hand that
//! uses the icon's menu.
#![allow(clippy::unused_self, clippy::used_underscore_binding, reason = "what the bus asks of a panel")]

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use zbus::{Connection, OwnedVariant, Variant, message::Header};

use crate::bench::Desk;

/// The panel. It lasts as long as this does.
pub struct Panel {
    bus: Connection,
    icons: Arc<Mutex<Vec<Icon>>>,
}

/// An icon on the panel: who put it there, and where it is.
#[derive(Clone)]
struct Icon {
    owner: String,
    path: String,
}

struct Watcher {
    icons: Arc<Mutex<Vec<Icon>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let owner = header.sender().expect("a sender").to_string();
        self.icons.lock().expect("no panic").push(Icon { owner, path: service.to_owned() });
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
        self.icons.lock().expect("no panic").iter().map(|icon| format!("{}{}", icon.owner, icon.path)).collect()
    }
}

impl Panel {
    /// Puts a panel on the desktop.
    pub async fn start(desk: &Desk) -> Self {
        let icons = Arc::<Mutex<Vec<Icon>>>::default();
        let watcher = Watcher { icons: Arc::clone(&icons) };
        let bus = zbus::connection::Builder::address(desk.bus.as_str())
            .serve_at("/StatusNotifierWatcher", watcher)
            .name("org.kde.StatusNotifierWatcher")
            .build()
            .await
            .expect("the bus");
        Self { bus, icons }
    }

    /// Whether an icon was put on it.
    pub fn has_icon(&self) -> bool {
        !self.icons.lock().expect("no panic").is_empty()
    }

    /// The picture that the icon shows.
    pub async fn picture(&self) -> Option<PathBuf> {
        let name = self.property("IconName").await?;
        Some(PathBuf::from(<&str>::try_from(&*name).ok()?))
    }

    /// The entries of the icon's menu with their numbers, without the lines between them.
    pub async fn menu(&self) -> Vec<(i32, String)> {
        self.entries().await.unwrap_or_default()
    }

    /// Chooses the entry that begins so.
    pub async fn choose(&self, label: &str) {
        let menu = self.menu().await;
        let (number, _) =
            menu.iter().find(|(_, text)| text.starts_with(label)).unwrap_or_else(|| panic!("{label}: {menu:?}"));
        let (icon, path) = self.place().await.expect("a menu");
        let clicked = (*number, "clicked", Variant::I32(0), 0_u32);
        self.bus
            .call_method(Some(icon.owner.as_str()), path.as_str(), Some("com.canonical.dbusmenu"), "Event", &clicked)
            .await
            .expect("the menu answers");
    }

    async fn entries(&self) -> Option<Vec<(i32, String)>> {
        let (icon, path) = self.place().await?;
        let all = (0_i32, -1_i32, Vec::<String>::new());
        let reply = self
            .bus
            .call_method(Some(icon.owner.as_str()), path.as_str(), Some("com.canonical.dbusmenu"), "GetLayout", &all)
            .await
            .ok()?;
        let body = reply.body();
        type Entry<'a> = (i32, HashMap<String, Variant<'a>>, Vec<Variant<'a>>);
        let (_, (_, _, children)) = body.deserialize::<(u32, Entry<'_>)>().ok()?;
        let entries = children.into_iter().filter_map(|child| {
            let (number, words, _) = Entry::try_from(child).ok()?;
            let label = words.get("label").and_then(|label| <&str>::try_from(label).ok())?;
            // One underline marks a key, two are one.
            Some((number, label.replace("__", "_")))
        });
        Some(entries.collect())
    }

    async fn place(&self) -> Option<(Icon, String)> {
        let icon = self.icons.lock().expect("no panic").last().cloned()?;
        let menu = self.property("Menu").await?;
        let path = match &*menu {
            Variant::ObjectPath(path) => path.to_string(),
            _ => return None,
        };
        Some((icon, path))
    }

    async fn property(&self, name: &str) -> Option<OwnedVariant> {
        let icon = self.icons.lock().expect("no panic").last().cloned()?;
        let asked = ("org.kde.StatusNotifierItem", name);
        let reply = self
            .bus
            .call_method(
                Some(icon.owner.as_str()),
                icon.path.as_str(),
                Some("org.freedesktop.DBus.Properties"),
                "Get",
                &asked,
            )
            .await
            .ok()?;
        reply.body().deserialize().ok()
    }
}
