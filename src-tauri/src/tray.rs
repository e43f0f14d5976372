//! The tray: the worst state as an icon, what fires, the snoozes.

use jiff::{ToSpan as _, Zoned, tz::TimeZone};
use tauri::{
    AppHandle, Manager, Theme,
    image::Image,
    menu::{Menu, MenuBuilder, MenuItemBuilder},
    tray::{TrayIcon, TrayIconBuilder},
};
use tocsin::{
    api::{AlertRow, AlertState, AlertTab, App, Counts, Request, Response, Status},
    clock::Clock,
    inert,
    rules::Severity,
};

use crate::{
    face::{self, Face},
    shell::Shell,
    window,
};

/// How many alerts the menu names; the rest are counted.
const NAMED: usize = 5;

/// Everything a tray shows. Equal content is not drawn again: an open menu would close under the pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    face: Face,
    words: String,
    firing: Vec<(String, String)>,
    more: u32,
    snoozed: bool,
    light: bool,
}

/// What there is to show.
pub async fn content(engine: &App, light: bool) -> Content {
    let status = engine.status().await;
    let mut alerts = firing(engine, &status).await;
    alerts.sort_by(|a, b| b.severity.cmp(&a.severity).then(b.last.cmp(&a.last)));
    let more = u32::try_from(alerts.len().saturating_sub(NAMED)).unwrap_or(u32::MAX);
    alerts.truncate(NAMED);
    Content {
        face: Face::of(&status),
        words: face::words(&status, engine.one_of_several().await.as_deref()),
        firing: alerts.into_iter().map(|alert| (format!("alert:{}", alert.id), line(&alert))).collect(),
        more,
        snoozed: status.snoozed_until.is_some(),
        light,
    }
}

async fn firing(engine: &App, status: &Status) -> Vec<AlertRow> {
    if status.firing == Counts::default() {
        return Vec::new();
    }
    let all = Request::Alerts { tab: AlertTab::Active, text: String::new(), limit: 500 };
    match engine.call(all).await {
        Ok(Response::Alerts(list)) => {
            list.alerts.into_iter().filter(|alert| alert.state == AlertState::Firing).collect()
        }
        _ => Vec::new(),
    }
}

/// `Critical · Rogue AP "eduroam" on the wire`.
fn line(alert: &AlertRow) -> String {
    let severity = match alert.severity {
        Severity::Critical => "Critical",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    };
    // In a menu's text one `&` underlines the next letter.
    format!("{severity} · {}", inert::title(&alert.title)).replace('&', "&&")
}

/// Makes the tray. On the main thread, and only where [`crate::panel::obstacle`] finds none: else it panics.
pub fn make(handle: &AppHandle, content: &Content) -> tauri::Result<TrayIcon> {
    let folder = handle.state::<Shell>().engine.data_folder().join("tray");
    let tray = TrayIconBuilder::with_id("tocsin")
        .icon(icon(content)?)
        .icon_as_template(cfg!(target_os = "macos"))
        .temp_dir_path(folder)
        .tooltip(&content.words)
        .menu(&menu(handle, content)?)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(|handle, event| chosen(handle, event.id().as_ref()));
    #[cfg(target_os = "windows")]
    let tray = tray.on_tray_icon_event(|tray, event| {
        use tauri::tray::{MouseButton, MouseButtonState, TrayIconEvent};
        if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event {
            window::open(tray.app_handle());
        }
    });
    tray.build(handle)
}

/// Shows what changed. On the main thread.
pub fn update(handle: &AppHandle, tray: &TrayIcon, old: &Content, new: &Content) -> tauri::Result<()> {
    if (old.face, old.light) != (new.face, new.light) {
        tray.set_icon(Some(icon(new)?))?;
        #[cfg(target_os = "macos")]
        tray.set_icon_as_template(true)?;
    }
    if old.words != new.words {
        tray.set_tooltip(Some(&new.words))?;
    }
    tray.set_menu(Some(menu(handle, new)?))
}

