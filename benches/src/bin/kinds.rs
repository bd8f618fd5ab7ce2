//! Writes the twelve kinds of pictures that PNG is used for: `kinds FOLDER [SEED [SCALE]]`. SCALE
//! divides the usual sizes.

use std::path::PathBuf;

use keenpix_benches::kinds::KINDS;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("kinds FOLDER [SEED [SCALE]]")?);
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let scale: usize = arguments.next().map_or(Ok(1), |scale| scale.parse())?;
    std::fs::create_dir_all(&folder)?;
    for (name, (width, height), make) in KINDS {
        let picture = make((width / scale).max(1), (height / scale).max(1), seed);
        std::fs::write(folder.join(format!("{name}.png")), picture.to_png()?)?;
    }
    Ok(())
}
