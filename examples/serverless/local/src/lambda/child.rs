//! The process of a function: started, restarted when it ends, and never left behind.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use super::Function;

/// How to run a function.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) command: Vec<String>,
    pub(crate) folder: PathBuf,
    pub(crate) handler: String,
    pub(crate) environment: HashMap<String, String>,
}

impl Program {
    pub(crate) fn new(command: &[&str], folder: &Path, handler: &str) -> Self {
        Program {
            command: command.iter().map(|part| (*part).to_owned()).collect(),
            folder: folder.to_owned(),
            handler: handler.to_owned(),
            environment: HashMap::new(),
        }
    }

    pub(crate) fn with(mut self, variables: &[(&str, &str)]) -> Self {
        for (name, value) in variables {
            self.environment.insert((*name).to_owned(), (*value).to_owned());
        }
        self
    }

    fn spawn(&self, name: &str, api: SocketAddr) -> std::io::Result<Child> {
        let (program, arguments) = self.command.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.folder)
            // A function gets only the variables it is given, nothing of this machine's account.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", std::env::temp_dir())
            .env("LANG", "C.UTF-8")
            .env("AWS_LAMBDA_RUNTIME_API", api.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}"))
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("LAMBDA_TASK_ROOT", &self.folder)
            .env("_HANDLER", &self.handler)
            .envs(&self.environment)
            // Closed when this program ends, however it ends: the functions watch it.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command.spawn()
    }
}

/// Runs the program for as long as this one runs.
pub(super) fn keep_running(function: Function, program: Program, api: SocketAddr) {
    tokio::spawn(async move {
        loop {
            match program.spawn(function.name(), api) {
                Ok(mut child) => {
                    let _lifeline = child.stdin.take();
                    follow(&function, child.stdout.take());
                    follow(&function, child.stderr.take());
                    tokio::select! {
                        status = child.wait() => {
                            let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                            function.lost(&format!("the process ended: {status}"));
                        }
                        () = function.0.kill.notified() => {
                            let _ = child.kill().await;
                            function.lost("the process was killed");
                        }
                    }
                }
                Err(error) => crate::say(&format!("{}: {}: {error}", function.name(), program.command.join(" "))),
            }
            // Keeps a program that can't start from being restarted a hundred times a second.
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    });
}

/// Prints a function's output line by line, each prefixed with its name.
fn follow<R: AsyncRead + Unpin + Send + 'static>(function: &Function, stream: Option<R>) {
    let Some(stream) = stream else { return };
    let name = function.name().to_owned();
    tokio::spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if crate::verbose() {
                crate::say(&format!("  {name}: {line}"));
            }
        }
    });
}
