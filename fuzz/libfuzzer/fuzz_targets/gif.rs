#![no_main]

keenpix_libfuzzer::target!(gif);
