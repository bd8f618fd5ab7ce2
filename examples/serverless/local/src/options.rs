//! The command line.

use std::path::PathBuf;

use crate::net::AnyError;

pub(crate) const USAGE: &str = "\
The avatar stack on this machine.

  --data FOLDER           where buckets and dead letters are kept (default: out/serverless)
  --port PORT             the page's port; 0 or a taken one for any (default: 3000)
  --process-image PROGRAM a program for lambda_runtime in place of the Node function
  --max-bytes N           the largest photo (default: 20971520)
  --no-check              start without uploading the sample photo
  --verbose               print what the functions print";

pub(crate) struct Options {
    pub(crate) data: PathBuf,
    pub(crate) port: u16,
    pub(crate) process_image: Option<PathBuf>,
    pub(crate) max_bytes: u64,
    pub(crate) check: bool,
    pub(crate) verbose: bool,
}

impl Options {
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, AnyError> {
        let mut options = Options {
            data: "out/serverless".into(),
            port: 3000,
            process_image: None,
            max_bytes: 20 << 20,
            check: true,
            verbose: false,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--data" => options.data = value()?.into(),
                "--port" => options.port = value()?.parse()?,
                "--process-image" => {
                    let program = value()?;
                    // It is started in a different folder.
                    let found = std::fs::canonicalize(&program).map_err(|error| format!("{program}: {error}"))?;
                    options.process_image = Some(found);
                }
                "--max-bytes" => options.max_bytes = value()?.parse()?,
                "--no-check" => options.check = false,
                "--verbose" => options.verbose = true,
                _ => return Err(format!("unknown option {argument}\n\n{USAGE}").into()),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, AnyError> {
        Options::parse(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn a_program_is_found_from_here_and_missed_at_once() {
        let options = parse(&["--process-image", "src/main.rs"]).unwrap();
        assert!(options.process_image.is_some_and(|program| program.is_absolute()));
        assert!(parse(&["--process-image", "src/none"]).is_err());
        assert!(parse(&["--process-image"]).is_err() && parse(&["--what"]).is_err());
    }
}
