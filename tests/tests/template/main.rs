//! `infra/template.yaml` says what the code says: the table, the functions, their routes, rights and variables.
#![cfg(test)]

mod asking;
mod database;
mod document;
mod functions;
mod rights;
mod table;
