//! Pools by their addresses, and their forms where no script runs.

use crate::portal::PortalProcess;

#[tokio::test]
async fn an_address_of_before_leads_to_the_pool_of_that_name() {
    let portal = PortalProcess::signed_in().await;
    let draft = "/new/019ab5b8-0000-7000-8000-000000000000?tab=basics";
    for rest in ["", "/jobs", "/jobs?group=failing", "/new", draft] {
        let answer = portal.page(&format!("/pools/lab{rest}")).await;
        let leads = answer.headers()["location"].to_str().expect("text").to_owned();
        assert_eq!(leads, format!("/pools/Penstock/streaming/lab{rest}"));
    }
    assert_eq!(portal.page("/pools/Penstock/streaming/lab").await.status(), 200);
    for gone in
        ["/pools/none", "/pools/none/jobs", "/pools/Penstock/streaming/none", "/pools/Penstock/none/lab"]
    {
        assert_eq!(portal.page(gone).await.status(), 404, "{gone}");
    }
}
