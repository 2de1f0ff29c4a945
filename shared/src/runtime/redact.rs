//! Masks the secrets of tokens in the log, in case a line contains one.

use std::io::{self, Write};
use tracing_subscriber::fmt::MakeWriter;

const PREFIX: &[u8] = b"twd_";
const ID_LENGTH: usize = 16;
const MASK: &[u8] = "…".as_bytes();

/// A writer of lines that masks the secret of every token: the letters, digits and underscores after `twd_<id>_`.
pub(super) struct Redact<W>(pub(super) W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Redact<W> {
    type Writer = Redact<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Redact(self.0.make_writer())
    }
}

/// Each call must write whole lines, as `tracing_subscriber` does.
impl<W: Write> Write for Redact<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(&redacted(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn redacted(line: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((first, after)) = rest.split_first() {
        match secret_of(rest) {
            Some((id, secret_length)) => {
                shown.extend_from_slice(id);
                shown.extend_from_slice(MASK);
                rest = rest.get(id.len() + secret_length..).unwrap_or_default();
            }
            None => {
                shown.push(*first);
                rest = after;
            }
        }
    }
    shown
}

/// Returns the public part of a token at the start of `text`, and the length of the secret that follows.
fn secret_of(text: &[u8]) -> Option<(&[u8], usize)> {
    let after_prefix = text.strip_prefix(PREFIX)?;
    let (id, after_id) = after_prefix.split_at_checked(ID_LENGTH)?;
    let secret = after_id.strip_prefix(b"_")?;
    let length = secret.iter().take_while(|byte| is_word(**byte)).count();
    let public = text.get(..PREFIX.len() + ID_LENGTH + 1)?;
    (length > 0 && id.iter().all(u8::is_ascii_alphanumeric)).then_some((public, length))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        String::from_utf8(redacted(line.as_bytes())).unwrap()
    }

    #[test]
    fn secrets_of_tokens_are_masked_wherever_they_are() {
        let token = "twd_4GkTz0a9QmW1xB7c_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf01OWmF";
        let line = format!("{{\"route\":\"GET /{token}/x\",\"again\":\"{token}\",\"end\":1}}\n");
        let masked = "twd_4GkTz0a9QmW1xB7c_…";
        assert_eq!(
            shown(&line),
            format!("{{\"route\":\"GET /{masked}/x\",\"again\":\"{masked}\",\"end\":1}}\n")
        );
        assert_eq!(shown("twd_4GkTz0a9QmW1xB7c_cut"), masked);
        assert_eq!(shown("twd_twd_4GkTz0a9QmW1xB7c_x"), format!("twd_{masked}"));
    }

    #[test]
    fn other_text_is_not_changed() {
        for line in [
            "",
            "twd_",
            "twd_4GkTz0a9QmW1xB7c",
            "twd_4GkTz0a9QmW1xB7c_",
            "twd_4-kTz0a9QmW1xB7c_x",
            "é…",
        ] {
            assert_eq!(shown(line), line);
        }
    }
}
