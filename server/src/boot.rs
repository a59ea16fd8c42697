//! Builds the portal from its configuration and runs it until Ctrl-C.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use app::Warnings;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, Uri, header};
use axum::routing::{get, post};
use axum::{Router, middleware};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use orchestrator::{ControlPlane, OpenError};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::certificate::Certificate;
use crate::config::{CreateToken, Folder, Serve};
use crate::connections::{self, Answering};
use crate::cookie::SessionCookie;
use crate::ending::Ending;
use crate::notices::{self, Sealer};
use crate::sign_in;
use crate::state::AppState;
use crate::{downloads, files, live, monitoring, old_links, sample, session, shield, site, tokens, uploads};

/// `penstock serve`. Gives what the process must hold until it is gone: no other portal may have the data folder while
/// a thread of this one may still be at work in it.
pub(crate) async fn serve(serve: Serve) -> anyhow::Result<impl Sized> {
    let files = files::raise();
    let certificate = serve.certificate()?.map(Arc::new);
    let listen = serve.listen()?;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("Cannot listen on {listen}. Is another portal running?"))?;
    let address = listener.local_addr()?;
    let origin = serve.origin(address, certificate.as_ref())?;
    // Nothing is written before the plane holds the folder's lock: it may be another portal's.
    let unpack = |plane: &ControlPlane| {
        site::unpack_jars(plane.jars()).map_err(|error| OpenError(format!("{error:#}")))
    };
    let plane = ControlPlane::open_after(serve.plane()?, unpack).await?;
    serve.folder.remember(&origin.url())?;
    let (warnings, ending) = (Warnings::default(), Ending::listen()?);
    let portal = AppState {
        plane: plane.clone(),
        leptos: LeptosOptions::builder().output_name("penstock").site_pkg_dir("pkg").build(),
        cookie: Arc::new(SessionCookie::new(&serve.folder.data()?, address.port(), origin.is_secure())),
        origin: Arc::new(origin),
        longest: Duration::try_from(serve.session_longest)?,
        sealer: Arc::new(Sealer::new()?),
        guesses: Arc::default(),
        warnings: warnings.clone(),
        ending: ending.begun.clone(),
    };
    let url = portal.origin.url();
    say(&format!("Penstock answers on {url}"));
    say(&format!("Sign in once with  {url}/sign-in/{}", plane.new_link().await?));
    if serve.sample {
        tokio::spawn(sample::create_once(plane.clone()));
    }
    tokio::spawn(files::watch(files, warnings.clone()));
    let tls = certificate.as_ref().map(Certificate::acceptor).transpose()?;
    if let Some(certificate) = certificate {
        tokio::spawn(async move { certificate.follow(warnings).await });
    }
    let answering = Answering { router: router(portal), tls, ending: ending.begun.clone() };
    tokio::select! { () = connections::answer(listener, answering, files) => {}, () = ending.patience() => {} }
    let lock = ending.closed(plane.close()).await;
    Ok((plane, lock))
}

/// `penstock link`: works beside a running portal.
pub(crate) async fn link(folder: &Folder) -> anyhow::Result<()> {
    let token = orchestrator::new_link(&folder.data()?, folder.database.as_deref()).await?;
    say(&format!("{}/sign-in/{token}", folder.reached_at()));
    Ok(())
}

/// `penstock token create`: works beside a running portal.
pub(crate) async fn token(token: &CreateToken) -> anyhow::Result<()> {
    let folder = &token.folder;
    let secret =
        orchestrator::new_token(&folder.data()?, folder.database.as_deref(), &token.wanted()).await?;
    say(&secret);
    Ok(())
}

/// `penstock clean`.
pub(crate) async fn clean(folder: &Folder) -> anyhow::Result<()> {
    let data = folder.data()?;
    if data.exists() && !orchestrator::is_data_folder(&data) {
        bail!("{} is not the data folder of a portal; nothing was removed.", data.display());
    }
    let ended = orchestrator::end_all(&data).await?;
    if data.exists() {
        orchestrator::file::remove_tree(&data)
            .with_context(|| format!("Cannot remove {}", data.display()))?;
    }
    say(&format!("Ended {ended} processes and removed {}.", data.display()));
    Ok(())
}

/// A line for the person who started it. Whoever has stopped listening loses it, and nothing else happens.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Every route of the portal.
pub(crate) fn router(portal: AppState) -> Router {
    let (plane, warnings) = (portal.plane.clone(), portal.warnings.clone());
    let context = move || {
        provide_context(plane.clone());
        provide_context(warnings.clone());
        provide_context(site::later());
        shield::page_policy();
    };
    let options = portal.leptos.clone();
    let document = move || app::shell(options.clone());
    let lost = leptos_axum::render_app_to_stream_with_context(context.clone(), document.clone());
    let pages = Router::new()
        .leptos_routes_with_context(&portal, generate_route_list(app::App), context, document)
        .layer(middleware::from_fn(shield::no_larger));
    Router::new()
        .merge(pages)
        .merge(monitoring::routes())
        .route("/live", get(live::stream))
        .route("/sign-in/{token}", post(sign_in::redeem))
        .route("/sign-out", post(sign_in::sign_out))
        .route(app::TOKENS, post(tokens::create))
        .route("/clusters/{id}/json", get(downloads::json))
        .route("/clusters/{id}/logs/{run}/{name}", get(downloads::log))
        .route("/files/{account}/{container}/{*path}", get(downloads::file).put(uploads::put))
        .route("/files", post(uploads::post).layer(DefaultBodyLimit::disable()))
        .route("/archives/{account}/{container}/{*path}", get(downloads::archive))
        .route("/archives", post(uploads::savepoint).layer(DefaultBodyLimit::disable()))
        .layer(CompressionLayer::new())
        // Beyond the compression: a release build has these compressed already, and packing the wasm file of a
        // development build would take longer than the page.
        .fallback(move |uri: Uri, headers: HeaderMap, request: Request| {
            let lost = lost.clone();
            async move {
                // A person who is lost gets a page that says so, a program a line.
                let accept = headers.get(header::ACCEPT).map(|kinds| kinds.as_bytes());
                let person = accept.is_some_and(|kinds| kinds.starts_with(b"text/html"));
                if person && !site::has(uri.path()) {
                    lost(request).await
                } else {
                    site::serve(uri, headers).await
                }
            }
        })
        .layer(CatchPanicLayer::custom(shield::panicked))
        .layer(middleware::from_fn(old_links::led))
        .layer(middleware::from_fn_with_state(portal.clone(), session::known))
        .layer(middleware::from_fn_with_state(portal.clone(), notices::sealed))
        .layer(middleware::from_fn_with_state(portal.clone(), shield::guard))
        .with_state(portal)
}
