#![no_main]

#[expect(dead_code, reason = "each target tries one of them")]
#[path = "../trial.rs"]
mod trial;

libfuzzer_sys::fuzz_target!(|data: &[u8]| trial::query(data));
