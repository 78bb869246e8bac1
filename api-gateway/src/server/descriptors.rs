//! File descriptors: every connection takes one, and one more while its request is at an upstream.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Allows this process as many as the system lets it have, and says when these are too few for as many
/// connections.
pub(crate) fn allow(connections: usize) {
    let raised = getrlimit(Resource::RLIMIT_NOFILE).and_then(|(soft, hard)| {
        let more = soft < hard;
        if more { setrlimit(Resource::RLIMIT_NOFILE, hard, hard).map(|()| hard) } else { Ok(soft) }
    });
    match raised {
        Ok(most) if most < connections as u64 => {
            tracing::warn!(
                most,
                connections,
                "fewer file descriptors than connections may be open: raise the hard limit \
                 (LimitNOFILE) or lower `connections.all`"
            );
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the limit of file descriptors is what it was"),
    }
}
