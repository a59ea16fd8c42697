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

/// Posts a form as a browser without script does, from the page that has it; the page that it then shows.
async fn post(portal: &PortalProcess, endpoint: &str, from: &str, fields: &str) -> String {
    let posted = portal
        .known("POST", &format!("/api/ui/{endpoint}"))
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("referer", format!("{}{from}", portal.url))
        .body(format!("{fields}&back={from}"));
    let answer = posted.send().await.expect("an answer");
    assert!(answer.status().is_redirection(), "{endpoint}: {}", answer.status());
    let leads = answer.headers()["location"].to_str().expect("text").to_owned();
    let path = leads.strip_prefix(&portal.url).unwrap_or(&leads);
    portal.page(path).await.text().await.expect("text")
}

#[tokio::test]
async fn a_pool_is_made_changed_and_deleted_without_script() {
    let portal = PortalProcess::signed_in().await;
    let of = "subscription=Penstock";
    let page = post(&portal, "new-group", "/subscriptions", &format!("{of}&name=batch")).await;
    assert!(page.contains("Delete the resource group batch"), "{page}");
    let page = post(&portal, "new-group", "/subscriptions", &format!("{of}&name=BATCH")).await;
    assert!(page.contains("This name is taken"), "{page}");
    // Everything that is wrong is said, and the field is named.
    let form = "group=Penstock/batch&form[name]=1st&form[region]=here&form[versions]=1.2.1&form[cpu]=many";
    let page = post(&portal, "save-pool", "/pools/new", form).await;
    assert!(page.contains("begins with a letter") && page.contains("is no number"), "{page}");
    let sizes = "form[sizes][0][name]=Small&form[sizes][0][cpu]=2&form[sizes][0][memory]=4096&form[sizes][0][price]=0.19";
    let form = format!(
        "group=Penstock/batch&form[name]=night&form[region]=here&form[versions]=1.2.1&form[currency]=EUR&{sizes}"
    );
    let page = post(&portal, "save-pool", "/pools/new", &form).await;
    assert!(page.contains("Penstock / batch, here") && page.contains("0.19 EUR"), "{page}");
    let place = "/pools/Penstock/batch/night";
    let (networks, pool) = (&format!("{place}/networks"), "pool=Penstock/batch/night");
    post(&portal, "new-network", networks, &format!("{pool}&name=net&range=127.77.0.0/16")).await;
    let page =
        post(&portal, "new-network", networks, &format!("{pool}&network=net&name=a&range=10.0.0.0/8")).await;
    assert!(page.contains("not of this machine alone"), "{page}");
    let page =
        post(&portal, "new-network", networks, &format!("{pool}&network=net&name=a&range=127.77.0.0/24"))
            .await;
    assert!(page.contains("0 of 253"), "{page}");
    // The form of a cluster offers what it has.
    let page = portal.page(&format!("{place}/new")).await;
    let draft = page.headers()["location"].to_str().expect("text").to_owned();
    let page = portal.page(&draft).await.text().await.expect("text");
    assert!(page.contains("a, 127.77.0.0/24, 253 addresses left"), "{page}");
    // What holds something is kept, and says what.
    let page = post(&portal, "delete-scope", "/subscriptions", &format!("{of}&group=batch")).await;
    assert!(page.contains("holds the cluster pools night"), "{page}");
    let page = post(&portal, "delete-network", networks, &format!("{pool}&network=net&subnet=a")).await;
    assert!(!page.contains("0 of 253"), "{page}");
    post(&portal, "delete-pool", &format!("{place}/delete"), pool).await;
    assert_eq!(portal.page(place).await.status(), 404);
    let page = post(&portal, "delete-scope", "/subscriptions", &format!("{of}&group=batch")).await;
    assert!(!page.contains("Delete the resource group batch"), "{page}");
}
