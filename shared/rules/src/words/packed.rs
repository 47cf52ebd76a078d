//! Values that a row keeps as bytes, because there they take a fraction of what their names would.

use std::{fmt, marker::PhantomData};

use serde::{Deserializer, Serialize, Serializer, de};

pub(crate) fn serialize<T: Serialize, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(&postcard::to_allocvec(value).map_err(serde::ser::Error::custom)?)
}

pub(crate) fn deserialize<'de, T: de::DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_bytes(Bytes(PhantomData))
}

struct Bytes<T>(PhantomData<T>);

impl<T: de::DeserializeOwned> de::Visitor<'_> for Bytes<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("packed bytes")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<T, E> {
        postcard::from_bytes(bytes).map_err(E::custom)
    }
}
