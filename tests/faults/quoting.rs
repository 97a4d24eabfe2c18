//! Answers that quote what the request carried, as a proxy or a webhook may do.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::shop::Shop;
use crate::common::CANARY;
use crate::proxy::fault::{Asked, Fault, Refusal};

/// The codes with which the first connections are refused, each for good.
const REFUSED: [(usize, u16); 7] = [(0, 400), (1, 403), (2, 409), (3, 410), (4, 413), (5, 422), (6, 500)];

/// What a request carried: as it was sent, and decoded.
fn quoted(asked: &Asked) -> String {
    let body: serde_json::Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let password = body["data"]["PASSWORD"].as_str().unwrap_or_default();
    let decoded = String::from_utf8(STANDARD.decode(password).unwrap()).unwrap();
    format!("not with PASSWORD {decoded} in {}", String::from_utf8_lossy(&asked.body))
}

fn refusing(asked: &Asked) -> Fault {
    let Some(n) = asked.writes_secret() else { return Fault::None };
    let refused = REFUSED.iter().find(|(connection, _)| *connection == n);
    match refused {
        Some((_, code)) => Refusal::status(*code, "", &quoted(asked)).into(),
        // passing ones, in a document and without
        None if asked.time == 1 => Refusal::status(503, "", &quoted(asked)).into(),
        None if asked.time == 2 => Refusal::plain(429, &quoted(asked)).into(),
        None => Fault::None,
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn answers_that_quote_a_password_are_told_without_it_in_text_and_in_json() {
    for format in ["text", "json"] {
        let shop = Shop::open(&format!("quoting-{format}")).await;
        let proxy = shop.proxy(refusing).await;
        let ended = shop.job(&proxy).env("SC_JOB_LOG_FORMAT", format).run().await.expect(79);
        for (n, _) in REFUSED {
            let told = format!("connection c{n:02}: SCJ20");
            assert!(ended.stderr.contains(&told), "{told}: {}", ended.stderr);
        }
        assert!(
            ended.last_line().contains("23 of 30 connections ready; 7 failed; objects: 24 created"),
            "{}",
            ended.last_line()
        );
        shop.assert_nothing_is_lost(&proxy, &ended).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an API server of its own: scripts/test"]
async fn an_answer_that_quotes_a_password_and_is_the_last_of_the_run_is_told_without_it() {
    let shop = Shop::open("quoting-last").await;
    let script = |asked: &Asked| match asked.writes_secret() {
        Some(_) => Refusal::status(503, "", &quoted(asked)).into(),
        None => Fault::None,
    };
    let proxy = shop.proxy(script).await;
    let ended = shop.job(&proxy).within(14).timing_out_after(3).run().await.expect(69);
    assert!(ended.last_line().contains("not with PASSWORD *** in "), "{}", ended.last_line());
    assert!(!ended.last_line().contains(CANARY));
    shop.assert_nothing_is_lost(&proxy, &ended).await;
}
