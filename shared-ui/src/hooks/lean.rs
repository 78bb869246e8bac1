//! Yew's hooks for state and effects, compiled once for all types.
//!
//! Yew's own are compiled anew for each type of state and for each effect, about 300 bytes (brotli) each time.
//! These keep what differs behind a pointer. They do what Yew's do, but for one thing: a [`State`] is the value
//! of its rendering, also in a callback that is called later, where Yew's is the newest ([`Setter::update`]).

use std::{
    any::Any,
    cell::RefCell,
    fmt::{self, Debug},
    marker::PhantomData,
    ops::Deref,
    rc::Rc,
};

use yew::{functional::TearDown, prelude::*};

/// A value, whatever its type.
type Erased = Rc<dyn Any>;
/// Tells whether two values are of a type and equal.
type Same = fn(&dyn Any, &dyn Any) -> bool;

fn same<T: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    one.downcast_ref::<T>().is_some_and(|one| other.downcast_ref() == Some(one))
}

/// A value that a component keeps, as it was when the component rendered.
#[derive(Debug)]
pub struct State<T> {
    value: Rc<T>,
    setter: Setter<T>,
}

/// Changes a [`State`].
pub struct Setter<T> {
    kept: Rc<RefCell<Erased>>,
    render: UseForceUpdateHandle,
    same: Same,
    of: PhantomData<fn(T)>,
}

impl<T> Debug for Setter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Setter")
    }
}

impl<T> Clone for Setter<T> {
    fn clone(&self) -> Self {
        let kept = Rc::clone(&self.kept);
        Self { kept, render: self.render.clone(), same: self.same, of: PhantomData }
    }
}

impl<T: 'static> Setter<T> {
    /// Changes the value, and renders the component anew.
    pub fn set(&self, value: T) {
        replace(&self.kept, Rc::new(value), self.same, &self.render);
    }

    /// As [`Setter::set`], from the newest value.
    pub fn update(&self, change: impl FnOnce(&T) -> T) {
        let newest = Rc::clone(&self.kept.borrow());
        if let Some(newest) = newest.downcast_ref() {
            self.set(change(newest));
        }
    }
}

fn replace(kept: &RefCell<Erased>, value: Erased, same: Same, render: &UseForceUpdateHandle) {
    let before = kept.replace(Rc::clone(&value));
    if !same(&*before, &*value) {
        render.force_update();
    }
}

impl<T> State<T> {
    /// Returns what changes the value.
    #[must_use]
    pub fn setter(&self) -> Setter<T> {
        self.setter.clone()
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
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

#[hook]
fn use_state_that<T: 'static>(init: impl Fn() -> T, same: Same) -> State<T> {
    let kept = use_kept(&|| Rc::new(init()) as Erased);
    let render = use_force_update();
    let value = Rc::clone(&kept.borrow());
    // A hook's place in its component always holds the same type.
    let value = value.downcast().unwrap_or_else(|_| Rc::new(init()));
    State { value, setter: Setter { kept, render, same, of: PhantomData } }
}

/// A value that a component keeps and changes by actions, as it was when the component rendered.
pub struct Reduced<T> {
    value: Rc<T>,
    dispatcher: Dispatcher<T>,
}

/// Changes a [`Reduced`].
pub struct Dispatcher<T> {
    kept: Rc<RefCell<Erased>>,
    render: UseForceUpdateHandle,
    of: PhantomData<fn(T)>,
}

impl<T> Clone for Dispatcher<T> {
    fn clone(&self) -> Self {
        Self { kept: Rc::clone(&self.kept), render: self.render.clone(), of: PhantomData }
    }
}

impl<T> Debug for Dispatcher<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dispatcher")
    }
}

impl<T: Reducible + 'static> Dispatcher<T> {
    /// Changes the newest value, and renders the component anew if that makes another one.
    pub fn dispatch(&self, action: T::Action) {
        let newest = Rc::clone(&self.kept.borrow());
        if let Ok(newest) = newest.downcast::<T>() {
            let next = Rc::clone(&newest).reduce(action);
            if !Rc::ptr_eq(&newest, &next) {
                self.kept.replace(next);
                self.render.force_update();
            }
        }
    }
}

impl<T> Clone for Reduced<T> {
    fn clone(&self) -> Self {
        Self { value: Rc::clone(&self.value), dispatcher: self.dispatcher.clone() }
    }
}

impl<T: Debug> Debug for Reduced<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> Reduced<T> {
    /// Returns what changes the value.
    #[must_use]
    pub fn dispatcher(&self) -> Dispatcher<T> {
        self.dispatcher.clone()
    }
}

impl<T> Deref for Reduced<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Keeps a value that actions change; begins with what `init` returns.
#[hook]
pub fn use_reducer<T: Reducible + 'static>(init: fn() -> T) -> Reduced<T> {
    let kept = use_kept(&|| Rc::new(init()) as Erased);
    let render = use_force_update();
    let value = Rc::clone(&kept.borrow());
    let value = value.downcast().unwrap_or_else(|_| Rc::new(init()));
    Reduced { value, dispatcher: Dispatcher { kept, render, of: PhantomData } }
}

#[hook]
fn use_kept(init: &dyn Fn() -> Erased) -> Rc<RefCell<Erased>> {
    use_mut_ref(|| init())
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
