//! Sub-regions of filter primitives (Filter Effects 1, 8.3), as browsers have them. resvg heeds them for some
//! primitives in some units; for the others, a flood of the region, which it does heed, cuts the result.

use std::collections::HashMap;

use resvg::usvg::roxmltree::Node;

const SIDES: [&str; 4] = ["x", "y", "width", "height"];

const SPACE: &str = "color-interpolation-filters";

/// Values of `SIDES`; without one, the filter's own.
type Region = [Option<String>; 4];

/// The primitives of a filter, in their order.
#[derive(Default)]
pub(super) struct Regions {
    /// Whether lengths are parts of the object's bounding box.
    of_box: bool,
    /// The region of the filter, if that is in parts of the box, too.
    filter: Region,
    results: HashMap<String, Region>,
    last: Region,
    count: usize,
}

/// How to write a primitive: with these attributes in place of its own region and result, and of what a tile takes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) attributes: Vec<(&'static str, String)>,
    /// Elements before and behind it.
    pub(super) before: Vec<Element>,
    pub(super) cuts: Vec<Element>,
    /// What is not drawn right.
    pub(super) left_out: Option<&'static str>,
}

/// A name, and attributes.
pub(super) type Element = (&'static str, Vec<(&'static str, String)>);

impl Regions {
    pub(super) fn new(filter: Node) -> Self {
        let units = |name| filter.attribute(name).unwrap_or("");
        let of_box = units("primitiveUnits") == "objectBoundingBox";
        let own = |at: usize, initial: &str| Some(filter.attribute(SIDES[at]).unwrap_or(initial).to_owned());
        let filter = match units("filterUnits") {
            "userSpaceOnUse" => Region::default(),
            _ => [own(0, "-10%"), own(1, "-10%"), own(2, "120%"), own(3, "120%")],
        };
        Regions {
            of_box,
            filter,
            ..Regions::default()
        }
    }

    pub(super) fn primitive(&mut self, node: Node) -> Written {
        let name = node.tag_name().name();
        let mut region = SIDES.map(|side| node.attribute(side).map(str::to_owned));
        let takes_nothing = matches!(name, "feFlood" | "feImage" | "feTile" | "feTurbulence");
        if region == Region::default() && !takes_nothing {
            region = self.of_inputs(node);
        }
        let tile = self.of_inputs(node);
        let result = node.attribute("result").map(str::to_owned);
        if let Some(result) = &result {
            self.results.insert(result.clone(), region.clone());
        }
        self.last.clone_from(&region);
        self.count += 1;
        let mut written = match name {
            "feTile" => self.tiled(node, &tile),
            _ => Written::default(),
        };
        let named = |result: &Option<String>| {
            result
                .iter()
                .map(|result| ("result", result.clone()))
                .collect::<Vec<_>>()
        };
        let heeded = match self.of_box {
            false => name != "feOffset",
            true => matches!(name, "feFlood" | "feImage"),
        };
        if region == Region::default() && !(self.of_box && name == "feFlood") {
            written.attributes.extend(named(&result));
        } else if heeded {
            written.attributes.extend(self.sides(&region));
            written.attributes.extend(named(&result));
        } else {
            // Not names that a file's author would choose.
            let [whole, part] = ["whole", "part"].map(|name| format!("keenpix:{name}:{}", self.count));
            written.attributes.push(("result", whole.clone()));
            let flood = [self.sides(&region), vec![("result", part.clone())]].concat();
            written.cuts.push(("feFlood", flood));
            let space = node.attribute(SPACE).map(|space| (SPACE, space.to_owned()));
            let composite = vec![("in", whole), ("in2", part), ("operator", "in".to_owned())];
            let composite = composite.into_iter().chain(named(&result)).chain(space);
            written.cuts.push(("feComposite", composite.collect()));
        }
        written
    }

    /// A tile of this region. resvg takes its pixels for sRGB whatever they are, so a primitive that changes nothing
    /// else makes them so first.
    fn tiled(&self, node: Node, tile: &Region) -> Written {
        let input = node.attribute("in").map(|input| ("in", input.to_owned()));
        if self.of_box {
            let left_out = (*tile != Region::default()).then_some("tiles in parts of the box");
            return Written {
                attributes: input.into_iter().collect(),
                left_out,
                ..Written::default()
            };
        }
        let name = format!("keenpix:tile:{}", self.count);
        let mut matrix = self.sides(tile);
        matrix.extend(input);
        matrix.push(("values", "1 0 0 0 0 0 1 0 0 0 0 0 1 0 0 0 0 0 1 0".to_owned()));
        matrix.push((SPACE, "sRGB".to_owned()));
        matrix.push(("result", name.clone()));
        Written {
            attributes: vec![("in", name)],
            before: vec![("feColorMatrix", matrix)],
            ..Written::default()
        }
    }

    /// The region as attributes, with the filter's where it says nothing.
    fn sides(&self, region: &Region) -> Vec<(&'static str, String)> {
        let sides = SIDES.into_iter().zip(region.iter().zip(&self.filter));
        let value = |(own, filter): (&Option<String>, &Option<String>)| match own {
            None if self.of_box => filter.clone(),
            own => own.clone(),
        };
        sides
            .filter_map(|(side, values)| Some((side, value(values)?)))
            .collect()
    }

    /// The smallest region around those of what a primitive takes.
    fn of_inputs(&self, node: Node) -> Region {
        let merged = node.children().filter(|child| child.tag_name().name() == "feMergeNode");
        let inputs: Vec<Option<&str>> = match node.tag_name().name() {
            "feMerge" => merged.map(|child| child.attribute("in")).collect(),
            "feBlend" | "feComposite" | "feDisplacementMap" => vec![node.attribute("in"), node.attribute("in2")],
            _ => vec![node.attribute("in")],
        };
        let regions = inputs.into_iter().map(|input| match input {
            Some(
                "SourceGraphic" | "SourceAlpha" | "BackgroundImage" | "BackgroundAlpha" | "FillPaint" | "StrokePaint",
            ) => Region::default(),
            Some(name) => self.results.get(name).unwrap_or(&self.last).clone(),
            None => self.last.clone(),
        });
        regions.reduce(|a, b| union(&a, &b)).unwrap_or_default()
    }
}

/// The region of both; all of the filter's where that can't be said.
fn union(a: &Region, b: &Region) -> Region {
    if a == b {
        return a.clone();
    }
    let numbers = |region: &Region| {
        let mut numbers = [0.0f64; 4];
        for (number, side) in numbers.iter_mut().zip(region) {
            *number = side.as_ref()?.parse().ok()?;
        }
        Some(numbers)
    };
    let (Some(a), Some(b)) = (numbers(a), numbers(b)) else {
        return Region::default();
    };
    let (x, y) = (a[0].min(b[0]), a[1].min(b[1]));
    let (width, height) = ((a[0] + a[2]).max(b[0] + b[2]) - x, (a[1] + a[3]).max(b[1] + b[3]) - y);
    [x, y, width, height].map(|side| Some(side.to_string()))
}
