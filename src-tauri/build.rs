//! Embeds the window, and names the only two commands it may call.

#![allow(clippy::print_stderr)] // a build script has nowhere else to say it

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["call", "subscribe"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        // What a build script prints to the error stream is shown with its failure.
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
