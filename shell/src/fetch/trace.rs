//! W3C trace context: each request of a remote begins a trace.

/// Writes a `traceparent` from 24 random bytes: 16 for the trace, 8 for the span.
pub(crate) fn traceparent(random: &[u8; 24]) -> String {
    let mut text = String::with_capacity(55);
    text.push_str("00-");
    for (at, byte) in random.iter().enumerate() {
        if at == 16 {
            text.push('-');
        }
        for half in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(half)]));
        }
    }
    text.push_str("-01");
    text
}

#[cfg(test)]
mod tests {
    use super::traceparent;

    #[test]
    fn a_traceparent_has_the_four_fields_of_the_standard() {
        let mut random = [0xab; 24];
        random[23] = 0x01;
        assert_eq!(traceparent(&random), "00-abababababababababababababababab-ababababababab01-01");
    }
}
