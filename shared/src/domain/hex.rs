//! Hexadecimal encoding.

/// Returns bytes as lowercase hexadecimal digits.
pub fn encode(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encode_writes_two_digits_per_byte() {
        assert_eq!(encode(&[0, 0x0a, 0xf0, 0xff]), "000af0ff");
    }
}
