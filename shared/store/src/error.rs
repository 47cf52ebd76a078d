//! What can go wrong with the table. No message holds anything of what a row says of a person.

use std::error::Error;

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

use crate::row::RowError;

/// A call that did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("{operation} failed")]
pub struct StoreError {
    operation: &'static str,
    source: Cause,
}

/// Why a plan is not known to be committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Nothing was written: load again and decide again.
    #[error("another commit came first")]
    Conflict,
    /// Nothing was written.
    #[error("the plan, or a row of it, is larger than one may be")]
    TooLarge,
    /// Where the table is unavailable all of the plan may have been written, or nothing of it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    /// DynamoDB cannot be reached, is busy or has a fault of its own.
    #[error("the table is unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    #[error("the table refused the call")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
    #[error("{0} keys were left unread")]
    Unread(usize),
    #[error(transparent)]
    Row(#[from] RowError),
    #[error("the {0} has no guard in its plan")]
    Unguarded(&'static str),
}

impl StoreError {
    pub(crate) fn new(operation: &'static str, source: impl Into<Cause>) -> StoreError {
        StoreError { operation, source: source.into() }
    }

    pub(crate) fn of_call<E>(operation: &'static str, error: SdkError<E, HttpResponse>) -> StoreError
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let unavailable = is_unavailable(&error);
        let cause = if unavailable { Cause::unavailable(error) } else { Cause::Refused(said(error)) };
        StoreError::new(operation, cause)
    }

    /// What was asked of the table, e.g. `read account`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Whether the table could not be reached or was busy, so that the same may succeed later.
    pub fn is_unavailable(&self) -> bool {
        matches!(self.source, Cause::Unavailable(_) | Cause::Unread(_))
    }
}

impl Cause {
    pub(crate) fn unavailable<E: Error + Send + Sync + 'static>(error: SdkError<E, HttpResponse>) -> Cause {
        Cause::Unavailable(said(error))
    }
}

/// What the service or the connection said, without the raw answer, which may hold rows.
fn said<E: Error + Send + Sync + 'static>(error: SdkError<E, HttpResponse>) -> Box<dyn Error + Send + Sync> {
    error.into_source().unwrap_or_else(|error| Box::new(error))
}

fn is_unavailable<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    match error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => true,
        SdkError::ServiceError(refusal) => {
            refusal.raw().status().is_server_error() || refusal.err().code().is_some_and(is_busy)
        }
        _ => false,
    }
}

/// Codes of an error, and of a reason for which a transaction was cancelled.
pub(crate) fn is_busy(code: &str) -> bool {
    matches!(
        code,
        "ProvisionedThroughputExceededException"
            | "ProvisionedThroughputExceeded"
            | "RequestLimitExceeded"
            | "ThrottlingException"
            | "ThrottlingError"
            | "InternalServerError"
            | "ServiceUnavailable"
    )
}
