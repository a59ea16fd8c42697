//! SQL databases: seen by whoever has a role, changed and tried by owners of everything.

use domain::database::{DatabaseForm, DatabaseReport, SqlDatabase};
use domain::id::EventId;
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::secret::Reference;

use super::Desk;
use crate::store::{At, StoreError, foreign};

impl Desk {
    /// Every SQL database, by name.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn databases(&self) -> Result<Vec<SqlDatabase>, Refusal> {
        if self.rights().await?.anywhere().is_none() {
            return Ok(Vec::new());
        }
        Ok(self.plane.store().sql_databases().await?)
    }

    /// One of them.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn database(&self, name: &str) -> Result<SqlDatabase, Refusal> {
        self.authorize(Permission::See, At::Anywhere).await?;
        let found = self.plane.store().sql_databases().await?.into_iter().find(|one| one.name == name);
        found.ok_or_else(|| gone(name))
    }

    /// Names a database.
    ///
    /// # Errors
    /// `InvalidSpec` with everything that is wrong; `Exists`; `Forbidden` for those who are no owner of everything.
    pub async fn new_database(&self, form: &DatabaseForm) -> Result<(), Refusal> {
        let permit = self.keeper().await?;
        let new = form.read()?;
        let made = self.plane.store().make_sql_database(&permit, &new, self.plane.now()).await;
        let event = made.map_err(|error| match error {
            StoreError::Taken(_) => Refusal::Exists(format!(
                "There is a SQL database “{}” already. Choose another name.",
                new.name
            )),
            error => error.into(),
        })?;
        self.told(event);
        Ok(())
    }

    /// Says anew where the database of that name is; its name stays.
    ///
    /// # Errors
    /// `NotFound`; `InvalidSpec`; `Forbidden`.
    pub async fn change_database(&self, name: &str, form: &DatabaseForm) -> Result<(), Refusal> {
        let before = self.database(name).await?;
        let permit = self.keeper().await?;
        let new = DatabaseForm { name: name.to_owned(), ..form.clone() }.read()?;
        let (store, now) = (self.plane.store(), self.plane.now());
        self.ended(name, store.change_sql_database(&permit, (&before, &new), now).await?)
    }

    /// Forgets a database; what lies in it stays there.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden`.
    pub async fn delete_database(&self, name: &str) -> Result<(), Refusal> {
        self.database(name).await?;
        let permit = self.keeper().await?;
        let gone = self.plane.store().delete_sql_database(&permit, name, self.plane.now()).await?;
        self.ended(name, gone)
    }

    /// Connects for real, as this user with the password that a key vault keeps (`vault/secret` or `${vault/secret}`), and
    /// looks. The reading is in the audit trail.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden`; `InvalidArgument` at `user` or `secret`; `Unavailable` with what is wrong with the connection.
    pub async fn test_database(
        &self,
        name: &str,
        user: &str,
        secret: &str,
    ) -> Result<DatabaseReport, Refusal> {
        let database = self.database(name).await?;
        let permit = self.keeper().await?;
        let user = user.trim();
        if user.is_empty() || user.chars().any(char::is_control) {
            return Err(Refusal::field("user", user, "Name the user that signs in to the database."));
        }
        let typed = secret.trim();
        let braced = if typed.starts_with("${") { typed.to_owned() } else { format!("${{{typed}}}") };
        let reference = Reference::parse(&braced).ok_or_else(|| {
            Refusal::field("secret", typed, "Name the secret that holds the password: vault/secret.")
        })?;
        let (store, now) = (self.plane.store(), self.plane.now());
        let named = store.named_by([(domain::secret::Place::Args, reference.clone())], now).await?;
        let Some(password) = named.given.value(&reference) else {
            let why = named.refused().unwrap_or_default();
            return Err(Refusal::field("secret", typed, why));
        };
        store
            .note_readings(permit.actor(), &named.given, &format!("a test of the database {name}"), now)
            .await?;
        let found = foreign::look(&database, user, password).await;
        found.map_err(|why| Refusal::Unavailable(named.given.secrets().hide(&why)))
    }

    fn ended(&self, name: &str, done: Option<Option<EventId>>) -> Result<(), Refusal> {
        let event = done.ok_or_else(|| gone(name))?;
        self.told(event);
        Ok(())
    }
}

fn gone(name: &str) -> Refusal {
    Refusal::NotFound(format!("There is no SQL database “{name}”."))
}
