#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| metapython_fuzz::bindings(bytes));
