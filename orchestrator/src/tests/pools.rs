//! Pools: a name is unique in its group, so two of the same name stand apart everywhere.

use domain::policy::Role;
use domain::pool::PoolPath;
use domain::refusal::Refusal;
use domain::view::{JobQuery, Scope as Jobs};

use super::database::on_both;
use super::roles::{LAB, World, create};
use super::{TestPortal, lab};

on_both!(two_pools_of_one_name_stand_apart);

/// The pool lab of the group batch.
fn other_lab() -> PoolPath {
    PoolPath::of("Penstock", "batch", "lab")
}

async fn two_pools_of_one_name_stand_apart(portal: TestPortal) {
    let world = World::of(portal).await;
    let (desk, store) = (&world.portal.desk, world.portal.plane.store());
    store.write(sqlx::query("update pool set name = 'lab' where name = 'forge'")).await.expect("written");
    assert_eq!(desk.pools_called("LAB").await.expect("pools"), [other_lab(), lab()]);
    for (path, names) in [(lab(), ["a1", "a2"]), (other_lab(), ["b1", "b2"])] {
        let query = JobQuery { scope: Jobs::Pool(path.clone()), ..JobQuery::default() };
        let page = desk.jobs(&query).await.expect("the grid");
        assert_eq!(page.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), names);
        assert_eq!((page.total, page.counts.all), (2, 2));
        assert!(page.rows.iter().all(|row| row.pool_path == path), "{:?}", page.rows);
        assert_eq!(desk.pool(&path).await.expect("the pool").counts.all, 2);
        for name in names {
            assert!(desk.cluster_named(&path, name).await.is_ok());
            assert!(desk.name_taken(&path, name).await.expect("asked").is_some());
        }
    }
    assert!(matches!(desk.cluster_named(&other_lab(), "a1").await, Err(Refusal::NotFound(_))));
    assert_eq!(desk.name_taken(&other_lab(), "a1").await, Ok(None));
    // A draft is of one of them.
    let draft = desk.new_draft(&other_lab()).await.expect("begun");
    assert_eq!(desk.draft(draft).await.expect("kept").pool, other_lab());
    assert!(desk.drafts(&lab()).await.expect("drafts").is_empty());
    // So is a cluster's name, and a role.
    create(&world.portal, &other_lab(), "a1").await;
    assert_eq!(desk.search("a1").await.expect("found").len(), 2);
    let reader = world.portal.person_at("Rea", Role::Reader, LAB).await;
    assert_eq!(reader.pools_called("lab").await.expect("pools"), [lab()]);
    assert_eq!(reader.search("").await.expect("found").len(), 2);
    assert!(matches!(reader.pool(&other_lab()).await, Err(Refusal::NotFound(_))));
    let hidden = JobQuery { scope: Jobs::Pool(other_lab()), ..JobQuery::default() };
    assert!(matches!(reader.jobs(&hidden).await, Err(Refusal::NotFound(_))));
}
