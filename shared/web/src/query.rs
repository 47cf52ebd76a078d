//! Query strings: every parameter known, every fault named.

use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Reads a query string; an unknown parameter is refused.
pub(crate) fn parse_query<T: DeserializeOwned>(query: Option<&str>) -> Result<T, Problem> {
    let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.unwrap_or("").as_bytes()));
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let parameter = error.path().to_string();
        let parameter = if parameter == "." { String::new() } else { parameter };
        Problem::field(parameter, error.into_inner().to_string())
    })
}
