//! The token: what a client carries, and the hash that the table keeps of it.
//!
//! ```text
//! twd_<id>_<secret><checksum>
//! twd_ 16 characters _ 43 characters 6 characters      (70 characters in all)
//! ```
//!
//! The checksum is CRC-32 (IEEE) of all that precedes it: it tells a typo or a fake from a token without reading the
//! table, and is no security measure. The secret is 256 random bits, so a plain SHA-256 is enough to store
//! (OWASP ASVS 6.5.2 asks for 112 bits). The field's norm for scanners: a unique prefix, and one double-click selects
//! the whole.

use super::base62;
use super::id::{ID_LENGTH, TokenId};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What every token begins with; secret scanners look for it.
pub const PREFIX: &str = "twd_";

/// Characters in a token.
pub const TOKEN_LENGTH: usize = PREFIX.len() + ID_LENGTH + 1 + SECRET_LENGTH + CHECKSUM_LENGTH;

/// Bytes of randomness in a secret.
pub const SECRET_ENTROPY: usize = 32;

/// Bytes in a stored hash.
pub const HASH_SIZE: usize = 32;

const SECRET_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;

/// The secret half of a token: 43 base62 characters that stand for 32 random bytes.
///
/// It cannot be printed, cloned, serialised or compared, and is wiped from memory when dropped: the only ways out are
/// [`SecretHash::of`] and, within a whole token, [`Token::reveal`].
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; SECRET_LENGTH]);

impl Secret {
    /// The secret of 32 bytes of operating-system randomness: big-endian, zero-padded.
    pub fn from_entropy(mut bytes: [u8; SECRET_ENTROPY]) -> Self {
        let mut characters = [0; SECRET_LENGTH];
        base62::encode(&mut bytes, &mut characters);
        bytes.zeroize();
        Self(characters)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the table keeps of a secret: `SHA-256("tokenward/v1:" || id || ":" || secret)`.
///
/// The id is part of it, so a hash copied to another token's item matches nothing.
#[derive(Clone)]
pub struct SecretHash([u8; HASH_SIZE]);

impl SecretHash {
    /// The hash of a secret under its token's id.
    pub fn of(id: TokenId, secret: &Secret) -> Self {
        let hash = Sha256::new()
            .chain_update(b"tokenward/v1:")
            .chain_update(id.as_str())
            .chain_update(b":")
            .chain_update(secret.0);
        Self(hash.finalize().into())
    }

    /// A stored hash; `None` unless it is 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 32 bytes to store.
    pub fn as_bytes(&self) -> &[u8; HASH_SIZE] {
        &self.0
    }

    /// Whether this is the hash of `token`'s secret, in time that depends on neither.
    pub fn admits(&self, token: &Token) -> bool {
        *self == token.hash()
    }
}

/// In time that depends on neither hash.
impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// A whole token, in flight: parsed from a header, or on its one way to the person who asked for it.
#[derive(Debug)]
pub struct Token {
    id: TokenId,
    secret: Secret,
}

/// Why a text is not a token. Every variant is decided without reading the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not 70 bytes.
    #[error("not 70 characters long")]
    Length,
    /// Does not begin with `twd_`.
    #[error("does not begin with `twd_`")]
    Prefix,
    /// No `_` between id and secret.
    #[error("no `_` after the id")]
    Separator,
    /// A character outside base62 in the id, the secret or the checksum.
    #[error("a character outside base62")]
    Alphabet,
    /// The checksum is another text's: a typo or a fake.
    #[error("the checksum does not match")]
    Checksum,
}

impl Token {
    /// The token of an id and a secret.
    pub fn new(id: TokenId, secret: Secret) -> Self {
        Self { id, secret }
    }

