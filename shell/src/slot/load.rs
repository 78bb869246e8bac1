//! The load phase: a release's entry and stylesheets, checked, in parallel.
//!
//! Not here: the WASM. The entry fetches it, with the integrity that packaging wrote into it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use contract::{HOST_CONTRACT, Release, Signature, TrustedKey, misfit};
use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlLinkElement, ShadowRoot};

use super::integrity::{ImportMaps, unprotected};
use super::machine::Failure;
use super::{Occupant, Slot, prefetch, verify};
use crate::js;

/// An imported entry. The browser evaluates it once; every mount shares it.
#[derive(Debug)]
pub(super) struct Module {
    url: String,
    /// The module's namespace object.
    pub(super) exports: JsValue,
    /// Single-spa's applications are bootstrapped once.
    pub(super) bootstrapped: Cell<bool>,
}

/// What this tab has loaded so far.
#[derive(Debug, Default)]
pub(super) struct Modules {
    /// The integrity that the document enforces.
    pub(super) maps: ImportMaps,
    /// Releases that were fetched ahead, by base.
    pub(super) ahead: RefCell<Vec<String>>,
    /// Signed descriptors that were checked, by base and signature.
    verified: RefCell<Vec<(String, Option<Signature>)>>,
    ready: RefCell<Vec<Rc<Module>>>,
    failures: RefCell<Vec<String>>,
}

impl Modules {
    fn get(&self, url: &str) -> Option<Rc<Module>> {
        self.ready.borrow().iter().find(|module| module.url == url).cloned()
    }

    fn keep(&self, url: &str, exports: JsValue) -> Rc<Module> {
        let bootstrapped = Cell::new(false);
        let module = Rc::new(Module { url: url.to_owned(), exports, bootstrapped });
        self.ready.borrow_mut().push(module.clone());
        module
    }

    /// Checks the release's signature, once in the page's life.
    async fn verify(
        &self,
        trust: &[TrustedKey],
        name: &str,
        release: &Release,
    ) -> Result<(), Failure> {
        let checked = (release.base.clone(), release.signed.clone());
        if self.verified.borrow().contains(&checked) {
            return Ok(());
        }
        verify::verify(trust, name, release).await?;
        self.verified.borrow_mut().push(checked);
        Ok(())
    }

    /// Notes that loading the release's files failed or took too long.
    pub(super) fn failed(&self, release: &Release) {
        let mut failures = self.failures.borrow_mut();
        let entry = release.url(&release.entry);
        if self.get(&entry).is_none() {
            failures.push(entry);
        }
        failures.extend(release.styles.iter().map(|file| release.url(file)));
    }

    /// Returns the address to load `url` from.
    ///
    /// A module that failed to evaluate has failed for ever under its address, and refused bytes
    /// may stay in the HTTP cache. So each further try has an address of its own, which the import
    /// map must name too.
    fn address(&self, url: &str) -> String {
        let failures = self.failures.borrow().iter().filter(|failed| *failed == url).count();
        match failures {
            0 => url.to_owned(),
            _ => [url, "?retry=", &failures.to_string()].concat(),
        }
    }
}

/// Tells why a release must not be tried at all.
pub(super) fn refusal(release: &Release) -> Option<String> {
    if let Some(misfit) = misfit(&release.contract, HOST_CONTRACT) {
        let (needs, advice) = (&*release.contract, misfit.advice());
        let parts =
            ["it needs host contract ", needs, ", this page offers ", HOST_CONTRACT, ": ", advice];
        return Some(parts.concat());
    }
    unprotected(release).map(|file| ["no integrity is known for ", file].concat())
}

/// Checks the signature, imports the entry and puts the stylesheets into the shadow root; resolves when all
/// of them are there.
pub(super) async fn load(slot: &Slot, occupant: &Occupant) -> Result<Rc<Module>, Failure> {
    let Slot { modules, import, .. } = slot;
    let Occupant { name, release, shadow, .. } = occupant;
    check(slot, name, release).await?;
    occupant.mark("import");
    let styles = Array::new();
    for file in &release.styles {
        styles.push(&stylesheet(modules, shadow, release, file));
    }
    // Made before the import is awaited, so that both run at once and no rejection goes unheard.
    let styles = JsFuture::from(Promise::all(&styles));
    let module = entry(modules, import, release).await.map_err(|error| failure(&error))?;
    styles.await.map_err(|error| failure(&error))?;
    Ok(module)
}

