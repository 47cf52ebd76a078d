//! The commit: all of a plan in one transaction, or nothing of it.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::{ReturnConsumedCapacity, error::TransactionCanceledException},
};

use crate::{
    error::{Cause, CommitError, StoreError, is_busy},
    keys::MAX_PROGRAM_VERSION,
    plan::{MAX_WRITES, Plan},
    table::Store,
    write::Write,
};

const OPERATION: &str = "commit";

impl Store {
    /// One TransactWriteItems. The SDK gives each commit a token of its own, so that an attempt whose
    /// answer was lost is not written twice when it is sent again.
    ///
    /// # Errors
    /// `Conflict` if a row is not as the plan supposes; `TooLarge` for a plan that no transaction
    /// takes or with a row that is larger than one may be; `Store` if the table cannot be written.
    #[allow(clippy::needless_pass_by_value, reason = "a plan is for one commit: it does not outlive it")]
    pub async fn commit(&self, plan: Plan) -> Result<(), CommitError> {
        let numbered_past_the_end =
            |write: &Write| matches!(write, Write::Program(program) if program.version > MAX_PROGRAM_VERSION);
        if plan.writes.len() > MAX_WRITES || plan.writes.iter().any(numbered_past_the_end) {
            return Err(CommitError::TooLarge);
        }
        let actions = plan.actions(&self.table).map_err(|cause| StoreError::new(OPERATION, cause))?;
        if actions.is_empty() {
            return Ok(());
        }
        self.client
            .transact_write_items()
            .set_transact_items(Some(actions))
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .send()
            .await
            .map(|_| ())
            .map_err(why)
    }
}

fn why(error: SdkError<TransactWriteItemsError, HttpResponse>) -> CommitError {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => CommitError::Conflict,
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) if is_conflict(cancelled) => {
            CommitError::Conflict
        }
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) if is_throttled(cancelled) => {
            StoreError::new(OPERATION, Cause::unavailable(error)).into()
        }
        Some(refused) if has_too_large_a_row(refused) => CommitError::TooLarge,
        _ => StoreError::of_call(OPERATION, error).into(),
    }
}

fn is_conflict(cancelled: &TransactionCanceledException) -> bool {
    codes(cancelled).any(|code| matches!(code, "ConditionalCheckFailed" | "TransactionConflict"))
}

fn is_throttled(cancelled: &TransactionCanceledException) -> bool {
    codes(cancelled).any(is_busy)
}

/// 400 KB are the most that a row may have. Nothing but the message tells it from other invalid rows; it comes with the
/// call for a row that is put, with the row for one that is updated.
fn has_too_large_a_row(refused: &TransactWriteItemsError) -> bool {
    let of_rows = match refused {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => cancelled.cancellation_reasons(),
        _ => &[],
    };
    let messages = of_rows.iter().filter_map(|reason| reason.message()).chain(refused.message());
    messages.into_iter().any(|message| message.to_ascii_lowercase().contains("item size"))
}

fn codes(cancelled: &TransactionCanceledException) -> impl Iterator<Item = &str> {
    cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code())
}
