#![no_main]
//! See `api_gateway::fuzzing::headers`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| api_gateway::fuzzing::headers(data));
