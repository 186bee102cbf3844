//! The binary: reads the command line and exits with what the command says.

use std::process::ExitCode;

fn main() -> ExitCode {
    claviger::app::cli::run()
}
