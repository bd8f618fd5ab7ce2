#![no_main]

keenpix_libfuzzer::target!(jpeg_decode);
