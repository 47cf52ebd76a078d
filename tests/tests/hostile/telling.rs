//! Hostile bodies, and what is to become of them: a body is taken, or refused for fields that are hostile alone.

use serde_json::Value;
use tests::Answer;

/// Sends it as a merchant would who is told what is wrong with it: what is refused is harmless the next time. Returns
/// the body that was taken, and the answer.
pub(crate) async fn told(
    harmless: &Value,
    mut body: Value,
    expected: u16,
    mut send: impl AsyncFnMut(&Value) -> Answer,
) -> (Value, Value) {
    // a problem names twenty fields at most
    for _ in 0..5 {
        let answer = send(&body).await;
        if answer.status == expected {
            assert_ne!(answer.body["result"], "ignored", "{}", answer.body);
            return (body, answer.body);
        }
        let problem = answer.body.clone();
        for pointer in refused(answer) {
            let own = harmless.pointer(&pointer).cloned().unwrap_or_default();
            let field = body.pointer_mut(&pointer).unwrap_or_else(|| panic!("there is no {pointer}"));
            assert!(*field != own, "{pointer} is refused, and harmless: {own}; {problem}");
            *field = own;
        }
    }
    panic!("it is still refused once it is harmless: {body:.2000}");
}

/// The fields that a problem names.
#[track_caller]
pub(crate) fn refused(answer: Answer) -> Vec<String> {
    let problem = answer.is_problem(400, "invalid-request");
    let errors = problem["errors"].as_array().unwrap();
    let fields = errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned());
    // one may be wrong in two ways
    fields.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
