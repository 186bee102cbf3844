//! Clients are read far more often than they change, so a node keeps them for less than a second; that bounds how long a change on another node goes unseen.

use std::collections::HashSet;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use quick_cache::sync::Cache;

use super::metadata::Client;
use super::store;
use crate::base::ids::ClientId;
use crate::base::page::PageRequest;
use crate::base::time::Clock;
use crate::platform::db::{Db, StoreError};

/// How long a client may be served from memory.
const FRESH: Duration = Duration::from_millis(800);

type Kept = (Duration, Option<Arc<Client>>);
type Origins = (Duration, Arc<HashSet<String>>);

/// The cache.
pub struct ClientCache {
    db: Db,
    clock: Arc<dyn Clock>,
    clients: Cache<ClientId, Kept>,
    origins: RwLock<Option<Origins>>,
}

impl ClientCache {
    /// An empty cache.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock, clients: Cache::new(1_000), origins: RwLock::new(None) }
    }

    /// An enabled client by id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, id: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        let now = self.clock.monotonic();
        if let Some((at, client)) = self.clients.get(id)
            && now.saturating_sub(at) < FRESH
        {
            return Ok(client);
        }
        let wanted = id.clone();
        let found = self.db.read(move |connection| store::find_client(connection, &wanted)).await?;
        let client = found.filter(|client| client.disabled_at.is_none()).map(Arc::new);
        self.clients.insert(id.clone(), (now, client.clone()));
        Ok(client)
    }

    /// Forgets a client that was changed on this node.
    pub fn forget(&self, id: &ClientId) {
        self.clients.remove(id);
    }

    /// Whether any client registered `origin` for calls from script.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_known_origin(&self, origin: &str) -> Result<bool, StoreError> {
        let now = self.clock.monotonic();
        let kept = self.origins.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if let Some((at, origins)) = kept
            && now.saturating_sub(at) < FRESH
        {
            return Ok(origins.contains(origin));
        }
        let origins = self
            .db
            .read(|connection| {
                let mut origins = HashSet::new();
                let mut page = PageRequest::first(500);
                loop {
                    let clients = store::list_clients(connection, &page)?;
                    origins.extend(clients.items.iter().filter(|client| client.disabled_at.is_none()).flat_map(|client| client.metadata.allowed_origins()));
                    match clients.next {
                        Some(next) => page.after = Some(next),
                        None => return Ok(origins),
                    }
                }
            })
            .await?;
        let is_known = origins.contains(origin);
        *self.origins.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((now, Arc::new(origins)));
        Ok(is_known)
    }
}
