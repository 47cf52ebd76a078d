//! The bodies of events by Standard Webhooks, in the API's description: those that we take, as
//! `shared/storefront/src/standard_webhooks/` reads them, and those that we send.
#![expect(dead_code, reason = "what is here describes bodies that others read and write as JSON")]

mod customers;
mod deeds;
mod orders;
mod products;
pub(crate) mod sent;
mod taken;

use serde_json::Value;
use utoipa::{
    Modify, ToSchema,
    openapi::{
        Components, Content, HttpMethod, Object, ObjectBuilder, OpenApi, PathItem, Paths, Ref, RefOr, Required,
        Response, Schema,
        path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::{AnyOfBuilder, KnownFormat, SchemaFormat, Type},
        security::SecurityRequirement,
        tag::{Tag, TagBuilder},
    },
};

const TAKEN: &str = "events that we take";
const SENT: &str = "events that we send";

/// Adds the bodies as `webhooks`.
pub(crate) struct EventBodies;

/// One type of event.
struct Described {
    name: &'static str,
    summary: &'static str,
    description: &'static str,
    data: fn(&mut Components) -> RefOr<Schema>,
    example: &'static str,
}

impl Modify for EventBodies {
    fn modify(&self, description: &mut OpenApi) {
        let components = description.components.get_or_insert_default();
        let mut webhooks = Paths::new();
        for (tag, events) in [(TAKEN, taken::EVENTS), (SENT, sent::EVENTS)] {
            for event in events {
                let item = PathItem::new(HttpMethod::Post, event.operation(tag, components));
                webhooks.paths.insert(event.name.to_owned(), item);
            }
        }
        description.webhooks = Some(webhooks);
        description.tags.get_or_insert_default().extend([
            tag(TAKEN, "A storefront posts them to `/webhooks/events`"),
            tag(SENT, "We post them to the endpoints that listen for their types, `/v1/endpoints`"),
        ]);
    }
}

impl Described {
    fn operation(&self, tag: &str, components: &mut Components) -> Operation {
        let schema = self.body(tag, (self.data)(components));
        let example = serde_json::from_str::<Value>(self.example).ok();
        let body = Content::builder().schema(Some(schema)).example(example).build();
        let body = RequestBodyBuilder::new().content("application/json", body).required(Some(Required::True)).build();
        let answer = if tag == TAKEN { "taken; `result` says what became of it" } else { "any 2xx: it has arrived" };
        OperationBuilder::new()
            .tag(tag)
            .summary(Some(self.summary))
            .description(Some(self.description))
            .parameters(Some([
                header("webhook-id", "of this very event, however often it is sent"),
                header("webhook-timestamp", "when it is sent, in seconds"),
                header("webhook-signature", "`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`"),
            ]))
            .request_body(Some(body))
            .response(if tag == TAKEN { "200" } else { "2XX" }, Response::new(answer))
            .security(SecurityRequirement::default())
            .build()
    }

    /// What is ignored is not looked at beyond its type.
    fn body(&self, tag: &str, data: RefOr<Schema>) -> Object {
        let name = ObjectBuilder::new().schema_type(Type::String);
        let name = match self.name.strip_suffix(".*") {
            Some(stem) => name.pattern(Some(format!("^{stem}\\."))),
            None => name.enum_values(Some([self.name])),
        };
        let when = if tag == TAKEN {
            "When it happened, not when it is sent: of two that tell of the same the later holds"
        } else {
            "When it happened"
        };
        let body = ObjectBuilder::new().property("type", name).required("type");
        let body = body.property("timestamp", time().description(Some(when))).property("data", data);
        if self.is_ignored() { body.build() } else { body.required("timestamp").required("data").build() }
    }

    fn is_ignored(&self) -> bool {
        taken::IGNORED.contains(&self.name)
    }
}

fn tag(name: &str, description: &str) -> Tag {
    TagBuilder::new().name(name).description(Some(description)).build()
}

fn header(name: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

fn time() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
}

/// The schema by its name, which is added with all that it refers to.
fn named<T: ToSchema>(components: &mut Components) -> RefOr<Schema> {
    let mut found = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut found);
    components.schemas.extend(found);
    reference::<T>()
}

fn reference<T: ToSchema>() -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(T::name()))
}

fn any_of(schemas: impl IntoIterator<Item = RefOr<Schema>>) -> RefOr<Schema> {
    schemas.into_iter().fold(AnyOfBuilder::new(), AnyOfBuilder::item).into()
}
