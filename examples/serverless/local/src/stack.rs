//! Starts all the parts, each after those that it needs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use keenpix_s3_server::{Cors, Server, Store};
use serde_json::json;

use crate::cdn::Cdn;
use crate::delivery::{DeadLetters, again, deliver};
use crate::identity::{CLIENT, Identity, POOL};
use crate::keys::Keys;
use crate::lambda::{Function, Program};
use crate::net::{AnyError, listen};
use crate::options::Options;
use crate::page::Site;
use crate::{aws, http_api, page};

const UPLOADS: &str = "uploads.local";
const ASSETS: &str = "assets.local";
const FOLDER: &str = "avatars";
/// What may be set in the environment of `make demo` as in `cdk/.env`.
const SETTINGS: [&str; 9] = [
    "PROCESS_WIDTH",
    "PROCESS_HEIGHT",
    "EXTRA_WIDTHS",
    "PROCESS_FIT",
    "PROCESS_POSITION",
    "PROCESS_FORMAT",
    "PROCESS_QUALITY",
    "PROCESS_TOLERATE",
    "KEY_TEMPLATE",
];

/// The addresses of all the parts.
pub(crate) struct Addresses {
    pub(crate) page: String,
    pub(crate) api: String,
    pub(crate) s3: String,
    pub(crate) cdn: String,
    /// The S3 ends when this is dropped.
    _storage: Server,
}

/// Starts everything. It ends with the program; the S3 ends when the result is dropped.
pub(crate) async fn start(options: &Options) -> Result<Addresses, AnyError> {
    let root = folder_of_the_example()?;
    let (page_listener, page_at) = listen(options.port).await?;
    let (api_listener, api_at) = listen(0).await?;
    let (cdn_listener, cdn_at) = listen(0).await?;
    let (aws_listener, aws_at) = listen(0).await?;
    let page = format!("http://{page_at}");
    let store = Store::in_folder(&options.data.join("buckets"))?;
    for bucket in [UPLOADS, ASSETS] {
        store.create_bucket(bucket);
    }
    let (uploaded, made) = (store.watch(UPLOADS), store.watch(ASSETS));
    let last = again(&store, UPLOADS);
    let identity = Identity::new()?;
    let keys = Keys::open(&options.data.join("credentials"), || identity.secret())?;
    let storage = Server::start(keenpix_s3_server::Options {
        store: store.clone(),
        keys: keys.all(),
        cors: Some(Cors::uploads([page.as_str()])),
        ..Default::default()
    });
    let storage = storage.await?;
    let at = Addresses {
        page,
        api: format!("http://{api_at}"),
        s3: storage.endpoint(),
        cdn: format!("http://{cdn_at}"),
        _storage: storage,
    };

    let dead = DeadLetters::open(options.data.join("dead-letters.json"));
    let cdn = Cdn::new(store, ASSETS);
    cdn.serve(cdn_listener);
    aws::serve(aws_listener, cdn.clone(), dead.clone());
    let site = Site {
        folder: root.join("web"),
        config: json!({
            "api": at.api, "cdn": at.cdn, "folder": FOLDER, "signIn": format!("{}/sign-in", at.page), "maxBytes": options.max_bytes,
        }),
        policy: format!(
            "default-src 'self'; connect-src 'self' {} {} {}; img-src 'self' blob: {}; frame-ancestors 'none'; base-uri 'none'",
            at.api, at.s3, at.cdn, at.cdn
        ),
        identity,
        cdn,
        dead: dead.clone(),
    };
    page::serve(page_listener, Arc::new(site));

    let programs = Programs {
        root,
        s3: at.s3.clone(),
        aws: format!("http://{aws_at}"),
        page: at.page.clone(),
        keys,
        options,
    };
    let function = |name, program, seconds| Function::start(name, program, Duration::from_secs(seconds));
    let authorizer = function("authorizer", programs.authorizer(), 10).await?;
    let presign = function("presign", programs.presign(), 10).await?;
    let process_image = function("process-image", programs.process_image(), 30).await?;
    let invalidate = function("invalidate", programs.invalidate(), 10).await?;
    http_api::serve(api_listener, authorizer, presign);
    deliver(last, uploaded, process_image, dead.clone());
    // Nothing is cached yet, so nothing of the last run has to be invalidated.
    deliver(Vec::new(), made, invalidate, dead);
    Ok(at)
}

