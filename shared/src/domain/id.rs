//! Token ids.

use super::base62;
use std::fmt;

/// The length of a token id in characters.
pub const ID_LENGTH: usize = 16;

/// A token's public identity: 16 base62 characters, about 95 random bits.
///
/// It is part of the token and of the key of its item, stays the same through every regeneration, and is never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId([u8; ID_LENGTH]);

impl TokenId {
    /// Creates an id from 16 random bytes: their big-endian number modulo 62¹⁶.
    ///
    /// 2¹²⁸ is so much larger than 62¹⁶ that no id is more likely than another by more than 2⁻³².
    pub fn from_entropy(bytes: [u8; 16]) -> Self {
        let mut characters = [base62::ALPHABET[0]; ID_LENGTH];
        let mut number = u128::from_be_bytes(bytes).to_be_bytes();
        base62::encode(&mut number, &mut characters);
        Self(characters)
    }

    /// Parses an id. Returns `None` unless it is 16 base62 characters.
    pub fn parse(text: &str) -> Option<Self> {
        let characters = <[u8; ID_LENGTH]>::try_from(text.as_bytes()).ok()?;
        characters.iter().all(|&byte| base62::is_digit(byte)).then_some(Self(characters))
    }

    /// Returns the 16 characters.
    pub fn as_str(&self) -> &str {
        // Every constructor accepts base62 only, which is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_entropy_encodes_the_number_modulo_62_to_the_power_of_16() {
        assert_eq!(TokenId::from_entropy([0; 16]).as_str(), "0000000000000000");
        let mut one = [0; 16];
        one[15] = 61;
        assert_eq!(TokenId::from_entropy(one).as_str(), "000000000000000z");
        // The number is 62^16 + 1, whose remainder is 1.
        let wrapped = (47_672_401_706_823_533_450_263_330_816_u128 + 1).to_be_bytes();
        assert_eq!(TokenId::from_entropy(wrapped).as_str(), "0000000000000001");
    }

    #[test]
    fn parse_accepts_sixteen_base62_characters_only() {
        assert_eq!(TokenId::parse("4GkTz0a9QmW1xB7c").unwrap().as_str(), "4GkTz0a9QmW1xB7c");
        for text in [
            "",
            "4GkTz0a9QmW1xB7",
            "4GkTz0a9QmW1xB7cc",
            "4GkTz0a9QmW1xB7-",
            "4GkTz0a9QmW1xB7é",
            "4GkTz0a9QmW1xBé",
        ] {
            assert_eq!(TokenId::parse(text), None, "{text}");
        }
    }
}
