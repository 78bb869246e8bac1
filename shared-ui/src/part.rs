//! Parts of a page that keep something between renderings, without a component of their own.
//!
//! Each type of component costs a bundle 600 bytes (brotli) for its copy of Yew's machinery. All parts are of one
//! type, which renders by a hook.

use std::rc::Rc;

use yew::{
    functional::{Hook, HookContext},
    prelude::*,
    virtual_dom::Key,
};

use crate::erased::{Erased, Same, same};

type Render = Rc<dyn Fn(&mut HookContext) -> Html>;

/// Props of [`Part`].
#[derive(Clone, Properties)]
pub(crate) struct PartProps {
    of: Erased,
    same: Same,
    render: Render,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&*self.of, &*other.of)
    }
}

/// The one component.
#[component]
pub(crate) fn Part(props: &PartProps) -> Html {
    use_render(&props.render)
}

struct UseRender(Render);

impl Hook for UseRender {
    type Output = Html;

    fn run(self, ctx: &mut HookContext) -> Html {
        (self.0)(ctx)
    }
}

/// Only hooks may be run by a component, and only functions of this name are hooks.
fn use_render(render: &Render) -> UseRender {
    UseRender(Rc::clone(render))
}

impl PartProps {
    /// Renders `hook` with `props`.
    pub(crate) fn new<P, H>(props: P, hook: impl Fn(Rc<P>) -> H + 'static) -> Self
    where
        P: PartialEq + 'static,
        H: Hook<Output = Html> + 'static,
    {
        let props = Rc::new(props);
        let of: Erased = props.clone();
        Self { of, same: same::<P>, render: Rc::new(move |ctx| hook(Rc::clone(&props)).run(ctx)) }
    }
}

/// Renders `hook` with `props`, anew when these change or what it keeps does. `key` must differ from those of parts
/// beside it that have other hooks: what is kept for the one is never shown to the other.
pub fn part<P, H>(key: impl Into<Key>, props: P, hook: fn(Rc<P>) -> H) -> Html
where
    P: PartialEq + 'static,
    H: Hook<Output = Html> + 'static,
{
    let props = PartProps::new(props, hook);
    html! { <Part key={key.into()} ..props /> }
}
