//! proto/ → prost types in the plain way: text as `String`, what is required not optional. What `prost-decode` and the
//! rivals read. (The engine's own types are made otherwise: the project's build.rs says why.)

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=../proto");
    let files = ["streaming", "security", "audit", "presence"].map(|name| format!("../proto/{name}.proto"));
    prost_build::Config::new().compile_fds(protox::compile(files, ["../proto"])?)?;
    Ok(())
}
