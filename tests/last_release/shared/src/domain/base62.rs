//! Base62: the alphabet of tokens, which a double-click selects as one word.

/// The digits in ascending order of value.
pub const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Returns whether `byte` is a base62 digit.
pub fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Writes the big-endian `number` into `digits`, most significant digit first and padded with zeros.
///
/// Leaves in `number` the part that did not fit: its quotient by 62 to the power of the number of digits.
pub fn encode(number: &mut [u8], digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0_u32;
        for byte in number.iter_mut() {
            let dividend = remainder * 256 + u32::from(*byte);
            *byte = (dividend / 62) as u8;
            remainder = dividend % 62;
        }
        *digit = ALPHABET.get(remainder as usize).copied().unwrap_or(b'0');
    }
}
