//! Yew's hooks for state and effects, compiled once for all types.
//!
//! Yew's own are compiled anew for each type of state and for each effect, about 300 bytes (brotli) each time.
//! These keep what differs behind a pointer. They do what Yew's do, but for one thing: a [`State`] is the value
//! of its rendering, also in a callback that is called later, where Yew's is the newest ([`Setter::update`]).

use std::{
    cell::RefCell,
    fmt::{self, Debug},
    marker::PhantomData,
    ops::Deref,
    rc::Rc,
};

use yew::{functional::TearDown, prelude::*};

use crate::erased::{Erased, Same, same};

/// What a component keeps.
struct Kept {
    value: RefCell<Erased>,
    /// Values of which the one need not be rendered after the other.
    same: Same,
    render: UseForceUpdateHandle,
}

impl Kept {
    fn newest(&self) -> Erased {
        Rc::clone(&self.value.borrow())
    }

    fn replace(&self, value: &Erased) {
        let before = self.value.replace(Rc::clone(value));
        if !(self.same)(&*before, &**value) {
            self.render.force_update();
        }
    }
}

#[hook]
fn use_kept(init: &dyn Fn() -> Erased, same: Same) -> Rc<Kept> {
    let render = use_force_update();
    let kept = use_mut_ref(|| None);
    let mut kept = kept.borrow_mut();
    let new = || Rc::new(Kept { value: RefCell::new(init()), same, render });
    Rc::clone(kept.get_or_insert_with(new))
}

/// A value that a component keeps, as it was when the component rendered.
pub struct State<T> {
    value: Rc<T>,
    kept: Rc<Kept>,
}

/// Changes a [`State`].
pub struct Setter<T> {
    kept: Rc<Kept>,
    of: PhantomData<fn(T)>,
}

impl<T> State<T> {
    /// Returns what changes the value.
    #[must_use]
    pub fn setter(&self) -> Setter<T> {
        Setter { kept: Rc::clone(&self.kept), of: PhantomData }
    }
}

impl<T: 'static> Setter<T> {
    /// Changes the value, and renders the component anew.
    pub fn set(&self, value: T) {
        self.kept.replace(&(Rc::new(value) as Erased));
    }

    /// As [`Setter::set`], from the newest value.
    pub fn update(&self, change: impl FnOnce(&T) -> T) {
        if let Some(newest) = self.kept.newest().downcast_ref() {
            self.set(change(newest));
        }
    }
}

impl<T: Reducible + 'static> Setter<T> {
    /// Changes the newest value by an action, and renders the component anew if that makes another one.
    pub fn dispatch(&self, action: T::Action) {
        if let Ok(newest) = self.kept.newest().downcast::<T>() {
            let next: Erased = newest.reduce(action);
            self.kept.replace(&next);
        }
    }
}

/// Keeps a value between renderings; begins with what `init` returns.
#[hook]
pub fn use_state<T: 'static>(init: impl Fn() -> T) -> State<T> {
    use_state_that(init, |_, _| false)
}

/// As [`use_state`]; a value that equals the one before renders nothing.
#[hook]
pub fn use_state_eq<T: PartialEq + 'static>(init: impl Fn() -> T) -> State<T> {
    use_state_that(init, same::<T>)
}

/// As [`use_state`], for a value that actions change; an action that leaves it as it is renders nothing.
#[hook]
pub fn use_reducer<T: Reducible + 'static>(init: fn() -> T) -> State<T> {
    use_state_that(init, |one, other| std::ptr::addr_eq(one, other))
}

#[hook]
fn use_state_that<T: 'static>(init: impl Fn() -> T, same: Same) -> State<T> {
    let kept = use_kept(&|| Rc::new(init()) as Erased, same);
    // A hook's place in its component always holds the same type.
    let value = kept.newest().downcast().unwrap_or_else(|_| Rc::new(init()));
    State { value, kept }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self { value: Rc::clone(&self.value), kept: Rc::clone(&self.kept) }
    }
}

impl<T> Clone for Setter<T> {
    fn clone(&self) -> Self {
        Self { kept: Rc::clone(&self.kept), of: PhantomData }
    }
}

impl<T: Debug> Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> Debug for Setter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Setter")
    }
}

/// What an effect was last run with, and how often it was another one.
#[derive(Default)]
struct Seen {
    deps: Option<Erased>,
    times: u32,
}

/// Runs `effect` after the first rendering and after each one where `deps` changed; what it returns ends it.
#[hook]
pub fn use_effect_with<T: PartialEq + 'static, D: TearDown + 'static>(
    deps: T,
    effect: impl FnOnce(&T) -> D + 'static,
) {
    let deps = Rc::new(deps);
    let run = {
        let deps = Rc::clone(&deps);
        Box::new(move || {
            let ending = effect(&deps);
            Box::new(move || ending.tear_down()) as Box<dyn FnOnce()>
        })
    };
    use_erased_effect(deps, same::<T>, run);
}

#[hook]
fn use_erased_effect(deps: Erased, same: Same, run: Box<dyn FnOnce() -> Box<dyn FnOnce()>>) {
    let seen = use_mut_ref(Seen::default);
    let times = {
        let mut seen = seen.borrow_mut();
        if !seen.deps.as_ref().is_some_and(|seen| same(&**seen, &*deps)) {
            seen.times += 1;
            seen.deps = Some(deps);
        }
        seen.times
    };
    yew::prelude::use_effect_with(times, move |_| run());
}
