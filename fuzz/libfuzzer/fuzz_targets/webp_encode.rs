#![no_main]

keenpix_libfuzzer::target!(webp_encode);
