#![no_main]

keenpix_libfuzzer::target!(png_encode);
