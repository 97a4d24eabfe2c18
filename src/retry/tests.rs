use super::*;
use kube::core::Status;

fn api(code: u16, message: &str) -> kube::Error {
    kube::Error::Api(Status::failure(message, "").with_code(code).boxed())
}

#[test]
fn answers_are_judged_by_this_table() {
    assert_eq!(classify(&api(429, "")), Verdict::Retry(None));
    for code in [502, 503, 504] {
        assert_eq!(classify(&api(code, "")), Verdict::RetryOutage, "{code}");
    }
    assert_eq!(classify(&api(401, "")), Verdict::RetryWhileUnsettled);
    for code in [400, 404, 405, 409, 410, 415, 422, 501] {
        assert_eq!(classify(&api(code, "")), Verdict::Permanent, "{code}");
    }
    assert_eq!(classify(&api(500, "failed calling webhook \"w\"")), Verdict::RetryBriefly);
    let no_right = "secrets \"a\" is forbidden: User \"u\" cannot patch resource \"secrets\"";
    assert_eq!(classify(&api(403, no_right)), Verdict::RetryWhileUnsettled);
    assert_eq!(classify_question(&api(403, no_right)), Verdict::Permanent);
    assert_eq!(classify(&api(403, "ValidatingAdmissionPolicy 'p' denied request")), Verdict::Permanent);
    let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
    assert_eq!(classify(&kube::Error::Service(Box::new(refused))), Verdict::RetryOutage);
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_and_the_last_failure_is_reported() {
    let mut tries = 0;
    let budget = Budget::starting_now(Duration::from_secs(60));
    let result = until_done(
        &budget,
        classify,
        || {
            tries += 1;
            let n = tries;
            async move { if n < 3 { Err(api(503, "busy")) } else { Ok(n) } }
        },
        |_, _| {},
    )
    .await;
    assert_eq!(result.unwrap(), 3);

    let spent = Budget::starting_now(Duration::ZERO);
    let result: Result<(), _> = until_done(&spent, classify, || async { Err(api(503, "busy")) }, |_, _| {}).await;
    assert!(matches!(result, Err(kube::Error::Api(status)) if status.message == "busy"));
}

#[tokio::test]
async fn a_pause_beyond_the_budget_is_not_waited_for() {
    let status: Status =
        serde_json::from_str(r#"{"status": "Failure", "code": 429, "details": {"retryAfterSeconds": 3600}}"#).unwrap();
    let budget = Budget::starting_now(Duration::from_secs(5));
    let mut pauses = Vec::new();
    let result: Result<(), _> = until_done(
        &budget,
        classify,
        || {
            let e = kube::Error::Api(status.clone().boxed());
            async { Err(e) }
        },
        |_, pause| pauses.push(pause),
    )
    .await;
    assert!(result.is_err());
    assert!(pauses.is_empty());
}

#[tokio::test]
async fn a_missing_right_is_waited_for_only_while_rights_spread() {
    let no_right = "secrets \"a\" is forbidden: User \"u\" cannot patch resource \"secrets\"";
    let budget = Budget::starting_now(Duration::from_secs(60));
    budget.unsettled_until.set(Instant::now());
    let mut tries = 0;
    let mut answers = vec![api(403, no_right), api(503, ""), api(403, no_right)];
    let result: Result<(), _> = until_done(
        &budget,
        classify,
        || {
            tries += 1;
            let answer = answers.pop();
            async { answer.map_or(Ok(()), Err) }
        },
        |_, _| {},
    )
    .await;
    assert!(result.is_err() && tries == 1, "settled: the first refusal is final");
    let result: Result<(), _> = until_done(
        &budget,
        classify,
        || {
            let answer = answers.pop();
            async { answer.map_or(Ok(()), Err) }
        },
        |_, _| {},
    )
    .await;
    assert!(result.is_ok(), "after an outage it is tried again");
}

#[tokio::test]
async fn rights_are_asked_for_again_within_the_time_in_which_they_spread_however_long_the_pauses_were() {
    let no_right = "secrets \"a\" is forbidden: User \"u\" cannot patch resource \"secrets\"";
    let budget = Budget::starting_now(Duration::from_secs(60));
    let mut answers = vec![api(403, no_right), api(401, ""), api(503, ""), api(503, ""), api(503, "")];
    let mut pauses = Vec::new();
    let request = || {
        let answer = answers.pop();
        async { answer.map_or(Ok(()), Err) }
    };
    let result: Result<(), kube::Error> = until_done(&budget, classify, request, |_, pause| pauses.push(pause)).await;
    assert!(result.is_ok());
    assert_eq!(pauses[3..], [SETTLING, SETTLING]);
}