    /// Reads a token from a header's value, which is nothing but the token.
    ///
    /// # Errors
    /// One variant of [`TokenError`] per way to be wrong.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if text.len() != TOKEN_LENGTH {
            return Err(TokenError::Length);
        }
        let rest = text.strip_prefix(PREFIX).ok_or(TokenError::Prefix)?;
        // A position inside a character of several bytes is a character outside base62.
        let (id, rest) = rest.split_at_checked(ID_LENGTH).ok_or(TokenError::Alphabet)?;
        let id = TokenId::parse(id).ok_or(TokenError::Alphabet)?;
        let rest = rest.strip_prefix('_').ok_or(TokenError::Separator)?;
        if !rest.bytes().all(base62::is_digit) {
            return Err(TokenError::Alphabet);
        }
        let (secret, sum) = rest.split_at_checked(SECRET_LENGTH).ok_or(TokenError::Length)?;
        let secret = secret.as_bytes().try_into().map(Secret).map_err(|_| TokenError::Length)?;
        if checksum(id, &secret) != sum.as_bytes() {
            return Err(TokenError::Checksum);
        }
        Ok(Self { id, secret })
    }

    /// The public half.
    pub fn id(&self) -> TokenId {
        self.id
    }

    /// The hash to store.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.id, &self.secret)
    }

    /// The whole token as text, once: it consumes the token. For the answer to whoever generated it, and nothing else.
    pub fn reveal(self) -> String {
        let mut text = String::with_capacity(TOKEN_LENGTH);
        text.push_str(PREFIX);
        text.push_str(self.id.as_str());
        text.push('_');
        let sum = checksum(self.id, &self.secret);
        text.extend(self.secret.0.iter().chain(&sum).map(|&byte| char::from(byte)));
        text
    }
}

