//! macOS and Windows: pop-ups through notify-rust as they are, without buttons, and so without answers.

use tokio::sync::mpsc;

use super::{Answer, Job, ServerInfo, ShowError, notification};

/// Does the jobs until nobody can give one any more.
pub fn run(mut jobs: mpsc::UnboundedReceiver<Job>, _on_answer: &impl Fn(Answer)) {
    while let Some(job) = jobs.blocking_recv() {
        match job {
            Job::Show(popup, sound, done) => done(match notification(&popup, sound, false, false).show() {
                Ok(_) => Ok(()),
                Err(error) => Err(ShowError::Other(error.to_string())),
            }),
            // The system takes its pop-ups away by itself.
            Job::Close(_) => {}
            Job::Server(done) => done(Ok(ServerInfo {
                name: std::env::consts::OS.to_owned(),
                vendor: String::new(),
                version: String::new(),
                buttons: false,
                markup: false,
            })),
        }
    }
}
