//! Elements made by calls.
//!
//! `html!` writes out the making of each element where it stands, about 350 bytes of WebAssembly; a call is
//! 60. On a page with much markup that is 8 KB (brotli): parts of such a page are functions made of these,
//! and `html!` is left to components with properties.

use std::rc::Rc;

use yew::{
    html::{onclick::Wrapper, oninput, onkeydown},
    prelude::*,
    virtual_dom::{VTag, VText},
};

/// An element in the making.
#[derive(Debug)]
#[must_use = "`end` makes the node"]
pub struct Tag(Box<VTag>);

/// Begins an element with a class, if that is not empty.
#[inline(never)]
pub fn tag(name: &'static str, class: &'static str) -> Tag {
    let tag = Tag(Box::new(VTag::new(AttrValue::Static(name))));
    if class.is_empty() { tag } else { tag.put("class", AttrValue::Static(class)) }
}

/// Returns a node of text.
#[inline(never)]
pub fn words(text: &str) -> Html {
    VText::new(Rc::<str>::from(text)).into()
}

impl Tag {
    #[inline(never)]
    fn put(mut self, name: &'static str, value: AttrValue) -> Self {
        self.0.add_attribute(name, value);
        self
    }

    /// Sets an attribute.
    pub fn set(self, name: &'static str, value: &'static str) -> Self {
        self.put(name, AttrValue::Static(value))
    }

    /// Sets an attribute that is made at run time.
    #[inline(never)]
    pub fn with(self, name: &'static str, value: &str) -> Self {
        self.put(name, AttrValue::Rc(value.into()))
    }

    /// Sets an attribute to `true` or `false`.
    pub fn flag(self, name: &'static str, value: bool) -> Self {
        self.set(name, if value { "true" } else { "false" })
    }

    /// Sets what tells it from its siblings.
    #[inline(never)]
    pub fn key(mut self, key: &str) -> Self {
        self.0.key = Some(key.into());
        self
    }

    /// Binds a reference to it.
    pub fn node(mut self, node: &NodeRef) -> Self {
        self.0.node_ref = node.clone();
        self
    }

    /// Sets what a click does.
    #[inline(never)]
    pub fn click(mut self, callback: Callback<MouseEvent>) -> Self {
        self.0.add_listener(Rc::new(Wrapper::new(callback)));
        self
    }

    /// Sets what a key does.
    #[inline(never)]
    pub fn key_down(mut self, callback: Callback<KeyboardEvent>) -> Self {
        self.0.add_listener(Rc::new(onkeydown::Wrapper::new(callback)));
        self
    }

    /// Sets what a field holds, and what changing it does.
    pub fn holds(mut self, value: &AttrValue, on_input: Callback<InputEvent>) -> Self {
        self.0.set_value(Some(value.clone()));
        self.0.add_listener(Rc::new(oninput::Wrapper::new(on_input)));
        self
    }

    /// Adds a child.
    #[inline(never)]
    #[expect(clippy::should_implement_trait, reason = "a child is no summand")]
    pub fn add(mut self, child: Html) -> Self {
        self.0.add_child(child);
        self
    }

    /// Adds a child that may be missing. Its place is kept: with another number of children Yew would make
    /// its neighbours anew, and what has the focus would lose it.
    pub fn maybe(self, child: Option<Html>) -> Self {
        self.add(child.unwrap_or_default())
    }

    /// Adds children.
    pub fn all(self, children: impl IntoIterator<Item = Html>) -> Self {
        children.into_iter().fold(self, Self::add)
    }

    /// Adds text.
    #[inline(never)]
    pub fn text(self, text: &str) -> Self {
        self.add(words(text))
    }

    /// Adds a number.
    #[inline(never)]
    pub fn number(self, number: u32) -> Self {
        self.text(&number.to_string())
    }

    /// Adds an element with nothing but text.
    pub fn with_text(self, name: &'static str, class: &'static str, text: &str) -> Self {
        self.add(tag(name, class).text(text).end())
    }

    /// Ends it.
    #[inline(never)]
    pub fn end(self) -> Html {
        Html::from(*self.0)
    }
}

#[cfg(test)]
mod tests {
    use yew::prelude::*;

    use super::tag;

    #[component]
    fn Made() -> Html {
        tag("p", "a")
            .with("title", "<\"&")
            .flag("aria-busy", false)
            .text("<b>")
            .number(7)
            .maybe(None)
            .all([tag("i", "").end(), tag("br", "").end()])
            .with_text("em", "", "x")
            .end()
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_element_is_what_the_macro_would_make() {
        let html = yew::LocalServerRenderer::<Made>::new().hydratable(false).render().await;
        assert_eq!(
            html,
            "<p class=\"a\" title=\"&lt;&quot;&amp;\" aria-busy=\"false\">&lt;b&gt;7<i></i><br><em>x</em></p>"
        );
    }
}
