//! Embeds the window, and names the only two commands it may call.
//!
//! It is embedded here, once. Tauri's macro would do it wherever it is used: in the program and in its unit tests, which are
//! built side by side, and the one took a file that the other had only half written (the window then stayed blank).

#![allow(clippy::print_stderr)] // a build script has nowhere else to say it

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["call", "subscribe"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands).codegen(tauri_build::CodegenContext::new());
    if let Err(error) = tauri_build::try_build(attributes) {
        // What a build script prints to the error stream is shown with its failure.
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
