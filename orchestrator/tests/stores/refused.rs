//! Accounts that do not work: a sentence at its field within fifteen seconds, and nothing half made.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use domain::account::AccountForm;
use domain::refusal::Refusal;

use crate::servers::Server;
use crate::{Portal, test};

#[test]
fn a_server_that_is_away_or_silent_is_said_at_the_endpoint() {
    test(async |portal, stores| {
        // They were there, and are not any more.
        let gone = [Server::azurite(&stores, None).form.clone(), Server::versity(&stores).form.clone()];
        for form in &gone {
            is_refused(&portal, form, "flink", "endpoint", "cannot be reached").await;
        }
        // It takes connections and says nothing.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        for kind in ["wasb", "s3"] {
            is_refused(&portal, &at(kind, port), "flink", "endpoint", "does not answer").await;
        }
        drop(silent);
    });
}

#[test]
fn a_wrong_key_is_said_at_the_key() {
    test(async |portal, stores| {
        let (azurite, versity) = (Server::azurite(&stores, None), Server::versity(&stores));
        let wrong = AccountForm { secret: "d3Jvbmc=".to_owned(), ..azurite.form.clone() };
        is_refused(&portal, &wrong, "flink", "secret", "does not accept the account's key").await;
        let wrong = AccountForm { secret: "wrong".to_owned(), ..versity.form.clone() };
        is_refused(&portal, &wrong, "flink", "secret", "does not accept the account's key").await;
        let wrong = AccountForm { key_id: "nobody".to_owned(), ..versity.form.clone() };
        is_refused(&portal, &wrong, "flink", "secret", "does not accept the account's key").await;
        // Changed to a wrong one, it stays as it was.
        portal.desk.new_account(&versity.form, "flink").await.unwrap();
        let wrong = AccountForm { secret: "wrong".to_owned(), ..versity.form.clone() };
        let refused = portal.desk.change_account(&wrong).await.unwrap_err();
        assert_eq!(refused.target(), Some("secret"), "{refused}");
        portal.desk.list("objects", "flink", "").await.unwrap();
    });
}

/// Flink's own client of Azure's blobs would make it without a word.
#[test]
fn a_container_that_is_not_there_is_not_empty_and_is_not_made() {
    test(async |portal, stores| {
        for server in [Server::azurite(&stores, None), Server::versity(&stores)] {
            let (desk, account) = (&portal.desk, server.form.name.clone());
            desk.new_account(&server.form, "flink").await.unwrap();
            for path in ["", "jars"] {
                let refused = desk.list(&account, "elsewhere", path).await.unwrap_err();
                assert!(
                    matches!(&refused, Refusal::Unavailable(why) if why.contains("is not there")),
                    "{refused:?}"
                );
            }
            let bytes = futures::StreamExt::boxed(futures::stream::empty());
            desk.upload(&account, "elsewhere", "a", false, bytes).await.unwrap_err();
            let tried = desk.test_account(&account, "elsewhere").await.unwrap();
            assert!(tried.last().is_some_and(|tried| tried.failed.is_some()), "{tried:?}");
            // It is not there afterwards either.
            desk.list(&account, "elsewhere", "").await.unwrap_err();
            // Another account of that name at the same place does not take it for its own.
            let other = AccountForm { name: "other".to_owned(), ..server.form.clone() };
            let refused = desk.new_account(&other, "flink").await.unwrap_err();
            assert!(refused.to_string().contains(&format!("known as {account}/flink")), "{refused}");
            assert_eq!(refused.target(), Some("container"));
        }
    });
}

/// No server here has a clock that is wrong: what S3 and Azure answer then is answered for them.
#[test]
fn a_clock_that_is_wrong_is_said() {
    test(async |portal, _| {
        for (kind, answer) in [
            (
                "s3",
                "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the \
                    current time is too large.</Message></Error>",
            ),
            (
                "wasb",
                "<Error><Code>AuthenticationFailed</Code><AuthenticationErrorDetail>Request date header too old: \
                      'Fri, 27 Nov 2020 10:00:00 GMT'</AuthenticationErrorDetail></Error>",
            ),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let thread = std::thread::spawn(move || {
                for stream in listener.incoming().take(2) {
                    let mut stream = stream.unwrap();
                    let mut request = [0; 8192];
                    let _ = stream.read(&mut request);
                    let head = "HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-type: application/xml";
                    write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len()).unwrap();
                }
            });
            is_refused(&portal, &at(kind, port), "flink", "endpoint", "the clock of the portal's machine")
                .await;
            drop(thread);
        }
    });
}

fn at(kind: &str, port: u16) -> AccountForm {
    let path = if kind == "wasb" { "/lake" } else { "" };
    AccountForm {
        name: "lake1".to_owned(),
        kind: kind.to_owned(),
        endpoint: format!("http://127.0.0.1:{port}{path}"),
        path_style: "true".to_owned(),
        key_id: "id".to_owned(),
        secret: "c2VjcmV0".to_owned(),
        ..AccountForm::default()
    }
}

async fn is_refused(portal: &Portal, form: &AccountForm, container: &str, field: &str, says: &str) {
    let began = Instant::now();
    let refused = portal.desk.new_account(form, container).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert!(refused.to_string().contains(says), "{refused}");
    assert!(!refused.to_string().contains(&form.secret), "{refused}");
    assert_eq!(refused.target(), Some(field), "{refused}");
    assert!(portal.desk.accounts().await.unwrap().iter().all(|one| one.name != form.name), "half made");
}
