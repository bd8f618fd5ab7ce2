#![no_main]

keenpix_libfuzzer::target!(probe);
