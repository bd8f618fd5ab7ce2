use super::*;
use crate::Resize;
use crate::encode::Jpeg;

fn plan() -> Plan {
    let resize = Resize::new().with_width(512).with_height(256);
    Plan::new().with_resize(resize).with_encode(Jpeg::new())
}

fn key(template: &str, below: &str) -> String {
    KeyTemplate::new(template, &plan()).unwrap().key(below, "etag")
}

#[test]
fn placeholders_are_filled() {
    assert_eq!(key("avatars/{name}.jpg", "me.png"), "avatars/me.jpg");
    assert_eq!(
        key("{dir}{name}-{width}x{height}.{format}", "a/b/me.x.png"),
        "a/b/me.x-512x256.jpg"
    );
    assert_eq!(key("{sub}/{name}.{ext}", "42/me.png"), "42/me.png");
    assert_eq!(key("{sub}.{format}", "42.png"), "42.jpg");
    assert_eq!(key("{name}", "写真 1.jpeg"), "写真 1");
}

#[test]
fn names_are_split_as_node_does_it() {
    for (below, name) in [
        ("noext", "noext"),
        (".hidden", ".hidden"),
        ("a.", "a"),
        ("x.tar.gz", "x.tar"),
        ("d.d/n", "n"),
    ] {
        assert_eq!(key("{name}", below), name, "{below}");
    }
}

#[test]
fn hashes_follow_the_content_and_the_plan() {
    let template = KeyTemplate::new("a/{name}-{hash}.jpg", &plan()).unwrap();
    let other_plan = KeyTemplate::new("a/{name}-{hash}.jpg", &plan().with_flatten(true)).unwrap();
    assert!(template.is_content_addressed());
    assert_eq!(template.key("me.png", "1"), template.key("me.png", "1"));
    assert_ne!(template.key("me.png", "1"), template.key("me.png", "2"));
    assert_ne!(template.key("me.png", "1"), other_plan.key("me.png", "1"));
    assert_eq!(template.prefix_before_hash("me.png"), "a/me-");
    assert_eq!(template.key("me.png", "1").len(), "a/me-.jpg".len() + 32);
}

#[test]
fn what_nothing_can_fill_is_refused_at_once() {
    for template in ["{nam}", "{name", "", "{}"] {
        assert!(KeyTemplate::new(template, &plan()).is_err(), "{template}");
    }
    for template in ["{width}", "{height}", "{format}"] {
        let error = KeyTemplate::new(template, &Plan::new()).unwrap_err().to_string();
        assert!(error.contains("the plan has no"), "{error}");
    }
}

#[test]
fn digests_keep_texts_apart() {
    assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
}
