//! Parts of a page that keep something between renderings, without a component of their own.
//!
//! Each type of component costs a bundle 600 bytes (brotli) for its copy of Yew's machinery. All parts are of one
//! type, which renders by a hook.

use std::{any::Any, rc::Rc};

use yew::{
    functional::{Hook, HookContext},
    prelude::*,
};

type Same = fn(&dyn Any, &dyn Any) -> bool;
type Render = Rc<dyn Fn(&mut HookContext) -> Html>;

#[derive(Clone, Properties)]
struct PartProps {
    of: Rc<dyn Any>,
    same: Same,
    render: Render,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&*self.of, &*other.of)
    }
}

#[component]
fn Part(props: &PartProps) -> Html {
    let render = UseRender(Rc::clone(&props.render));
    use_render(render)
}

struct UseRender(Render);

impl Hook for UseRender {
    type Output = Html;

    fn run(self, ctx: &mut HookContext) -> Html {
        (self.0)(ctx)
    }
}

/// Only hooks may be run by a component, and only functions of this name are hooks.
fn use_render(render: UseRender) -> UseRender {
    render
}

/// Renders `hook` with `props`, anew when these change or what it keeps does. `key` must differ from those of parts
/// beside it that have other hooks: what is kept for the one is never shown to the other.
pub fn part<P, H>(key: impl Into<yew::virtual_dom::Key>, props: P, hook: fn(Rc<P>) -> H) -> Html
where
    P: PartialEq + 'static,
    H: Hook<Output = Html> + 'static,
{
    let props = Rc::new(props);
    let of: Rc<dyn Any> = props.clone();
    let same: Same =
        |one, other| one.downcast_ref::<P>().is_some_and(|one| other.downcast_ref() == Some(one));
    let render: Render = Rc::new(move |ctx| hook(Rc::clone(&props)).run(ctx));
    html! { <Part key={key.into()} {of} {same} {render} /> }
}
