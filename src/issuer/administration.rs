//! What an operator does to an issuer: register clients, disable them, look at keys.
//!
//! Works on the database alone. A running issuer notices within a second.

mod registration;
mod rights;

pub use self::registration::{MAX_TOKEN_LIFETIME, RegistrationError};
pub use self::rights::RightsChange;
use crate::clock;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::error::Error;
use crate::master_key::{self, MasterKey};
use crate::secret::{ClientSecret, Owner};
use crate::store::{
    Client, ClientChange, KeyRecord, NewClient, Right, RightsEdit, Store, StoreError, StoredSecret,
};

/// Most secrets of one client: more are forgotten ones.
const MAX_SECRETS: usize = 8;

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
        let now = clock::now_milliseconds();
        let mut client = registration::check(new, now / 1000)?;
        let (secret, stored) = self.make_secret(&client.client_id, now)?;
        client.secrets.push(stored);
        self.store.add_client(&client, now).await?;
        Ok((client, secret))
    }

    /// Gives a client one more secret, which can be shown only now. The others stay.
    pub async fn add_secret(&mut self, client_id: &str) -> Result<ClientSecret, Error> {
        let now = clock::now_milliseconds();
        if self.client(client_id).await?.secrets.len() >= MAX_SECRETS {
            return Err(RegistrationError::TooManySecrets.into());
        }
        let (secret, stored) = self.make_secret(client_id, now)?;
        self.store.add_secret(client_id, &stored, now).await?;
        Ok(secret)
    }

    /// Forgets one secret; tokens that were got with it die, others live on.
    pub async fn drop_secret(&mut self, client_id: &str, secret_id: &str) -> Result<(), Error> {
        Ok(self.store.drop_secret(client_id, secret_id, clock::now_milliseconds()).await?)
    }

    /// Changes what a client may ask for and returns the new list. If anything is taken away, the
    /// tokens that it has die.
    pub async fn change_rights(
        &mut self,
        client_id: &str,
        right: Right,
        change: RightsChange,
    ) -> Result<Vec<String>, Error> {
        let client = self.client(client_id).await?;
        let before = rights::list(&client, right);
        let after = rights::apply(before, change, right)?;
        if before != after {
            let edit = RightsEdit { right, before, after: &after };
            self.store.replace_rights(client_id, &edit, clock::now_milliseconds()).await?;
        }
        Ok(after)
    }

    /// Kills the tokens that a client has; it may ask for new ones at once.
    pub async fn revoke_tokens(&mut self, client_id: &str) -> Result<(), Error> {
        Ok(self.store.kill_tokens(client_id, clock::now_milliseconds()).await?)
    }

    /// What was changed, oldest first; of one client if it is named.
    pub async fn changes(&mut self, client_id: Option<&str>) -> Result<Vec<ClientChange>, Error> {
        Ok(self.store.changes(client_id).await?)
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

    /// Closes the door for a client: no new tokens, and those it has die. Its secrets stay.
    pub async fn disable_client(&mut self, client_id: &str) -> Result<(), Error> {
        Ok(self.store.set_client_enabled(client_id, false, clock::now_milliseconds()).await?)
    }

    /// Opens the door again. Tokens that died stay dead.
    pub async fn enable_client(&mut self, client_id: &str) -> Result<(), Error> {
        Ok(self.store.set_client_enabled(client_id, true, clock::now_milliseconds()).await?)
    }

    /// Forgets a client and its secrets; its tokens die.
    pub async fn remove_client(&mut self, client_id: &str) -> Result<(), Error> {
        Ok(self.store.remove_client(client_id, clock::now_milliseconds()).await?)
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

    fn make_secret(
        &self,
        client_id: &str,
        now: u64,
    ) -> Result<(ClientSecret, StoredSecret), Error> {
        let secret = ClientSecret::generate(self.config.environment.as_str())?;
        let owner = Owner { client_id, secret_id: secret.id() };
        let stored = StoredSecret {
            secret_id: secret.id().to_owned(),
            hash: self.master_key.pepper().hash(&owner, secret.reveal().as_bytes()),
            status_index: None,
            created_at: now / 1000,
            expires_at: None,
            last_used_at: None,
        };
        Ok((secret, stored))
    }

    pub(crate) fn into_parts(self) -> (Config, MasterKey, Store) {
        (self.config, self.master_key, self.store)
    }
}
