//! One segment of a path, and how other programs may read it.
//!
//! A gateway, a proxy and a web framework may each normalise a path once more: remove dot segments (RFC 3986 section
//! 5.2.4), cut path parameters off at `;`, decode percent-encoding again, replace compatibility characters (Unicode
//! Standard Annex 15), or trim white space. A segment is unsafe if one of them would not read it as one segment with a name.
//! A program may still read a safe segment as another name: see [`may_be_read_as`].

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Characters at which some programs end a segment or start another part of a URL, and `%`, which starts an encoded character.
const DELIMITERS: [char; 6] = ['/', '\\', '%', '?', '#', ';'];

/// Returns whether all programs read `segment` as one segment with a name.
///
/// A segment is unsafe if it contains a delimiter or a control character. It is also unsafe if, without white space and
/// invisible characters, it is empty, `.` or `..`. Both rules also apply to its NFKC form.
pub fn is_safe(segment: &str) -> bool {
    if segment.is_ascii() {
        return is_safe_as_written(segment);
    }
    is_safe_as_written(segment)
        && is_safe_as_written(&ComposingNormalizerBorrowed::new_nfkc().normalize(segment))
}

fn is_safe_as_written(segment: &str) -> bool {
    let visible = segment.chars().filter(|character| !is_blank(*character));
    !segment.contains(DELIMITERS)
        && !segment.contains(char::is_control)
        // Not empty, `.` or `..`: there is a character other than a dot, or there are more than two dots.
        && (visible.clone().any(|character| character != '.') || visible.count() > 2)
}

/// Returns whether a program may read `segment`, which must be [safe](is_safe), as `name`: they are equal, or they become equal
/// when `segment` is normalised (NFKC) and its white space and invisible characters are removed.
pub fn may_be_read_as(segment: &str, name: &str) -> bool {
    if segment == name || has_one_reading(segment) {
        return segment == name;
    }
    let normalised = ComposingNormalizerBorrowed::new_nfkc().normalize(segment);
    normalised.chars().filter(|character| !is_blank(*character)).eq(name.chars())
}

/// Returns whether all programs read `segment`, which must be [safe](is_safe), as it is written.
///
/// They do if it contains only ASCII characters and no space: a program that normalises it, or removes white space and
/// invisible characters, does not change it.
pub fn has_one_reading(segment: &str) -> bool {
    segment.is_ascii() && !segment.contains(' ')
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

/// Returns whether a character is usually invisible: a format character (general category Cf), or one that a renderer
/// ignores by default (Unicode Standard, section 5.21).
pub fn is_invisible(character: char) -> bool {
    !character.is_ascii()
        && (CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
            || CodePointMapData::<GeneralCategory>::new().get(character) == GeneralCategory::Format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_alike_may_be_read_as_the_name() {
        for segment in ["admin", "admin ", " admin", "adm\u{ad}in", "\u{ff41}dmin", "admin\u{3000}"]
        {
            assert!(may_be_read_as(segment, "admin"), "{segment:?}");
        }
        for segment in ["Admin", "admins", "a-dmin", "", " ", "\u{430}dmin"] {
            assert!(!may_be_read_as(segment, "admin"), "{segment:?}");
        }
    }

    #[test]
    fn plain_names_are_safe() {
        for segment in
            ["payments", "a.b", "...", ".a", "*", "a b", "a:b", "a=b", "é", "日本", "~", "@", "-"]
        {
            assert!(is_safe(segment), "{segment:?}");
        }
    }

    #[test]
    fn delimiters_and_control_characters_are_unsafe() {
        for segment in [
            "a/b", "a\\b", "a%2Fb", "a?b", "a#b", "a;x=1", "..;", ";", "a\nb", "a\u{0}", "\u{7f}",
            "a\u{85}b", "%2e%2e",
        ] {
            assert!(!is_safe(segment), "{segment:?}");
        }
    }

    #[test]
    fn segments_that_become_empty_or_a_dot_segment_are_unsafe() {
        for segment in [
            "",
            ".",
            "..",
            " ",
            " .",
            ".. ",
            ". .",
            "\u{a0}..",
            "..\u{200b}",
            ".\u{200d}.",
            "\u{feff}",
            "\u{2028}..",
            "\u{3164}",
            ".\u{fe0f}.",
            "\u{ad}.",
            "\u{2025}",
            "\u{2024}",
            "\u{ff0e}\u{ff0e}",
            ".\u{ff0e}",
            "\u{fe52}.",
        ] {
            assert!(!is_safe(segment), "{segment:?}");
        }
        assert!(is_safe("\u{2026}"), "three dots are a name");
    }

    #[test]
    fn compatibility_forms_of_delimiters_are_unsafe() {
        for segment in [
            "a\u{ff0f}b",
            "a\u{ff3c}b",
            "a\u{ff05}2f",
            "a\u{ff1b}x",
            "a\u{37e}b",
            "\u{2100}",
            "a\u{ff1f}",
        ] {
            assert!(!is_safe(segment), "{segment:?}");
        }
    }

    #[test]
    fn format_characters_and_default_ignorables_are_invisible() {
        for character in ['\u{200b}', '\u{ad}', '\u{feff}', '\u{3164}', '\u{e0041}', '\u{600}'] {
            assert!(is_invisible(character), "{character:?}");
        }
        for character in ['a', ' ', 'é', '\u{301}', '\n'] {
            assert!(!is_invisible(character), "{character:?}");
        }
    }
}
