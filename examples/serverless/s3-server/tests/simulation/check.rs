//! The six invariants, once the queue has drained.

use std::collections::BTreeMap;

use keenpix::s3::{Failure, Fault, Outcome, Report};
use keenpix::transform_many;
use serde_json::Value;

use crate::functions::{OUTPUTS, limits, plan};
use crate::queue::{Batch, TRIES};
use crate::users::Version;
use crate::world::World;

impl World {
    /// Takes a function's report, and checks what must hold for every single one.
    pub(crate) fn finished(&mut self, sandbox: usize, batch: Batch, report: Report) {
        for entry in &report.entries {
            let record = entry.record.as_ref().expect("every event is readable");
            match &entry.result {
                Ok(Outcome::Written(_)) => self.counts.written += 1,
                Ok(Outcome::Removed(_)) => self.counts.removed += 1,
                Ok(Outcome::Superseded) => self.counts.superseded += 1,
                _ => {}
            }
            // 3. No output triggers work.
            if record.key.starts_with("avatars/") || record.key.starts_with("ledger/") {
                let ignored = matches!(entry.result, Ok(Outcome::Ignored(_)));
                assert!(ignored, "an output was taken for a source: {entry:?}");
            }
            if let Err(failure) = &entry.result {
                assert_eq!(failure.is_recorded(), failure.fault() == Fault::Poison, "{failure}");
                assert_ne!(failure.fault(), Fault::Setup, "{failure}");
            }
            let result = entry.result.as_ref().map_err(Failure::to_string);
            let line = format!("sandbox {sandbox} ends {}: {result:?}", record.key);
            self.note(|| line);
        }
        self.queue.answered(self.now, batch, &report);
    }
}

pub(crate) fn all(world: &mut World) {
    let letters = dead_letters(world);
    world.counts.dead = letters.len() as u64;
    outputs_belong_to_the_newest(world, &letters);
    // 2. Nothing is written twice with different bytes: `World::keep`, at every write.
    // 3. No output triggers work: `World::finished`, at every report.
    poison_is_recorded_once(world, &letters);
    no_passing_fault_is_left(world);
    nothing_is_decoded_more_than_three_times(world);
}

/// 1. The outputs of a key belong to its newest version, and are gone if it was deleted.
fn outputs_belong_to_the_newest(world: &World, letters: &[Value]) {
    let outputs = &OUTPUTS[..world.setup.outputs];
    for (side, end) in outputs {
        output_belongs_to_the_newest(world, letters, *side, end);
    }
    let there = world.server.store().list(bucket(world), "avatars/");
    let keys = world.users.history.keys();
    let known: Vec<String> = keys
        .flat_map(|key| {
            let made = outputs.iter().map(|(_, end)| output_key(key, end));
            made.chain([status_key(key)]).collect::<Vec<_>>()
        })
        .collect();
    assert!(
        there.iter().all(|(key, _)| known.contains(key)),
        "there is an output of nothing"
    );
}

fn output_belongs_to_the_newest(world: &World, letters: &[Value], side: u32, end: &str) {
    let made = |version: &Version| {
        transform_many(&version.bytes, &[plan(side)], &limits()).expect("a picture")[0]
            .bytes
            .clone()
    };
    for (key, versions) in &world.users.history {
        let output = world
            .server
            .store()
            .get(bucket(world), &output_key(key, end))
            .map(|object| object.bytes.to_vec());
        let newest = versions.last().expect("a version");
        let state = format!("{key}: newest {:?} deleted {}", newest.poison, newest.deleted);
        if world.setup.status {
            status_tells_of_the_newest(world, key, newest, letters);
        }
        if newest.deleted {
            assert!(output.is_none(), "{state}: an output is left");
        } else if newest.poison.is_none() && !is_dead(key, newest, letters) {
            assert!(
                output.as_ref() == Some(&made(newest)),
                "{state}: the output is another's"
            );
        } else if world.setup.remove_stale && newest.poison.is_some() {
            assert!(output.is_none(), "{state}: an older version's output is left");
        } else if let Some(output) = output {
            // If the newest can't be made, what was there before stays, back to the last deletion.
            let kept = versions.iter().rev().take_while(|version| !version.deleted);
            let known = kept
                .filter(|version| version.poison.is_none())
                .any(|version| made(version) == output);
            assert!(known, "{state}: the output is nobody's");
        }
    }
}

