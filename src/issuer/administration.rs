//! What an operator does to an issuer: register clients, disable them, look at keys.
//!
//! Works on the database alone. A running issuer notices within a second.

mod registration;

pub use self::registration::{MAX_TOKEN_LIFETIME, RegistrationError};
use crate::clock;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::error::Error;
use crate::master_key::{self, MasterKey};
use crate::secret::{ClientSecret, Owner};
use crate::store::{Client, KeyRecord, NewClient, Store, StoreError, StoredSecret};

/// An opened issuer, not serving.
pub struct Administration {
    config: Config,
    master_key: MasterKey,
    store: Store,
}

impl Administration {
    /// Opens the issuer in a folder; `master_key_text` wins over the file.
    pub async fn open(folder: &DataFolder, master_key_text: Option<&str>) -> Result<Self, Error> {
        let mut opened = Self::look(folder, master_key_text).await?;
        opened.migrate().await?;
        Ok(opened)
    }

    /// As [`open`](Self::open), but nothing is written yet, not even a migration.
    pub(crate) async fn look(
        folder: &DataFolder,
        master_key_text: Option<&str>,
    ) -> Result<Self, Error> {
        let config = folder.config()?;
        let file = folder.resolve(&config.master_key_file);
        let master_key = master_key::load(master_key_text, &file)?;
        let store = Store::open(&folder.database_file(), &master_key).await?;
        Ok(Self { config, master_key, store })
    }

    /// Registers a client with a first secret, which can be shown only now.
    pub async fn add_client(&mut self, new: NewClient) -> Result<(Client, ClientSecret), Error> {
        let now = clock::now();
        let mut client = registration::check(new, now)?;
        let secret = ClientSecret::generate(self.config.environment.as_str())?;
        let owner = Owner { client_id: &client.client_id, secret_id: secret.id() };
        let hash = self.master_key.pepper().hash(&owner, secret.reveal().as_bytes());
        client.secrets.push(StoredSecret {
            secret_id: secret.id().to_owned(),
            hash,
            created_at: now,
            expires_at: None,
            last_used_at: None,
        });
        self.store.add_client(&client).await?;
        Ok((client, secret))
    }

    /// All clients, by name.
    pub async fn clients(&mut self) -> Result<Vec<Client>, Error> {
        Ok(self.store.contents().await?.clients)
    }

    /// One client.
    pub async fn client(&mut self, client_id: &str) -> Result<Client, Error> {
        let mut clients = self.clients().await?.into_iter();
        let found = clients.find(|client| client.client_id == client_id);
        Ok(found.ok_or_else(|| StoreError::ClientUnknown(client_id.to_owned()))?)
    }

    /// Closes the door for a client: no new tokens. Its secrets stay.
    pub async fn disable_client(&mut self, client_id: &str) -> Result<(), Error> {
        Ok(self.store.set_client_enabled(client_id, false, clock::now()).await?)
    }

    /// Opens the door again.
    pub async fn enable_client(&mut self, client_id: &str) -> Result<(), Error> {
        Ok(self.store.set_client_enabled(client_id, true, clock::now()).await?)
    }

    /// Forgets a client and its secrets.
    pub async fn remove_client(&mut self, client_id: &str) -> Result<(), Error> {
        Ok(self.store.remove_client(client_id).await?)
    }

    /// All signing keys, oldest first.
    pub async fn keys(&mut self) -> Result<Vec<KeyRecord>, Error> {
        Ok(self.store.contents().await?.keys)
    }

    /// Finishes cleanly.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.store.close().await?)
    }

    pub(crate) async fn migrate(&mut self) -> Result<(), Error> {
        Ok(self.store.migrate().await?)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn into_parts(self) -> (Config, MasterKey, Store) {
        (self.config, self.master_key, self.store)
    }
}
