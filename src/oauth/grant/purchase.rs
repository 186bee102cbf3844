//! The purchase that a code or an opaque token is for: kept under its customer's key.

use crate::base::encoding::base64url;
use crate::base::ids::CustomerId;
use crate::base::purchase::Purchase;
use crate::base::secret::SecretHash;
use crate::platform::db::{DbConnection, StoreError};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell};

/// Where that of a code is kept.
pub(in crate::oauth) const OF_CODE: Cell = Cell { table: "codes", column: "purchase_sealed" };
/// Where that of an opaque token is kept.
pub(in crate::oauth) const OF_TOKEN: Cell = Cell { table: "opaque_tokens", column: "purchase_sealed" };

/// Seals a purchase for the row of `hash`.
///
/// # Errors
/// [`StoreError`].
pub(in crate::oauth) fn seal(
    connection: &mut DbConnection,
    tools: &Tools,
    customer: &CustomerId,
    (cell, hash): (Cell, &SecretHash),
    purchase: &Purchase,
) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(purchase).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    vault::need_data_key(connection, &tools.ring, customer.as_str())?.seal_in_row(cell, &base64url(hash.as_bytes()), &plain, tools.entropy())
}

/// Opens it again.
///
/// # Errors
/// [`StoreError::Corrupt`] when it was altered, moved, or is another customer's.
pub(in crate::oauth) fn open(
    connection: &mut DbConnection,
    tools: &Tools,
    customer: &CustomerId,
    (cell, hash): (Cell, &SecretHash),
    sealed: &[u8],
) -> Result<Purchase, StoreError> {
    let row = base64url(hash.as_bytes());
    let plain = vault::need_data_key(connection, &tools.ring, customer.as_str())?.open_in_row(cell, &row, sealed)?;
    serde_json::from_slice(&plain).map_err(|_| StoreError::corrupt(cell.table, cell.column, row))
}
