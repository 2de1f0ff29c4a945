//! A walk through a list while others write.

use crate::support::{caller, generate, service};
use shared::domain::page::{Entry, Filter, PageRequest};
use shared::domain::precondition::Precondition;
use std::collections::BTreeSet;
use tests::app::join;
use tests::database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_that_existed_throughout_is_missed_or_repeated() {
    let database = database::empty().await;
    let service = service(&database.client());
    let names: Vec<_> = (0..1000).map(|number| format!("token-{number:04}")).collect();
    for chunk in names.chunks(50) {
        for issued in join(chunk.iter().map(|name| generate(&service, name)).collect()).await {
            issued.unwrap();
        }
    }
    let mut request = PageRequest { limit: 37, filter: Filter::default(), after: None };
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let page = service.list(&request, service.now()).await.unwrap();
        for entry in &page.entries {
            let Entry::Record(record) = entry else { panic!("{entry:?}") };
            seen.push((record.name.as_str().to_owned(), record.id));
        }
        // Between two pages, one token comes and goes before the place reached, and one comes to stay on either side.
        let passing = generate(&service, &format!("a-{pages:03}")).await.unwrap();
        service
            .delete(&caller(), passing.record.id, &Precondition::Exists, service.now())
            .await
            .unwrap();
        generate(&service, &format!("b-{pages:03}")).await.unwrap();
        generate(&service, &format!("z-{pages:03}")).await.unwrap();
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
    assert!(names.iter().all(|name| found.contains(name.as_str())), "a token was missed");
    assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0), "not in name order");
}
