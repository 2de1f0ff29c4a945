//! The pages of a list while tokens are generated and deleted.

use crate::support::{TestService, first_page};
use shared::domain::page::Entry;
use shared::domain::precondition::Precondition;
use std::collections::BTreeSet;
use tests::app::join;
use tests::database;

#[tokio::test(start_paused = true)]
async fn concurrent_writes_neither_hide_nor_repeat_other_tokens() {
    let database = database::create().await;
    let service = TestService::new(&database.client());
    let names: Vec<_> = (0..1000).map(|number| format!("token-{number:04}")).collect();
    for chunk in names.chunks(50) {
        for issued in join(chunk.iter().map(|name| service.generate(name))).await {
            issued.unwrap();
        }
    }
    let mut request = first_page(37);
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let page = service.list(&request).await.unwrap();
        for entry in &page.entries {
            let Entry::Record(record) = entry else { panic!("{entry:?}") };
            seen.push((record.name.as_str().to_owned(), record.id));
        }
        // Between two pages, one token before the cursor is generated and deleted, and one on each side of it is generated.
        let id = service.create(&format!("a-{pages:03}")).await;
        service.delete(id, &Precondition::Exists).await.unwrap();
        service.create(&format!("b-{pages:03}")).await;
        service.create(&format!("z-{pages:03}")).await;
        pages += 1;
        match page.last {
            Some(last) => request.after = Some(last),
            None => break,
        }
    }
    assert!(pages > 27, "{pages}");
    let unique: BTreeSet<_> = seen.iter().collect();
    assert_eq!(unique.len(), seen.len(), "a token was repeated");
    let found: BTreeSet<_> = seen.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.iter().all(|name| found.contains(name.as_str())), "a token was missing");
    assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0), "not in name order");
}
