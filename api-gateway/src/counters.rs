//! Counters of what should not happen. They begin at 0: what never happened would not be at `/metrics` at all,
//! and `increase` would miss its first time.

use metrics::counter;

/// Shows those without labels.
pub(crate) fn begin() {
    for name in ["audit_failures_total", "connections_refused_total", "sign_ins_refused_total"] {
        counter!(name).increment(0);
    }
}
