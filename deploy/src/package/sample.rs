//! What wasm-bindgen 0.2.130 writes for a small Yew bundle, shortened, and a small entry.

/// The shape of `shared-ui/kit/entry.js`.
pub(super) const ENTRY: &str =
    "const factory = __ASTERISM_GLUE__;\nconst { name } = __ASTERISM_BUNDLE__;\n";

pub(super) const GLUE: &str = r#"export class Mounted {
    static __wrap(ptr) {
        const obj = Object.create(Mounted.prototype);
        obj.__wbg_ptr = ptr;
        return obj;
    }
    unmount() {
        const ptr = this.__destroy_into_raw();
        wasm.mounted_unmount(ptr);
    }
}
if (Symbol.dispose) Mounted.prototype[Symbol.dispose] = Mounted.prototype.free;

/**
 * @param {Element} root
 * @param {any} props
 * @returns {Mounted}
 */
export function mount(root, props) {
    const ret = wasm.mount(root, props);
    return Mounted.__wrap(ret);
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg___yew_subtree_id_06407fe76e0027a3: function(arg0) {
            const ret = arg0.__yew_subtree_id;
            return isLikeNone(ret) ? Number.MAX_SAFE_INTEGER : (ret) >>> 0;
        },
        __wbg_set___yew_subtree_id_204d0ef270ea6094: function(arg0, arg1) {
            arg0.__yew_subtree_id = arg1 >>> 0;
        },
        __wbg_set___yew_listener_id_3d1b2cbcb6d6a9f0: function(arg0, arg1) {
            arg0.__yew_listener_id = arg1 >>> 0;
        },
        __wbg_set_cache_key_1b42d7f0dcd3a0e5: function(arg0, arg1) {
            arg0.__yew_subtree_cache_key = arg1 >>> 0;
        },
    };
    return {
        __proto__: null,
        "./search_bg.js": import0,
    };
}

let wasmModule, wasmInstance, wasm;
async function __wbg_init(module_or_path) {
    if (wasm !== undefined) return wasm;
}

export { initSync, __wbg_init as default };
"#;

/// A WASM file with the glue's imports and exports, and a line of code.
pub(super) fn wasm() -> Vec<u8> {
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
        ImportSection, Module, TypeSection,
    };
    let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
    let (mut functions, mut exports) = (FunctionSection::new(), ExportSection::new());
    let mut code = CodeSection::new();
    types.ty().function([], []);
    for name in [
        "__wbg___yew_subtree_id_06407fe76e0027a3",
        "__wbg_set___yew_subtree_id_204d0ef270ea6094",
        "__wbg_set___yew_listener_id_3d1b2cbcb6d6a9f0",
        "__wbg_set_cache_key_1b42d7f0dcd3a0e5",
    ] {
        imports.import("./search_bg.js", name, EntityType::Function(0));
    }
    let mut body = Function::new([]);
    body.instructions().call(1).end();
    for (index, name) in (4..).zip(["mounted_unmount", "mount"]) {
        functions.function(0);
        exports.export(name, ExportKind::Func, index);
        code.function(&body);
    }
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
    module.finish()
}
