//! Values behind a pointer, so that code for them is compiled once for all types.

use std::{any::Any, rc::Rc};

/// A value, whatever its type.
pub(crate) type Erased = Rc<dyn Any>;
/// Compares two values.
pub(crate) type Same = fn(&dyn Any, &dyn Any) -> bool;

/// Tells whether both values are of this type and equal.
pub(crate) fn same<T: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    one.downcast_ref::<T>().is_some_and(|one| other.downcast_ref() == Some(one))
}