/// Refuses what must not be run; the files are on their way meanwhile, but nothing of them is used before.
async fn check(slot: &Slot, name: &str, release: &Release) -> Result<(), Failure> {
    let Slot { modules, services, .. } = slot;
    if let Some(message) = refusal(release) {
        return Err(Failure { message: message.into(), lasting: true });
    }
    prefetch::wasm(modules, release);
    if services.overrides(release) {
        return Ok(());
    }
    modules.verify(&services.page.trust, name, release).await
}

/// Checks a release and imports its entry, ahead of putting it on the page.
pub(super) async fn entry_of(slot: &Slot, name: &str, release: &Release) -> Result<(), Failure> {
    check(slot, name, release).await?;
    let imported = entry(&slot.modules, &slot.import, release).await;
    imported.map(drop).map_err(|error| failure(&error))
}

async fn entry(
    modules: &Modules,
    import: &Function,
    release: &Release,
) -> Result<Rc<Module>, JsValue> {
    let url = release.url(&release.entry);
    if let Some(module) = modules.get(&url) {
        return Ok(module);
    }
    let address = modules.address(&url);
    modules.maps.require(&address, release.integrity(&release.entry).unwrap_or_default());
    let promise = import.call1(&JsValue::UNDEFINED, &address.into())?;
    let exports = JsFuture::from(Promise::resolve(&promise)).await?;
    Ok(modules.get(&url).unwrap_or_else(|| modules.keep(&url, exports)))
}

fn failure(error: &JsValue) -> Failure {
    // The error event of a link says nothing but where it came from.
    let link = error.dyn_ref::<Event>().and_then(|event| event.target()?.dyn_into().ok());
    let message = match link {
        Some(link) => {
            let link: HtmlLinkElement = link;
            ["a stylesheet is missing or was refused: ", &link.href()].concat()
        }
        None => js::message(error),
    };
    Failure { message: message.into(), lasting: false }
}

fn stylesheet(modules: &Modules, shadow: &ShadowRoot, release: &Release, file: &str) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let Some(link) = link("stylesheet", "", release, file) else { return };
        link.set_href(&modules.address(&release.url(file)));
        link.set_onload(Some(&resolve));
        link.set_onerror(Some(&reject));
        let _ = shadow.append_child(&link);
    })
}

/// Makes a link to one of a release's files, with its integrity; `kind` is what a preload is for.
pub(super) fn link(
    rel: &str,
    kind: &str,
    release: &Release,
    file: &str,
) -> Option<HtmlLinkElement> {
    let link = element::<HtmlLinkElement>("link")?;
    link.set_rel(rel);
    // A browser ignores the integrity of what it will only hand to `fetch`, and says so each time.
    if kind != "fetch" {
        link.set_integrity(release.integrity(file).unwrap_or_default());
    }
    if !kind.is_empty() {
        link.set_as(kind);
    }
    link.set_cross_origin(Some("anonymous"));
    link.set_href(&release.url(file));
    Some(link)
}

/// Makes an element of a known class.
pub(super) fn element<T: JsCast>(tag: &str) -> Option<T> {
    gloo_utils::document().create_element(tag).ok()?.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use contract::FileInfo;

    use super::refusal;
    use crate::slot::fixture::release;

    #[test]
    fn a_release_for_another_contract_or_without_integrity_is_refused() {
        let mut release = release("a", &[]);
        assert_eq!(refusal(&release).as_deref(), Some("no integrity is known for entry.js"));
        let info = FileInfo { integrity: "sha384-x".to_owned(), bytes: 1 };
        release.files.insert("entry.js".to_owned(), info);
        assert_eq!(refusal(&release), None);
        release.contract = "^2.0".to_owned();
        assert!(refusal(&release).is_some_and(|why| why.contains("^2.0")));
    }
}
