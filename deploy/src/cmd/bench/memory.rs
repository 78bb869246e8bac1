//! How much memory a process has.

/// Returns the resident memory of a process in kilobytes, where that can be known (Linux).
pub(super) fn resident(pid: u32) -> Option<u64> {
    read(&std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?)
}

fn read(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn resident_memory_is_read() {
        let status = "Name:\ta\nVmHWM:\t   200 kB\nVmRSS:\t   123 kB\n";
        assert_eq!(super::read(status), Some(123));
        assert_eq!(super::read("Name:\ta\n"), None);
    }
}
