use super::*;

fn cleaned(packet: &str) -> Option<String> {
    still_true(packet.as_bytes()).map(|kept| String::from_utf8(kept).unwrap())
}

#[test]
fn what_is_gone_is_no_longer_announced() {
    let packet = r#"<?xpacket begin="" id="W5M"?><!-- <hdrgm:x> --><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
        xmlns:rdf="r"><rdf:Description xmlns:Container="http://ns.google.com/photos/1.0/container/"
        xmlns:dc="d" xmlns:hdrgm = 'http://ns.adobe.com/hdr-gain-map/1.0/' hdrgm:Version="1.0" dc:rights="a > b">
        <Container:Directory><rdf:Seq><rdf:li><Container:Item Item:Semantic="GainMap"/></rdf:li></rdf:Seq>
        </Container:Directory><dc:creator>me</dc:creator><hdrgm:Gamma/></rdf:Description></rdf:RDF></x:xmpmeta>
        <?xpacket end="w"?>"#;
    let expected = r#"<?xpacket begin="" id="W5M"?><!-- <hdrgm:x> --><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
        xmlns:rdf="r"><rdf:Description
        xmlns:dc="d" dc:rights="a > b">
        <dc:creator>me</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>
        <?xpacket end="w"?>"#;
    assert_eq!(cleaned(packet).as_deref(), Some(expected));
    assert_eq!(cleaned(expected).as_deref(), Some(expected));
}

#[test]
fn sizes_orientation_and_thumbnails_are_the_inputs() {
    let packet = |inside: &str, attributes: &str| {
        format!(
            r#"<d xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:e="http://ns.adobe.com/exif/1.0/"
            xmlns:tiff="http://ns.adobe.com/tiff/1.0/"{attributes} tiff:Make="me"><xmp:Rating>5</xmp:Rating>{inside}</d>"#
        )
    };
    let inside = "<xmp:Thumbnails><i><xmp:b>QUJD</xmp:b></i></xmp:Thumbnails><e:PixelYDimension>4</e:PixelYDimension>";
    let attributes = r#" tiff:Orientation="6" e:PixelXDimension="7""#;
    assert_eq!(cleaned(&packet(inside, attributes)), Some(packet("", "")));
    // The default namespace is one of elements.
    let default = r#"<a b="1" xmlns="http://ns.apple.com/HDRGainMap/1.0/"/><c/>"#;
    assert_eq!(cleaned(default).as_deref(), Some(""));
}

#[test]
fn other_makers_announce_it_too() {
    for uri in [
        "http://ns.google.com/photos/dd/1.0/container/",
        "http://ns.google.com/photos/dd/1.0/device/",
        "http://ns.oplus.com/photos/1.0/camera/",
        "http://ns.xiaomi.com/photos/1.0/camera/",
    ] {
        let packet = |inside: &str, attributes: &str| format!("<d{attributes} b='c'>{inside}<e/></d>");
        let inside = "<Q:Directory><rdf:Seq><rdf:li Q:Item='x'/></rdf:Seq></Q:Directory>";
        let attributes = format!(" xmlns:Q='{uri}' Q:MotionPhoto = \"1\"");
        assert_eq!(cleaned(&packet(inside, &attributes)), Some(packet("", "")), "{uri}");
    }
}

#[test]
fn other_packets_stay_as_they_are() {
    for packet in [
        "",
        "no XML at all",
        "<a",
        "<a b=\"c",
        "<dc:x><dc:y></dc:x>",
        "<!-- <a",
        "<a b c=>",
        "< a>",
        "</a b>",
    ] {
        assert_eq!(cleaned(packet).as_deref(), Some(packet));
    }
}

#[test]
fn a_packet_that_can_not_be_followed_is_dropped() {
    let open = r#"<a xmlns:g="http://ns.adobe.com/hdr-gain-map/1.0/"><g:x>"#;
    assert_eq!(cleaned(open), None);
    assert_eq!(cleaned(&format!("{open}<b")), None);
    assert!(cleaned(&format!("{open}</g:x>")).is_some());
    for length in 0..open.len() {
        cleaned(&open[..length]);
    }
}

#[test]
fn the_time_is_linear() {
    let many: String = (0..50_000)
        .map(|i| format!(" xmlns:p{i}='http://ns.adobe.com/hdr-gain-map/1.0/' p{i}:a='1'"))
        .collect();
    assert_eq!(cleaned(&format!("<a{many}>")).as_deref(), Some("<a>"));
}
