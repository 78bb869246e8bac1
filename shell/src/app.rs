//! The root component: the frame around the slot. Not here: anything that happens.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use crate::account;
use crate::components::{
    Notice, fallback_card, footer, header, live_region, not_found, override_banner, skeleton,
    skip_link, trouble,
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

/// The page, and the shell's only component.
#[derive(Debug)]
pub(crate) struct App {
    view: View,
    slot: NodeRef,
}

impl Component for App {
    type Message = View;
    type Properties = AppProps;

    fn create(_: &Context<Self>) -> Self {
        Self { view: View::default(), slot: NodeRef::default() }
    }

    fn update(&mut self, _: &Context<Self>, view: View) -> bool {
        let changed = self.view != view;
        self.view = view;
        changed
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let (view, site) = (&self.view, &ctx.props().site);
        let busy = match &view.page {
            Page::Reading => true,
            Page::Remote { busy } => *busy,
            Page::Unreadable(_) | Page::Broken { .. } | Page::Missing => false,
        };
        html! {
            <>
                { skip_link() }
                { for view.overrides.iter().map(|notice| banner(site, notice)) }
                { header(view, account::name(), act(site, Site::turn_theme)) }
                <main id="main" class="main" tabindex="-1" aria-busy={busy.then_some("true")}>
                    // Filled by the slot alone: it has no children here, now or ever.
                    <div class="slot" ref={self.slot.clone()} />
                    { overlay(view, site) }
                </main>
                { footer(view.revision.as_ref(), view.mounted.as_ref()) }
                { live_region(view.announcement.0, &view.announcement.1) }
            </>
        }
    }

    /// Starts the site once its slot is on the page, and follows it.
    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if let Some(element) = self.slot.cast::<Element>().filter(|_| first) {
            ctx.props().site.start(element, ctx.link().callback(|view| view));
        }
    }
}

fn banner(site: &Rc<Site>, notice: &Notice) -> Html {
    let (site, name) = (site.clone(), notice.name.clone());
    override_banner(notice, Callback::from(move |_| site.set_override(&name, "")))
}

/// What stands in the slot's place while no remote does. What differs has a key of its own: an alert is read
/// out when it comes, not when something else becomes one.
fn overlay(view: &View, site: &Rc<Site>) -> Html {
    match &view.page {
        Page::Unreadable(reason) => {
            fallback_card(trouble::unreadable(), reason, act(site, Site::read))
        }
        Page::Missing => not_found(&view.nav, &view.path),
        Page::Broken { title, phase, refused, reason } => {
            let words =
                if *refused { trouble::refused(title) } else { trouble::remote(title, *phase) };
            fallback_card(words, reason, act(site, Site::retry))
        }
        Page::Reading | Page::Remote { busy: true } => skeleton(),
        Page::Remote { busy: false } => Html::default(),
    }
}

fn act(site: &Rc<Site>, action: fn(&Site)) -> Callback<MouseEvent> {
    let site = site.clone();
    Callback::from(move |_| action(&site))
}
