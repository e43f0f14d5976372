//! What is embedded: the window's files, the configuration, what the window may call.

#![allow(clippy::all, clippy::pedantic, clippy::restriction, reason = "the build script writes it")]

/// All of it.
pub fn context() -> tauri::Context {
    tauri::tauri_build_context!()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_file_of_the_window_is_embedded_whole() {
        let context = super::context();
        let names: Vec<String> = context.assets().iter().map(|(name, _)| name.into_owned()).collect();
        for ending in [".html", ".js", ".css"] {
            assert!(names.iter().any(|name| name.ends_with(ending)), "{names:?}");
        }
        for name in names {
            // One that is cut off cannot be unpacked; the window would be given the page in its place.
            assert!(context.assets().get(&name.as_str().into()).is_some(), "{name}");
        }
    }
}
