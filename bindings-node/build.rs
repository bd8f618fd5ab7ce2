//! Node's symbols are resolved when the library is loaded, not when it is linked.

fn main() {
    napi_build::setup();
}
