//! The queue between S3 and the functions: Lambda's own or SQS, both with a dead-letter queue.

use fastrand::Rng;
use keenpix::s3::Report;
use keenpix_s3_server::{Event, in_sns, in_sqs};
use serde_json::{Value, json};

/// Tries of an event before it goes to the dead-letter queue.
pub(crate) const TRIES: u32 = 3;

/// The codes of temporary failures of a function.
const PASSING: [&str; 6] = [
    "S3_SLOW_DOWN",
    "S3_UNAVAILABLE",
    "S3_CUT",
    "BUSY",
    "UNSETTLED",
    "KILLED",
];

#[derive(Default)]
pub(crate) struct Queue {
    waiting: Vec<Message>,
    /// The dead-letter queue, with the code of the last failure.
    pub(crate) dead: Vec<(Message, &'static str)>,
    count: u64,
}

#[derive(Clone)]
pub(crate) struct Message {
    id: String,
    body: Value,
    tries: u32,
    due: u64,
}

/// The messages of one invocation.
pub(crate) struct Batch {
    pub(crate) messages: Vec<Message>,
    pub(crate) event: Value,
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids = self
            .messages
            .iter()
            .map(|message| format!("{} try {}", message.id, message.tries + 1));
        f.write_str(&ids.collect::<Vec<_>>().join(", "))
    }
}

impl Queue {
    /// Takes an event, in some envelope, to be delivered at some time.
    pub(crate) fn add(&mut self, rng: &mut Rng, now: u64, event: &Event, sqs: bool) {
        self.count += 1;
        let s3 = event.to_json();
        let body = match rng.u8(..6) {
            0 => event.to_eventbridge(),
            1 if sqs => json!({"Type": "Notification", "Message": s3.to_string()}),
            1 => in_sns(&s3),
            _ => s3,
        };
        // Soon, some seconds later, or after hours of throttling.
        let delay = match rng.u8(..10) {
            0 => 3_600_000 * rng.u64(1..6),
            1..5 => rng.u64(..5_000),
            _ => 0,
        };
        self.waiting.push(Message {
            id: format!("{}:{}", self.count, event.key),
            body,
            tries: 0,
            due: now + delay,
        });
    }

    pub(crate) fn is_due(&self, now: u64) -> bool {
        self.waiting.iter().any(|message| message.due <= now)
    }

    pub(crate) fn next_due(&self) -> Option<u64> {
        self.waiting.iter().map(|message| message.due).min()
    }

    /// Some messages that are due, in no order.
    pub(crate) fn take(&mut self, rng: &mut Rng, now: u64, sqs: bool) -> Batch {
        let most = if sqs { rng.usize(1..4) } else { 1 };
        let mut messages = Vec::new();
        while messages.len() < most {
            let due: Vec<usize> = (0..self.waiting.len())
                .filter(|index| self.waiting[*index].due <= now)
                .collect();
            if due.is_empty() {
                break;
            }
            messages.push(self.waiting.swap_remove(due[rng.usize(..due.len())]));
        }
        let event = match sqs {
            true => {
                let bodies: Vec<_> = messages.iter().map(|m| (m.id.clone(), m.body.to_string())).collect();
                in_sqs(&bodies)
            }
            false => messages[0].body.clone(),
        };
        Batch { messages, event }
    }

    /// Takes a function's response.
    pub(crate) fn answered(&mut self, now: u64, batch: Batch, report: &Report) {
        let (failed, codes): (Vec<_>, Vec<_>) = report
            .unsettled()
            .map(|(entry, failure)| (entry.message.clone(), failure.code()))
            .unzip();
        match report.response() {
            // Lambda keeps only what the response names.
            Ok(answer) => {
                let named: Vec<&str> = answer["batchItemFailures"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .filter_map(|item| item["itemIdentifier"].as_str())
                    .collect();
                for message in batch.messages {
                    if named.contains(&message.id.as_str()) {
                        let at = failed
                            .iter()
                            .position(|id| id.as_deref() == Some(&message.id))
                            .expect("a reason");
                        self.again(now, message, codes[at]);
                    }
                }
            }
            Err(error) => self.failed(now, batch, Some(error.code())),
        }
    }

    /// A function failed as a whole, or was killed.
    pub(crate) fn failed(&mut self, now: u64, batch: Batch, code: Option<&'static str>) {
        for message in batch.messages {
            self.again(now, message, code.unwrap_or("KILLED"));
        }
    }

    /// Puts messages that failed temporarily back into the queue.
    pub(crate) fn redrive(&mut self, now: u64) -> usize {
        let dead = std::mem::take(&mut self.dead);
        let count = dead.len();
        for (mut message, code) in dead {
            // 5. A passing fault never gets here before its tries are used up, and the ledger takes everything else.
            assert_eq!(message.tries, TRIES, "{code}");
            assert!(PASSING.contains(&code), "{code}");
            (message.tries, message.due) = (0, now);
            self.waiting.push(message);
        }
        count
    }

    fn again(&mut self, now: u64, mut message: Message, code: &'static str) {
        message.tries += 1;
        if message.tries >= TRIES {
            self.dead.push((message, code));
            return;
        }
        message.due = now + 60_000 * u64::from(message.tries);
        self.waiting.push(message);
    }
}
