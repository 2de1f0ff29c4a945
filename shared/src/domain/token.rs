//! The token, which a client sends, and the hash of its secret, which the table stores.
//!
//! ```text
//! twd_<id>_<secret><checksum>
//! twd_ 16 characters _ 43 characters 6 characters      (70 characters in all)
//! ```
//!
//! The checksum is the CRC-32 (IEEE) of all that precedes it. It detects typing errors without reading the table, and is
//! not a security measure, because anybody can compute it. The secret has 256 random bits (OWASP ASVS 6.5.2 requires 112),
//! too many to guess, so one round of SHA-256 without a salt protects it. Secret scanners find tokens by the prefix, and a
//! double-click selects a whole token, because it contains only letters, digits and `_`.

use super::base62;
use super::id::{ID_LENGTH, TokenId};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The prefix of every token. Secret scanners look for it.
pub const PREFIX: &str = "twd_";

/// The length of a token in characters.
pub const TOKEN_LENGTH: usize = PREFIX.len() + ID_LENGTH + 1 + SECRET_LENGTH + CHECKSUM_LENGTH;

/// The number of random bytes in a secret.
pub const SECRET_ENTROPY: usize = 32;

/// The size of a stored hash in bytes.
pub const HASH_SIZE: usize = 32;

const SECRET_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;

/// The secret of a token: 32 random bytes as 43 base62 characters.
///
/// It cannot be printed, cloned, serialized or compared, and is wiped from memory when dropped. Only
/// [`SecretHash::new`] and [`Token::reveal`] read it.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; SECRET_LENGTH]);

impl Secret {
    /// Creates a secret from 32 random bytes: their big-endian number in base62, padded with zeros.
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

/// The stored form of a secret: `SHA-256("tokenward/v1:" || id || ":" || secret)`.
///
/// The id is part of the hash, so a hash that is copied to the item of another token matches no secret.
#[derive(Clone)]
pub struct SecretHash([u8; HASH_SIZE]);

impl SecretHash {
    /// Hashes a secret together with its token's id.
    pub fn new(id: TokenId, secret: &Secret) -> Self {
        let hash = Sha256::new()
            .chain_update(b"tokenward/v1:")
            .chain_update(id.as_str())
            .chain_update(b":")
            .chain_update(secret.0);
        Self(hash.finalize().into())
    }

    /// Reads a stored hash. Returns `None` unless it has 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the 32 bytes to store.
    pub fn as_bytes(&self) -> &[u8; HASH_SIZE] {
        &self.0
    }

    /// Returns whether this is the hash of `token`'s secret, in constant time.
    pub fn verify(&self, token: &Token) -> bool {
        *self == token.hash()
    }
}

/// Compares in constant time.
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

/// A whole token: parsed from a header, or just generated.
#[derive(Debug)]
pub struct Token {
    id: TokenId,
    secret: Secret,
}

/// Why a text is not a token. Each variant is detected without reading the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The text does not have 70 bytes.
    #[error("does not have 70 characters")]
    Length,
    /// The prefix is not `twd_`.
    #[error("does not start with `twd_`")]
    Prefix,
    /// There is no `_` between id and secret.
    #[error("has no `_` after the id")]
    Separator,
    /// The id, the secret or the checksum contains a character outside base62.
    #[error("contains a character outside base62")]
    Alphabet,
    /// The checksum does not match: a typo, or a made-up token.
    #[error("has a checksum that does not match")]
    Checksum,
}

impl Token {
    /// Creates a token from an id and a secret.
    pub fn new(id: TokenId, secret: Secret) -> Self {
        Self { id, secret }
    }

    /// Parses a token.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if text.len() != TOKEN_LENGTH {
            return Err(TokenError::Length);
        }
        let rest = text.strip_prefix(PREFIX).ok_or(TokenError::Prefix)?;
        // The split fails inside a character of several bytes, which is not a base62 character.
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

    /// Returns the id, which is public.
    pub fn id(&self) -> TokenId {
        self.id
    }

    /// Returns the hash to store.
    pub fn hash(&self) -> SecretHash {
        SecretHash::new(self.id, &self.secret)
    }

    /// Returns the whole token as text, and consumes it. Only the response to its generation or regeneration needs this.
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
    fn the_token_of_a_known_id_and_known_random_bytes_is_as_documented() {
        assert_eq!(literal().reveal(), LITERAL);
    }

    #[test]
    fn the_hash_of_a_known_token_is_as_documented() {
        let expected = "1a5e3d3d5f4770a5c66d65976bef081f9dcf8590e8f4c87789a3b392b6ec612a";
        let hex: String =
            literal().hash().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, expected);
        assert_eq!(Token::parse(LITERAL).unwrap().hash(), literal().hash());
    }

    #[test]
    fn the_smallest_and_the_largest_secret_have_43_characters() {
        let least = Token::new(id("0000000000000000"), Secret::from_entropy([0; 32])).reveal();
        assert_eq!(least, "twd_0000000000000000_00000000000000000000000000000000000000000003mjDC7");
        let greatest = Token::new(id("zzzzzzzzzzzzzzzz"), Secret::from_entropy([255; 32])).reveal();
        assert_eq!(
            greatest,
            "twd_zzzzzzzzzzzzzzzz_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp118XMx7"
        );
    }

    #[test]
    fn parse_returns_the_first_error() {
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
    fn a_hash_verifies_only_its_own_token() {
        let hash = literal().hash();
        assert!(hash.verify(&literal()));
        assert!(!hash.verify(&Token::new(id("4GkTz0a9QmW1xB7c"), Secret::from_entropy([7; 32]))));
        let same_secret = Secret::from_entropy(std::array::from_fn(|index| index as u8));
        assert!(!hash.verify(&Token::new(id("4GkTz0a9QmW1xB7d"), same_secret)));
        assert_eq!(SecretHash::from_bytes(&[0; 31]), None);
        assert_eq!(SecretHash::from_bytes(&[0; 33]), None);
    }

    #[test]
    fn a_stored_hash_has_32_bytes() {
        let bytes: [u8; HASH_SIZE] = std::array::from_fn(|place| place as u8);
        assert_eq!(SecretHash::from_bytes(&bytes).unwrap().as_bytes(), &bytes);
        for length in [0, 31, 33] {
            assert_eq!(SecretHash::from_bytes(&vec![0; length]), None);
        }
    }

    #[test]
    fn debug_output_contains_no_secret_and_no_hash() {
        let token = literal();
        let shown = format!("{token:?} {:?}", token.hash());
        assert_eq!(
            shown,
            "Token { id: TokenId(4GkTz0a9QmW1xB7c), secret: Secret(…) } SecretHash(…)"
        );
    }

    proptest! {
        #[test]
        fn every_generated_token_parses_to_itself(id in any::<[u8; 16]>(), secret in any::<[u8; 32]>()) {
            let text = Token::new(TokenId::from_entropy(id), Secret::from_entropy(secret)).reveal();
            prop_assert_eq!(text.len(), TOKEN_LENGTH);
            prop_assert_eq!(Token::parse(&text).unwrap().reveal(), text);
        }

        #[test]
        fn a_token_with_one_changed_character_is_rejected(
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
        fn a_token_with_one_changed_base62_character_is_rejected(
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
