use super::*;

#[test]
fn a_place_grows_outwards() {
    let error = Error::out_of_range("sigma", "0.3 to 1000", 2000)
        .at("effects[3]")
        .at("plans[1]");
    assert_eq!(error.place(), Some("plans[1].effects[3].sigma"));
    let error = Error::out_of_range("[2]", "a number", "null").at("slope");
    assert_eq!(error.place(), Some("slope[2]"));
    let error = Error::bad_plan("no plan was given");
    assert_eq!(
        (error.place(), error.to_string().as_str()),
        (None, "bad plan: no plan was given")
    );
    assert_eq!(
        error.at("plans[1]").to_string(),
        "bad plan: plans[1]: no plan was given"
    );
    assert_eq!(Error::Cancelled.at("effects[0]").place(), None);
    // An input's fault is nowhere in a plan; a layer's is.
    let error = Error::not_an_image("text");
    assert_eq!(error.clone().at("plans[1]").place(), None);
    let error = error.of_layer("effects[0].layers[2]").at("plans[1]");
    assert_eq!(
        error.to_string(),
        "plans[1].effects[0].layers[2]: input is not an image: text"
    );
}

#[test]
fn a_fault_is_the_error_as_data() {
    let fault = Error::out_of_range("encode.quality", "1 to 100", 101).fault();
    assert_eq!(
        serde_json::to_value(&fault).unwrap(),
        serde_json::json!({
            "code": "BAD_PLAN",
            "message": "bad plan: encode.quality is 101, expected 1 to 100",
            "hint": "Correct the plan; the message names the place.",
            "retryable": false,
            "httpStatus": 400,
            "place": "encode.quality",
            "expected": "1 to 100",
            "got": "101",
            "reason": "out-of-range",
        })
    );
    let fault = Error::truncated(Format::Jpeg, "the file ends in its header").fault();
    assert_eq!(serde_json::to_value(&fault).unwrap()["format"], "jpeg");
    let fault = Error::limit(LimitKind::Width, 300, 200).fault();
    assert_eq!(fault.message, "width limit exceeded: 300 pixels where 200 are allowed");
    assert_eq!(
        (fault.expected.as_deref(), fault.got.as_deref()),
        (Some("at most 200 pixels"), Some("300 pixels"))
    );
}

#[test]
fn a_reason_is_written_as_it_is_named() {
    for reason in [
        Reason::NotJson,
        Reason::UnknownKey,
        Reason::CropOutside,
        Reason::LayerTooLarge,
        Reason::MissingEoi,
        Reason::BadLayer,
        Reason::NotBuilt,
        Reason::OutputTooLarge,
    ] {
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
    }
}