/// How to run each function, with the environment that CDK gives it on AWS.
struct Programs<'a> {
    root: PathBuf,
    s3: String,
    aws: String,
    page: String,
    keys: Keys,
    options: &'a Options,
}

impl Programs<'_> {
    fn authorizer(&self) -> Program {
        let keys = format!("{}/.well-known/jwks.json", self.page);
        self.node("authorizer")
            .with(&[("USER_POOL_ID", POOL), ("CLIENT_ID", CLIENT), ("JWKS_URL", &keys)])
    }

    fn presign(&self) -> Program {
        let bootstrap = self.root.join("local/runtime/bootstrap.rb");
        let folder = self.root.join("functions/presign");
        let program = Program::new(&["ruby", &bootstrap.to_string_lossy()], &folder, "function.handler");
        self.account(program).with(&[
            ("UPLOADS_BUCKET_NAME", UPLOADS),
            ("ALLOWED_ORIGINS", &self.page),
            ("MAX_INPUT_BYTES", &self.options.max_bytes.to_string()),
            ("S3_ENDPOINT", &self.s3),
        ])
    }

    fn process_image(&self) -> Program {
        let program = match &self.options.process_image {
            Some(program) => self.account(Program::new(&[&program.to_string_lossy()], &self.root, "bootstrap")),
            None => self.node("process-image"),
        };
        let program = program.with(&[
            ("DEST_BUCKET_NAME", ASSETS),
            ("FOLDER_INPUT", ""),
            ("FOLDER_OUTPUT", FOLDER),
            ("PROCESS_WIDTH", "512"),
            ("PROCESS_HEIGHT", "512"),
            ("EXTRA_WIDTHS", "256,128,64"),
            ("WRITE_STATUS", "true"),
            ("MAX_INPUT_BYTES", &self.options.max_bytes.to_string()),
            ("REJECTS_QUEUE_URL", &format!("{}/123456789012/dead-letters", self.aws)),
        ]);
        // The settings of a deployment, by the same names.
        SETTINGS
            .iter()
            .filter_map(|name| Some((*name, std::env::var(name).ok()?)))
            .fold(program, |program, (name, value)| program.with(&[(name, &value)]))
    }

    fn invalidate(&self) -> Program {
        self.node("invalidate")
            .with(&[("DISTRIBUTION_ID", "ELOCAL"), ("FOLDER_OUTPUT", FOLDER)])
    }

    fn node(&self, name: &str) -> Program {
        let runtime = self.root.join("node_modules/aws-lambda-ric/bin/index.mjs");
        let lifeline = self.root.join("local/runtime/lifeline.cjs");
        let command = [
            "node",
            "--require",
            &*lifeline.to_string_lossy(),
            &*runtime.to_string_lossy(),
            "index.handler",
        ];
        self.account(Program::new(
            &command,
            &self.root.join("functions").join(name),
            "index.handler",
        ))
    }

    fn account(&self, program: Program) -> Program {
        program.with(&[
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", &self.keys.id),
            ("AWS_SECRET_ACCESS_KEY", &self.keys.secret),
            ("AWS_ENDPOINT_URL_S3", &self.s3),
            ("AWS_ENDPOINT_URL_CLOUDFRONT", &self.aws),
            ("AWS_ENDPOINT_URL_SQS", &self.aws),
            ("S3_FORCE_PATH_STYLE", "true"),
        ])
    }
}

/// Finds `examples/serverless` from any folder of the project.
fn folder_of_the_example() -> Result<PathBuf, AnyError> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.parent().ok_or("the example's folder is gone")?.canonicalize()?;
    for (needed, how) in [
        ("node_modules/aws-lambda-ric/bin/index.mjs", "npm ci"),
        ("node_modules/keenpix", "make node, then npm ci"),
    ] {
        if !folder.join(needed).exists() {
            return Err(format!("{} is missing: run {how} in {}, or make demo", needed, folder.display()).into());
        }
    }
    Ok(folder)
}
