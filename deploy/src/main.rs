//! `cargo asterism`.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    deploy::cli::main().await
}
