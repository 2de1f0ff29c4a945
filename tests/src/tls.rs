//! A way to a server that speaks TLS, with a certificate that nobody signed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A URL that leads to `address` over TLS, and the file in `folder` with the certificate to believe.
pub async fn forward(address: &str, folder: &Path) -> (String, PathBuf) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let file = folder.join("certificate.pem");
    std::fs::write(&file, made.cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let there = address.to_owned();
    tokio::spawn(async move {
        loop {
            let (near, _) = listener.accept().await.unwrap();
            // Small packets go at once; else each waits for the other side's acknowledgement.
            near.set_nodelay(true).unwrap();
            let (acceptor, there) = (acceptor.clone(), there.clone());
            tokio::spawn(async move {
                // A client that does not believe the certificate goes away.
                let Ok(mut near) = acceptor.accept(near).await else {
                    return;
                };
                let mut far = TcpStream::connect(there).await.unwrap();
                far.set_nodelay(true).unwrap();
                tokio::io::copy_bidirectional(&mut near, &mut far).await.ok();
            });
        }
    });
    (url, file)
}
