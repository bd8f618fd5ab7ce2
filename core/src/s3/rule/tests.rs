use super::*;
use crate::Resize;
use crate::encode::Webp;
use crate::s3::event::parse;
use serde_json::json;

fn record(name: &str, bucket: &str, key: &str) -> Record {
    let event = json!({"Records": [{"eventName": name, "s3": {"bucket": {"name": bucket}, "object": {"key": key}}}]});
    parse(&event.to_string()).remove(0).records.remove(0).unwrap()
}

fn rule(prefix: &str, template: &str) -> Rule {
    Rule::new("assets")
        .with_prefix(prefix)
        .with_output(template, Plan::new())
        .unwrap()
}

fn code(rule: &Rule, bucket: &str) -> Option<&'static str> {
    let record = record("ObjectCreated:Put", bucket, "in/a.jpg");
    rule.task(&record).err().map(|failure| failure.code())
}

#[test]
fn a_destination_inside_the_source_is_refused() {
    assert_eq!(code(&rule("in/", "out/{name}.jpg"), "assets"), None);
    assert_eq!(code(&rule("in/", "in/{name}.jpg"), "uploads"), None);
    for (prefix, template) in [
        ("", "out/{name}.jpg"),
        ("in/", "in/small/{name}.jpg"),
        ("in/", "{name}.jpg"),
        ("in/", "i{name}.jpg"),
    ] {
        assert_eq!(
            code(&rule(prefix, template), "assets"),
            Some("RECURSION"),
            "{prefix} {template}"
        );
    }
    let ledger = rule("in/", "out/{name}").with_ledger("assets", "in/ledger/", Duration::ZERO);
    assert_eq!(code(&ledger, "assets"), Some("RECURSION"));
    let status = rule("in/", "out/{name}").with_status("in/{name}.json").unwrap();
    assert_eq!(code(&status, "assets"), Some("RECURSION"));
    assert!(rule("in/", "out/{name}").with_status("out/{hash}.json").is_err());
}

#[test]
fn what_is_not_wanted_is_left_alone() {
    let rule = rule("in/", "out/{name}.jpg");
    for (name, key) in [
        ("ObjectTagging:Put", "in/a.jpg"),
        ("ObjectCreated:Put", "other/a.jpg"),
        ("ObjectCreated:Put", "in/folder/"),
        ("ObjectCreated:Put", "in/"),
        ("ObjectRemoved:Delete", "in/a.jpg"),
    ] {
        let record = record(name, "uploads", key);
        let task = rule.task(&record).unwrap();
        assert!(matches!(task.err(), Some(Outcome::Ignored(_))), "{name} {key}");
    }
    let record = record("ObjectRemoved:Delete", "uploads", "in/x/a.jpg");
    let rule = rule.with_removal(true);
    assert_eq!(rule.task(&record).unwrap().ok().map(|task| task.below), Some("x/a.jpg"));
}

#[test]
fn two_outputs_in_one_place_are_refused() {
    let again = rule("", "out/{name}.jpg").with_output("out/{name}.jpg", Plan::new().with_flatten(true));
    assert!(again.unwrap_err().to_string().contains("two outputs"));
}

#[test]
fn content_addressed_outputs_are_cached_for_ever() {
    let rule = rule("", "{hash}.jpg").with_output("{name}.jpg", Plan::new()).unwrap();
    let of = |rule: &Rule, index: usize| rule.cache_control(&rule.templates[index]).to_owned();
    assert!(of(&rule, 0).contains("immutable"));
    assert_eq!(of(&rule, 1), "public, max-age=300");
    assert_eq!(of(&rule.with_cache_control("no-store"), 1), "no-store");
}

#[test]
fn a_plan_that_can_not_be_carried_out_is_refused_at_once() {
    let wide = Plan::new()
        .with_resize(Resize::new().with_width(20_000).with_height(20))
        .with_encode(Webp::new());
    let refusal = Rule::new("assets").with_output("{name}.webp", wide).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "`{name}.webp`: bad plan: resize.width is 20000, expected at most 16383 for webp"
    );
}
