//! Lists are paged by key: the last key seen and how many more are wanted.

/// The most rows that one page may hold.
pub const MAX_PAGE: u32 = 500;

/// What part of a list is wanted.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// Only rows with a key after this one; `None` starts at the beginning.
    pub after: Option<String>,
    /// How many rows, 1 to [`MAX_PAGE`].
    pub limit: u32,
}

impl PageRequest {
    /// The first page of `limit` rows, clamped to 1..=[`MAX_PAGE`].
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit: limit.clamp(1, MAX_PAGE) }
    }
}

/// Rows, and the key to go on from when there are more.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows of this page, in key order.
    pub items: Vec<T>,
    /// Pass as [`PageRequest::after`] for the next page; `None` at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of `items`, one more than `limit` of which were asked for, so as to know if there is a next page.
    #[must_use]
    pub fn cut(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = if has_more { items.last().map(key) } else { None };
        Self { items, next }
    }
}
