//! The industries service.