fn status_tells_of_the_newest(world: &World, key: &str, newest: &Version, letters: &[Value]) {
    let status = world.server.store().get(bucket(world), &status_key(key));
    let state = format!(
        "{key}: newest {:?} deleted {}, {status:?}",
        newest.poison, newest.deleted
    );
    let Some(status) = status else {
        return assert!(newest.deleted, "{state}: there is no status");
    };
    let status: Value = serde_json::from_slice(&status.bytes).expect("JSON");
    assert!(!newest.deleted, "{state}: a status is left");
    assert_eq!(status["source"]["etag"], newest.etag.as_str(), "{state}");
    let lost = newest.poison.is_some() || is_dead(key, newest, letters);
    assert_eq!(status["state"], if lost { "rejected" } else { "ready" }, "{state}");
}

/// 4. Every poison object is among the dead letters exactly once, with its code and key.
fn poison_is_recorded_once(world: &World, letters: &[Value]) {
    let mut seen = BTreeMap::new();
    for letter in letters {
        let name = (
            letter["key"].to_string(),
            letter["etag"].to_string(),
            letter["modified"].to_string(),
        );
        assert!(seen.insert(name, ()).is_none(), "two letters: {letter}");
        let versions = &world.users.history[letter["key"].as_str().expect("a key")];
        let version = versions
            .iter()
            .find(|version| letter["modified"] == version.modified)
            .expect("its version");
        assert!(letter["etag"] == version.etag.as_str());
        // Three functions were killed over it, or could not record what they found.
        let given_up = letter["code"] == "ATTEMPTS" && tries(world, letter) == u64::from(TRIES);
        let code = version.poison;
        assert!(
            given_up || code.is_some_and(|code| letter["code"] == code),
            "{letter}, expected {code:?}"
        );
    }
    for (key, versions) in &world.users.history {
        let newest = versions.last().expect("a version");
        assert!(
            newest.poison.is_none() || is_dead(key, newest, letters),
            "{key} is poison, and nobody was told"
        );
    }
}

/// 5. A passing fault never reaches the dead-letter queue before its tries are used up: `Queue::redrive`. Without
///    faults, none reaches it at all.
fn no_passing_fault_is_left(world: &World) {
    let codes: Vec<&str> = world.queue.dead.iter().map(|(_, code)| *code).collect();
    assert!(codes.is_empty(), "{codes:?} without a fault");
}

/// 6. An object is decoded at most three times.
fn nothing_is_decoded_more_than_three_times(world: &World) {
    for (bytes, count) in world.functions.decodes.lock().unwrap().iter() {
        let versions = world
            .users
            .history
            .values()
            .flatten()
            .filter(|version| !version.deleted && version.bytes == *bytes);
        let uploads = versions.count() as u32;
        assert!(uploads > 0, "what nobody uploaded was decoded");
        assert!(*count <= 3 * uploads, "{count} decodings of {uploads} uploads");
    }
    for (key, page) in world.server.store().list(bucket(world), "ledger/tries/") {
        let page: Value = serde_json::from_slice(&page.bytes).expect("JSON");
        assert!(page["tries"].as_u64().is_some_and(|tries| tries <= 3), "{key}: {page}");
    }
}

fn bucket(world: &World) -> &'static str {
    if world.setup.one_bucket { "uploads" } else { "assets" }
}

fn output_key(key: &str, end: &str) -> String {
    let below = key.strip_prefix("in/").unwrap_or(key);
    let name = below.rsplit_once('.').map_or(below, |(name, _)| name);
    format!("avatars/{name}{end}")
}

fn status_key(key: &str) -> String {
    output_key(key, ".json")
}

fn dead_letters(world: &World) -> Vec<Value> {
    let letters = world.server.store().list(bucket(world), "ledger/dead/");
    let read = |bytes: &[u8]| serde_json::from_slice(bytes).expect("JSON");
    letters
        .iter()
        .map(|(name, letter)| {
            let mut value: Value = read(&letter.bytes);
            value["name"] = name.as_str().into();
            value
        })
        .collect()
}

fn tries(world: &World, letter: &Value) -> u64 {
    let name = letter["name"].as_str().unwrap_or_default().replace("/dead/", "/tries/");
    let page = world.server.store().get(bucket(world), &name).expect("a page of tries");
    let page: Value = serde_json::from_slice(&page.bytes).expect("JSON");
    page["tries"].as_u64().unwrap_or(0)
}

fn is_dead(key: &str, version: &Version, letters: &[Value]) -> bool {
    letters
        .iter()
        .any(|letter| letter["key"] == key && letter["modified"] == version.modified)
}
