//! Stored grants of each kind are read and written unchanged, including those of earlier releases.

use serde_json::{Value, json};
use shared::domain::grant::{Grant, Permissions};
use tests::fixture::VOCABULARY;

#[test]
fn grants_of_every_kind_are_written_as_they_were_read() {
    for grant in [
        r#"{"resource":"devtronApps","project":"pay","environments":["prod","dev"],"applications":["*"],"role":"trigger"}"#,
        r#"{"resource":"devtronApps","project":"*","environments":["*"],"applications":["sh\"op"],"role":"manager"}"#,
        r#"{"resource":"helmApps","project":"pay","environments":["c/web","c/*","a/b/web"],"applications":["redis"],"role":"edit"}"#,
        r#"{"resource":"jobs","project":"data","environments":["*"],"jobs":["nightly"],"workflows":["*"],"role":"view"}"#,
        r#"{"resource":"kubernetes","cluster":"c","namespaces":["web"],"apiGroups":["core"],"kinds":["*"],"names":["*"],"role":"admin"}"#,
        r#"{"resource":"chartGroups","names":["team"],"role":"edit"}"#,
        r#"{"resource":"chartGroups","names":["a;b"," c","d\u200b"],"role":"edit"}"#,
        r#"{"resource":"routes","methods":["GET","POST"],"paths":["/a/*","/b/**","/c/{id}","/d/:id","/e;f"]}"#,
        r#"{"resource":"routes","methods":["*"],"paths":["/**"]}"#,
    ] {
        let text = format!(r#"{{"type":"specific","grants":[{grant}]}}"#);
        let permissions = Permissions::from_stored(&VOCABULARY, &text).unwrap();
        let Permissions::Specific(grants) = &permissions else { panic!("{text}") };
        assert!(!matches!(grants[0], Grant::Unknown(_)), "{grant}");
        let written = serde_json::to_string(&permissions).unwrap();
        let text: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), text);
    }
}

#[test]
fn grants_with_an_unknown_kind_or_role_allow_nothing_and_leave_the_others_in_force() {
    let known = json!({ "resource": "chartGroups", "names": ["team"], "role": "edit" });
    let unknown = [
        json!({ "resource": "moon", "phases": { "full": true }, "role": 7 }),
        json!({ "resource": "chartGroups", "names": ["team"], "role": "owner", "since": 2 }),
    ];
    let document = json!({ "type": "specific", "grants": [unknown[0], unknown[1], known] });
    let permissions = Permissions::from_stored(&VOCABULARY, &document.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&permissions).unwrap(), document);
    let allowed = crate::support::decision(&permissions, "PUT", "/chart-groups/team");
    assert_eq!(format!("{allowed:?}"), "Allow(Grant(2))");
    assert!(!crate::support::is_allowed(&permissions, "PUT", "/chart-groups/other"));
}
