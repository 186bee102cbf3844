//! The API: each operation under `/api/v1`, for programs with an access token of their own.

pub mod web;
