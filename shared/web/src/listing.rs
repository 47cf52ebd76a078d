//! Lists of many, page by page: `?limit=&cursor=`, from the newest to older ones.

use app::AppError;
use axum::Json;
use http::{HeaderMap, Uri};

use crate::{
    browsers::uncached,
    cursor::{PageQuery, next_link},
    problem::Problem,
    query::parse_query,
};

/// What a list answers.
pub(crate) type Answer<L> = Result<(HeaderMap, Json<L>), Problem>;

/// One page, and where the next begins.
pub(crate) struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
    headers: HeaderMap,
}

/// The page that is asked for. `read` reads what a cursor names, of which `name` is the text; `load` gets that and how
/// many are wanted.
pub(crate) async fn page<T, C, F: Future<Output = Result<Vec<T>, AppError>>>(
    uri: &Uri,
    query: Option<&str>,
    read: impl FnOnce(&str) -> Option<C>,
    load: impl FnOnce(Option<C>, usize) -> F,
    name: impl FnOnce(&T) -> String,
) -> Result<Page<T>, Problem> {
    let query = parse_query::<PageQuery>(query)?;
    let (limit, before) = (query.limit()?, query.cursor(|cursor| read(cursor.strip_prefix("before-")?))?);
    let mut items = load(before, limit + 1).await?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next_cursor = items.last().filter(|_| more).map(|last| format!("before-{}", name(last)));
    let headers = next_link(uri.path(), limit, next_cursor.as_deref());
    Ok(Page { items, next_cursor, headers })
}

impl<T> Page<T> {
    /// As the list that it is a page of.
    pub(crate) fn shown<S, L>(
        self,
        shape: impl FnMut(T) -> Option<S>,
        list: fn(Vec<S>, Option<String>) -> L,
    ) -> Answer<L> {
        let shapes = self.items.into_iter().filter_map(shape).collect();
        Ok((self.headers, Json(list(shapes, self.next_cursor))))
    }
}

/// The same for a browser, which must not keep it.
pub(crate) fn to_a_browser<L>(answer: Answer<L>) -> Answer<L> {
    answer.map(|(mut headers, list)| {
        headers.extend(uncached());
        (headers, list)
    })
}
