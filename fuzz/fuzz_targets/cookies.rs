#![no_main]
//! See `api_gateway::fuzzing::cookies`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| api_gateway::fuzzing::cookies(data));
