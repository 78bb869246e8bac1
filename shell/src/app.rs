//! The root component: the frame around the slot. Not here: anything that happens.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use crate::account;
use crate::components::{
    FallbackCard, Footer, Header, LiveRegion, NotFound, Notice, OverrideBanner, Skeleton, SkipLink,
    trouble,
};
use crate::site::Site;
use crate::view::{Page, View};

/// Properties of [`App`].
#[derive(Clone, Debug, Properties)]
pub(crate) struct AppProps {
    /// The page, which lives as long as the document.
    pub(crate) site: Rc<Site>,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.site, &other.site)
    }
}

/// The page.
#[component]
pub(crate) fn App(props: &AppProps) -> Html {
    let slot = use_node_ref();
    let view = use_view(&props.site, &slot);
    let on_theme = act(&props.site, Site::turn_theme);
    let busy = match &view.page {
        Page::Reading => true,
        Page::Remote { busy } => *busy,
        Page::Unreadable(_) | Page::Broken { .. } | Page::Missing => false,
    };
    html! {
        <>
            <SkipLink />
            { for view.overrides.iter().map(|notice| banner(&props.site, notice)) }
            <Header
                nav={view.nav.clone()}
                path={view.path.clone()}
                theme={view.theme}
                account={account::name()}
                {on_theme}
            />
            <main id="main" class="main" tabindex="-1" aria-busy={busy.then_some("true")}>
                // Filled by the slot alone: it has no children here, now or ever.
                <div class="slot" ref={slot} />
                { overlay(&view, &props.site) }
            </main>
            <Footer revision={view.revision.clone()} mounted={view.mounted.clone()} />
            <LiveRegion count={view.announcement.0} message={view.announcement.1.clone()} />
        </>
    }
}

fn banner(site: &Rc<Site>, notice: &Notice) -> Html {
    let site = site.clone();
    let on_stop = Callback::from(move |name: AttrValue| site.set_override(&name, ""));
    html! { <OverrideBanner key={notice.name.to_string()} notice={notice.clone()} {on_stop} /> }
}

/// What stands in the slot's place while no remote does.
fn overlay(view: &View, site: &Rc<Site>) -> Html {
    match &view.page {
        Page::Unreadable(reason) => {
            let (title, body) = trouble::unreadable();
            let on_retry = act(site, Site::read);
            html! { <FallbackCard {title} {body} reason={reason.clone()} {on_retry} /> }
        }
        Page::Missing => html! { <NotFound nav={view.nav.clone()} path={view.path.clone()} /> },
        Page::Broken { title, phase, refused, reason } => {
            let (title, body) =
                if *refused { trouble::refused(title) } else { trouble::remote(title, *phase) };
            let on_retry = act(site, Site::retry);
            html! { <FallbackCard {title} {body} reason={reason.clone()} {on_retry} /> }
        }
        Page::Reading | Page::Remote { busy: true } => html! { <Skeleton /> },
        Page::Remote { busy: false } => Html::default(),
    }
}

fn act(site: &Rc<Site>, action: fn(&Site)) -> Callback<MouseEvent> {
    let site = site.clone();
    Callback::from(move |_| action(&site))
}

/// Starts the site once its slot is on the page, and follows it.
#[hook]
fn use_view(site: &Rc<Site>, slot: &NodeRef) -> UseStateHandle<View> {
    let view = use_state_eq(View::default);
    let (site, slot, setter) = (site.clone(), slot.clone(), view.setter());
    use_effect_with((), move |()| {
        if let Some(element) = slot.cast::<Element>() {
            site.start(element, Callback::from(move |view| setter.set(view)));
        }
    });
    view
}
