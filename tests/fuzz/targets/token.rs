//! A text that parses as a token is exactly the text that the token reveals.
#![no_main]
use libfuzzer_sys::fuzz_target;
use shared::domain::token::{TOKEN_LENGTH, Token};

fuzz_target!(|text: &str| {
    if let Ok(token) = Token::parse(text) {
        assert_eq!(text.len(), TOKEN_LENGTH);
        assert_eq!(*token.reveal(), *text);
    }
});