fn menu(handle: &AppHandle, content: &Content) -> tauri::Result<Menu<tauri::Wry>> {
    // Panels of the free desktops show no tooltip, so the menu begins with its words.
    let words = MenuItemBuilder::new(content.words.replace('&', "&&")).enabled(false).build(handle)?;
    let mut menu = MenuBuilder::new(handle).text("open", "Open Tocsin").item(&words).separator();
    if !content.firing.is_empty() {
        for (id, text) in &content.firing {
            menu = menu.text(id, text);
        }
        if content.more > 0 {
            menu = menu.text("open", format!("{} more…", content.more));
        }
        menu = menu.separator();
    }
    if content.snoozed {
        menu = menu.text("snooze:0", "Resume pop-ups");
    }
    menu.text("snooze:15", "Snooze pop-ups for 15 min")
        .text("snooze:60", "Snooze pop-ups for 1 h")
        .text("snooze:tomorrow", "Snooze until tomorrow, 07:30")
        .separator()
        .text("quit", "Quit")
        .build()
}

fn chosen(handle: &AppHandle, id: &str) {
    match id.split_once(':') {
        Some(("alert", alert)) => handle.state::<Shell>().open_alert(handle, alert.to_owned(), None),
        Some(("snooze", how_long)) => {
            let minutes = how_long.parse().unwrap_or_else(|_| until_tomorrow(&Clock::system()));
            let engine = handle.state::<Shell>().engine.clone();
            tauri::async_runtime::spawn(async move {
                if let Err(error) = engine.call(Request::SnoozeAll { minutes }).await {
                    tracing::error!("pop-ups were not snoozed: {}", error.message);
                }
            });
        }
        _ if id == "quit" => handle.exit(0),
        _ => window::open(handle),
    }
}

/// Minutes to tomorrow, 07:30 local time.
fn until_tomorrow(clock: &Clock) -> u32 {
    minutes_to_morning(&clock.now().to_zoned(TimeZone::system()))
}

fn minutes_to_morning(now: &Zoned) -> u32 {
    // A morning without 07:30, or a calendar's end: a night's length will do.
    const NIGHT: u32 = 12 * 60;
    let morning = now.date().checked_add(1.day()).and_then(|day| day.at(7, 30, 0, 0).to_zoned(now.time_zone().clone()));
    let Ok(morning) = morning else { return NIGHT };
    u32::try_from(now.duration_until(&morning).as_mins()).unwrap_or(NIGHT)
}

/// Whether the panel is light, by what is known: GNOME's bar is dark under every theme.
pub fn is_light(handle: &AppHandle) -> bool {
    let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    let dark_bar = cfg!(target_os = "linux") && ["GNOME", "Unity"].iter().any(|name| desktop.contains(name));
    let theme = handle.get_webview_window(window::LABEL).and_then(|window| window.theme().ok());
    !dark_bar && theme == Some(Theme::Light)
}

/// The icon of a face: black for a system that colours it itself.
fn icon(content: &Content) -> tauri::Result<Image<'static>> {
    macro_rules! variants {
        ($name:literal) => {
            [
                include_bytes!(concat!("../icons/tray/", $name, "-dark.png")).as_slice(),
                include_bytes!(concat!("../icons/tray/", $name, "-light.png")).as_slice(),
                include_bytes!(concat!("../icons/tray/", $name, "-template.png")).as_slice(),
            ]
        };
    }
    let [dark, light, template] = match content.face {
        Face::Quiet => variants!("quiet"),
        Face::Info => variants!("info"),
        Face::Warning => variants!("warning"),
        Face::Deaf => variants!("deaf"),
        Face::Critical => variants!("critical"),
    };
    let bytes = if cfg!(target_os = "macos") {
        template
    } else if content.light {
        light
    } else {
        dark
    };
    Image::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    #[test]
    fn a_night_ends_at_half_past_seven() {
        for (now, minutes) in [
            ("2025-11-18T14:30+01:00[Europe/Berlin]", 17 * 60),
            ("2025-11-18T00:00+01:00[Europe/Berlin]", 31 * 60 + 30),
            // The clocks go back in this night.
            ("2025-10-25T19:30+02:00[Europe/Berlin]", 13 * 60),
        ] {
            assert_eq!(minutes_to_morning(&now.parse().unwrap()), minutes, "{now}");
        }
    }

    #[test]
    fn every_face_has_its_icons() {
        for face in [Face::Quiet, Face::Info, Face::Warning, Face::Deaf, Face::Critical] {
            for light in [false, true] {
                let content = Content { face, words: String::new(), firing: vec![], more: 0, snoozed: false, light };
                assert_eq!(icon(&content).unwrap().width(), 44);
            }
        }
    }
}
