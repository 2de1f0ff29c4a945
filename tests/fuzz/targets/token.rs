//! A text that is a token is the very text that its parts make up.
#![no_main]
use libfuzzer_sys::fuzz_target;
use shared::domain::token::{TOKEN_LENGTH, Token};

fuzz_target!(|text: &str| {
    if let Ok(token) = Token::parse(text) {
        assert_eq!(text.len(), TOKEN_LENGTH);
        assert_eq!(*token.reveal(), *text);
    }
});