fn checksum(id: TokenId, secret: &Secret) -> [u8; CHECKSUM_LENGTH] {
    let mut crc = crc32fast::Hasher::new();
    crc.update(PREFIX.as_bytes());
    crc.update(id.as_str().as_bytes());
    crc.update(b"_");
    crc.update(&secret.0);
    let mut characters = [0; CHECKSUM_LENGTH];
    base62::encode(&mut crc.finalize().to_be_bytes(), &mut characters);
    characters
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "these texts are ASCII, and a panic fails the test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(text: &str) -> TokenId {
        TokenId::parse(text).unwrap()
    }

    const LITERAL: &str = "twd_4GkTz0a9QmW1xB7c_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf01OWmF";

    fn literal() -> Token {
        let bytes: [u8; 32] = std::array::from_fn(|index| index as u8);
        Token::new(id("4GkTz0a9QmW1xB7c"), Secret::from_entropy(bytes))
    }

    #[test]
    fn a_literal_id_and_entropy_give_a_literal_token() {
        assert_eq!(literal().reveal(), LITERAL);
    }

    #[test]
    fn a_literal_token_has_a_literal_hash() {
        let expected = "1a5e3d3d5f4770a5c66d65976bef081f9dcf8590e8f4c87789a3b392b6ec612a";
        let hex: String =
            literal().hash().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, expected);
        assert_eq!(Token::parse(LITERAL).unwrap().hash(), literal().hash());
    }

    #[test]
    fn the_least_and_the_greatest_secret_have_43_characters() {
        let least = Token::new(id("0000000000000000"), Secret::from_entropy([0; 32])).reveal();
        assert_eq!(least, "twd_0000000000000000_00000000000000000000000000000000000000000003mjDC7");
        let greatest = Token::new(id("zzzzzzzzzzzzzzzz"), Secret::from_entropy([255; 32])).reveal();
        assert_eq!(
            greatest,
            "twd_zzzzzzzzzzzzzzzz_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp118XMx7"
        );
    }

    #[test]
    fn each_way_to_be_wrong_has_its_own_error() {
        let cases = [
            (String::new(), TokenError::Length),
            (LITERAL[..69].to_owned(), TokenError::Length),
            (format!("{LITERAL}0"), TokenError::Length),
            (format!(" {}", &LITERAL[..69]), TokenError::Prefix),
            (LITERAL.replacen("twd_", "Twd_", 1), TokenError::Prefix),
            (LITERAL.replacen("twd_", "twd-", 1), TokenError::Prefix),
            (LITERAL.replacen("7c_", "7c0", 1), TokenError::Separator),
            (LITERAL.replacen("4Gk", "4-k", 1), TokenError::Alphabet),
            (format!("{}-{}", &LITERAL[..30], &LITERAL[31..]), TokenError::Alphabet),
            (format!("{}é{}", &LITERAL[..19], &LITERAL[21..]), TokenError::Alphabet),
            (format!("{}é{}", &LITERAL[..63], &LITERAL[65..]), TokenError::Alphabet),
            (LITERAL.replacen("4Gk", "4Gl", 1), TokenError::Checksum),
            (format!("{}zzzzzz", &LITERAL[..64]), TokenError::Checksum),
        ];
        for (text, error) in cases {
            assert_eq!(Token::parse(&text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn a_hash_admits_its_own_token_and_no_other() {
        let hash = literal().hash();
        assert!(hash.admits(&literal()));
        assert!(!hash.admits(&Token::new(id("4GkTz0a9QmW1xB7c"), Secret::from_entropy([7; 32]))));
        let same_secret = Secret::from_entropy(std::array::from_fn(|index| index as u8));
        assert!(!hash.admits(&Token::new(id("4GkTz0a9QmW1xB7d"), same_secret)));
        assert_eq!(SecretHash::from_bytes(&[0; 31]), None);
        assert_eq!(SecretHash::from_bytes(&[0; 33]), None);
    }

    #[test]
    fn a_stored_hash_is_32_bytes_and_comes_back_as_it_was() {
        let bytes: [u8; HASH_SIZE] = std::array::from_fn(|place| place as u8);
        assert_eq!(SecretHash::from_bytes(&bytes).unwrap().as_bytes(), &bytes);
        for length in [0, 31, 33] {
            assert_eq!(SecretHash::from_bytes(&vec![0; length]), None);
        }
    }

    #[test]
    fn debug_output_shows_no_secret_and_no_hash() {
        let token = literal();
        let shown = format!("{token:?} {:?}", token.hash());
        assert_eq!(
            shown,
            "Token { id: TokenId(4GkTz0a9QmW1xB7c), secret: Secret(…) } SecretHash(…)"
        );
    }

    proptest! {
        #[test]
        fn every_issued_token_parses_to_itself(id in any::<[u8; 16]>(), secret in any::<[u8; 32]>()) {
            let text = Token::new(TokenId::from_entropy(id), Secret::from_entropy(secret)).reveal();
            prop_assert_eq!(text.len(), TOKEN_LENGTH);
            prop_assert_eq!(Token::parse(&text).unwrap().reveal(), text);
        }

        #[test]
        fn no_change_of_a_single_character_parses(
            id in any::<[u8; 16]>(),
            secret in any::<[u8; 32]>(),
            place in 0..TOKEN_LENGTH,
            other in any::<char>(),
        ) {
            let text = Token::new(TokenId::from_entropy(id), Secret::from_entropy(secret)).reveal();
            let mut characters: Vec<char> = text.chars().collect();
            prop_assume!(characters[place] != other);
            characters[place] = other;
            prop_assert!(Token::parse(&characters.into_iter().collect::<String>()).is_err());
        }

        #[test]
        fn no_change_of_a_single_base62_character_parses(
            id in any::<[u8; 16]>(),
            secret in any::<[u8; 32]>(),
            place in 0..TOKEN_LENGTH,
            other in 0..62_usize,
        ) {
            let text = Token::new(TokenId::from_entropy(id), Secret::from_entropy(secret)).reveal();
            let mut bytes = text.into_bytes();
            let other = base62::ALPHABET[other];
            prop_assume!(bytes[place] != other);
            bytes[place] = other;
            prop_assert!(Token::parse(std::str::from_utf8(&bytes).unwrap()).is_err());
        }
    }
}
