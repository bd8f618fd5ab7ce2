//! The whole system: users, a bucket, a queue, and functions that are let through one request at a time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;
use keenpix_s3_server::{Event, Fault, Options, Server, Store};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::functions::{Functions, SANDBOXES};
use crate::queue::Queue;
use crate::users::Users;

pub(crate) struct World {
    pub(crate) rng: Rng,
    pub(crate) setup: Setup,
    pub(crate) server: Server,
    pub(crate) users: Users,
    pub(crate) queue: Queue,
    pub(crate) functions: Functions,
    /// Milliseconds since the start.
    pub(crate) now: u64,
    /// What happened, for comparing and for reading.
    pub(crate) log: Vec<String>,
    /// The ETag of each output ever written, by its key and the ETag of its source.
    pub(crate) outputs: BTreeMap<(String, String), String>,
    pub(crate) counts: Counts,
    uploads: UnboundedReceiver<Event>,
    assets: UnboundedReceiver<Event>,
    faults: u32,
    verbose: bool,
}

/// What differs from run to run.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// Sources and outputs in one bucket, whose events are all delivered.
    pub(crate) one_bucket: bool,
    pub(crate) versioned: bool,
    /// Messages in batches; otherwise events one by one, as S3 invokes a function.
    pub(crate) sqs: bool,
    pub(crate) remove_stale: bool,
    /// A status next to each output.
    pub(crate) status: bool,
    /// How many outputs an upload has.
    pub(crate) outputs: usize,
    /// How often an event is repeated, in per cent.
    pub(crate) duplicates: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) faults: u64,
    pub(crate) kills: u64,
    pub(crate) events: u64,
    pub(crate) duplicates: u64,
    pub(crate) redriven: u64,
    pub(crate) dead: u64,
    pub(crate) superseded: u64,
    pub(crate) written: u64,
    pub(crate) removed: u64,
}

impl World {
    pub(crate) async fn new(seed: u64, verbose: bool) -> Self {
        let mut rng = Rng::with_seed(seed);
        let setup = Setup {
            one_bucket: rng.u8(..4) == 0,
            versioned: rng.u8(..3) == 0,
            sqs: rng.bool(),
            remove_stale: rng.bool(),
            duplicates: rng.u32(..60),
            status: rng.bool(),
            outputs: rng.usize(1..=3),
        };
        let store = Store::ticking(1_700_000_000);
        if setup.versioned {
            store.create_versioned_bucket("uploads");
        } else {
            store.create_bucket("uploads");
        }
        store.create_bucket("assets");
        let options = Options {
            keys: (0..SANDBOXES)
                .map(|index| (format!("sandbox{index}"), "secret".into()))
                .collect(),
            store,
            ..Options::default()
        };
        let server = Server::start(options).await.expect("a free port");
        let (users, faults) = (Users::new(&mut rng, &setup), rng.u32(..40));
        World {
            uploads: server.store().watch("uploads"),
            assets: server.store().watch("assets"),
            functions: Functions::new(&server, &setup),
            queue: Queue::default(),
            log: vec![format!("{setup:?}")],
            outputs: BTreeMap::new(),
            counts: Counts::default(),
            now: 0,
            users,
            faults,
            server,
            setup,
            rng,
            verbose,
        }
    }

    /// Goes on until the users are done, the queue is empty and no function runs.
    pub(crate) async fn drain(&mut self, with_faults: bool) {
        if !with_faults {
            self.faults = 0;
        }
        for _ in 0..20_000 {
            let finished = self.functions.quiet().await;
            for (sandbox, batch, report) in finished {
                self.finished(sandbox, batch, report);
            }
            self.collect();
            let blocked = self.functions.blocked();
            let idle = self.functions.idle();
            let due = self.queue.is_due(self.now) && idle.is_some();
            let users = !self.users.is_done();
            // Most steps are requests.
            match self.rng.u8(..10) {
                0 | 1 if users => self.use_it(),
                2 | 3 if due => self.deliver(),
                _ if !blocked.is_empty() => {
                    let sandbox = blocked[self.rng.usize(..blocked.len())];
                    self.let_through(sandbox).await;
                }
                _ if due => self.deliver(),
                _ if users => self.use_it(),
                _ => match self.queue.next_due() {
                    Some(due) => self.now = self.now.max(due),
                    None => return,
                },
            }
        }
        panic!("the queue does not drain");
    }

    /// Puts messages that failed temporarily back into the queue, as an operator would.
    pub(crate) fn redrive(&mut self) {
        let count = self.queue.redrive(self.now);
        self.counts.redriven += count as u64;
        self.note(|| format!("{count} redriven"));
    }

