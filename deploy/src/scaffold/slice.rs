//! The files of a slice: wire types, service and remote of one domain.

use super::Template;

/// All of them, below the checkout.
pub(super) const FILES: &[Template] = &[
    ("mfe-{{name}}/README.md", include_str!("../../templates/slice/README.md.tmpl")),
    ("mfe-{{name}}/api/Cargo.toml", include_str!("../../templates/slice/api/Cargo.toml.tmpl")),
    ("mfe-{{name}}/api/src/lib.rs", include_str!("../../templates/slice/api/src/lib.rs.tmpl")),
    (
        "mfe-{{name}}/service/Cargo.toml",
        include_str!("../../templates/slice/service/Cargo.toml.tmpl"),
    ),
    (
        "mfe-{{name}}/service/src/catalogue.rs",
        include_str!("../../templates/slice/service/src/catalogue.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/service/src/config.rs",
        include_str!("../../templates/slice/service/src/config.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/service/src/error.rs",
        include_str!("../../templates/slice/service/src/error.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/service/src/lib.rs",
        include_str!("../../templates/slice/service/src/lib.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/service/src/main.rs",
        include_str!("../../templates/slice/service/src/main.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/service/src/routes.rs",
        include_str!("../../templates/slice/service/src/routes.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/service/src/routes/entries.rs",
        include_str!("../../templates/slice/service/src/routes/entries.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/service/src/state.rs",
        include_str!("../../templates/slice/service/src/state.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/service/tests/api/entries.rs",
        include_str!("../../templates/slice/service/tests/api/entries.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/service/tests/api/main.rs",
        include_str!("../../templates/slice/service/tests/api/main.rs.tmpl"),
    ),
    ("mfe-{{name}}/ui/Cargo.toml", include_str!("../../templates/slice/ui/Cargo.toml.tmpl")),
    ("mfe-{{name}}/ui/Trunk.toml", include_str!("../../templates/slice/ui/Trunk.toml.tmpl")),
    ("mfe-{{name}}/ui/index.html", include_str!("../../templates/slice/ui/index.html.tmpl")),
    ("mfe-{{name}}/ui/src/app.rs", include_str!("../../templates/slice/ui/src/app.rs.tmpl")),
    ("mfe-{{name}}/ui/src/client.rs", include_str!("../../templates/slice/ui/src/client.rs.tmpl")),
    ("mfe-{{name}}/ui/src/lib.rs", include_str!("../../templates/slice/ui/src/lib.rs.tmpl")),
    (
        "mfe-{{name}}/ui/src/lifecycle.rs",
        include_str!("../../templates/slice/ui/src/lifecycle.rs.tmpl"),
    ),
    ("mfe-{{name}}/ui/src/main.rs", include_str!("../../templates/slice/ui/src/main.rs.tmpl")),
    ("mfe-{{name}}/ui/src/page.rs", include_str!("../../templates/slice/ui/src/page.rs.tmpl")),
    ("mfe-{{name}}/ui/src/pages.rs", include_str!("../../templates/slice/ui/src/pages.rs.tmpl")),
    (
        "mfe-{{name}}/ui/src/pages/detail.rs",
        include_str!("../../templates/slice/ui/src/pages/detail.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/ui/src/pages/index.rs",
        include_str!("../../templates/slice/ui/src/pages/index.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/ui/src/pages/not_found.rs",
        include_str!("../../templates/slice/ui/src/pages/not_found.rs.tmpl"),
    ),
    (
        "mfe-{{name}}/ui/src/samples.rs",
        include_str!("../../templates/slice/ui/src/samples.rs.tmpl"),
    ),
    ("mfe-{{name}}/ui/{{name}}.css", include_str!("../../templates/slice/ui/remote.css.tmpl")),
    (
        "mfe-{{name}}/ui/fixtures/get-api-{{name}}.json",
        include_str!("../../templates/slice/ui/fixtures/list.json.tmpl"),
    ),
    (
        "mfe-{{name}}/ui/fixtures/get-api-{{name}}-_.json",
        include_str!("../../templates/slice/ui/fixtures/one.json.tmpl"),
    ),
];
