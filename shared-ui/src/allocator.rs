//! The allocator of every browser bundle: 2 KB (brotli) smaller than the standard library's.
//!
//! Linking this crate is enough. Without threads, as all of our bundles are.

#[cfg(not(target_feature = "atomics"))]
#[global_allocator]
static TALC: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