    pub(crate) fn note(&mut self, text: impl FnOnce() -> String) {
        let line = format!("{:>9} {}", self.now, text());
        if self.verbose {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "{line}");
        }
        self.log.push(line);
    }

    fn use_it(&mut self) {
        let done = self.users.act(&mut self.rng, self.server.store());
        self.note(|| done);
    }

    fn deliver(&mut self) {
        let Some(sandbox) = self.functions.idle() else { return };
        let batch = self.queue.take(&mut self.rng, self.now, self.setup.sqs);
        self.note(|| format!("sandbox {sandbox} starts {batch:?}"));
        self.functions.start(sandbox, batch, self.now);
    }

    /// Lets one of a sandbox's requests through, or not.
    async fn let_through(&mut self, sandbox: usize) {
        self.now += 10;
        let faulty = self.faults > 0 && self.rng.u8(..4) == 0;
        let mut calls = self.functions.calls(sandbox);
        let call = calls.swap_remove(self.rng.usize(..calls.len()));
        if !faulty {
            self.note(|| format!("sandbox {sandbox} {} {}/{}", call.method, call.bucket, call.key));
            return self.functions.release(sandbox, &call, Fault::None);
        }
        self.faults -= 1;
        self.counts.faults += 1;
        let fault = match self.rng.u8(..8) {
            0 | 1 => Fault::Status(503, "SlowDown"),
            2 => Fault::Status(500, "InternalError"),
            3 => Fault::Drop,
            4 => Fault::Lose,
            5 if call.method == "GET" => Fault::Cut(self.rng.usize(..200)),
            5 if call.method == "PUT" => Fault::Status(409, "ConditionalRequestConflict"),
            _ => {
                // Killed before or after the request took effect.
                let lost = self.rng.bool();
                self.counts.kills += 1;
                self.note(|| format!("sandbox {sandbox} is killed, {} {} {lost}", call.method, call.key));
                let batch = self.functions.kill(sandbox, &call, lost).await;
                return self.queue.failed(self.now, batch, None);
            }
        };
        self.note(|| {
            format!(
                "sandbox {sandbox} {} {}/{}: {fault:?}",
                call.method, call.bucket, call.key
            )
        });
        self.functions.release(sandbox, &call, fault);
    }

    /// Moves the events of recent writes into the queue.
    fn collect(&mut self) {
        while let Ok(event) = self.uploads.try_recv() {
            self.counts.events += 1;
            self.keep(&event);
            let more = self.rng.u32(..100) < self.setup.duplicates;
            let copies = 1 + u32::from(more) * self.rng.u32(1..4);
            self.counts.duplicates += u64::from(copies - 1);
            for _ in 0..copies {
                self.queue.add(&mut self.rng, self.now, &event, self.setup.sqs);
            }
        }
        while let Ok(event) = self.assets.try_recv() {
            self.keep(&event);
        }
    }

    /// Nothing is written twice with different bytes.
    fn keep(&mut self, event: &Event) {
        let (Some(etag), true) = (
            &event.etag,
            event.key.contains("avatars/") && !event.key.ends_with(".json"),
        ) else {
            return;
        };
        let Some(object) = self.server.store().get(&event.bucket, &event.key) else {
            return;
        };
        let source = object.metadata["source-etag"].clone();
        let before = self.outputs.insert((event.key.clone(), source), etag.clone());
        assert!(
            before.is_none_or(|before| before == *etag),
            "{} was written twice, with other bytes",
            event.key
        );
    }
}

/// What happened in all runs.
#[derive(Default)]
pub(crate) struct Totals([AtomicU64; 9]);

const NAMES: [&str; 9] = [
    "events",
    "duplicates",
    "faults",
    "kills",
    "redriven",
    "dead letters",
    "superseded",
    "written",
    "removed",
];

impl Totals {
    pub(crate) fn add(&self, world: &World) {
        let c = &world.counts;
        let counts = [
            c.events,
            c.duplicates,
            c.faults,
            c.kills,
            c.redriven,
            c.dead,
            c.superseded,
            c.written,
            c.removed,
        ];
        for (total, count) in self.0.iter().zip(counts) {
            total.fetch_add(count, Ordering::Relaxed);
        }
    }

    pub(crate) fn print(&self, runs: u64) {
        use std::io::Write as _;
        let parts = NAMES
            .iter()
            .zip(&self.0)
            .map(|(name, total)| format!("{name} {}", total.load(Ordering::Relaxed)));
        let _ = writeln!(
            std::io::stderr(),
            "{runs} runs: {}",
            parts.collect::<Vec<_>>().join(", ")
        );
    }

    pub(crate) fn assert_all_happened(&self) {
        for (name, total) in NAMES.iter().zip(&self.0) {
            assert!(total.load(Ordering::Relaxed) > 50, "{name} hardly happened");
        }
    }
}
