//! Table `role_assignment`: who has which role where. Written by commands.

use domain::id::{AssignmentId, PrincipalId};
use domain::policy::{Actor, Permission, PrincipalKind, Role};
use domain::rights::{Rights, RoleAssignment};
use domain::scope::Scope;
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};
use uuid::Uuid;

use super::audit::{self, Audit};
use super::permit::Permit;
use super::value::{id, micros, readable, time};
use super::{Store, StoreError, taken};

/// An assignment with the scope that its row names, whatever kind of row that is; without a subscription it is gone.
macro_rules! select {
    ($tail:literal) => {
        concat!(
            "select a.id, a.principal_kind, a.principal, a.role, a.scope, a.given_by_name, a.given, \
             s.id as subscription, g.name as resource_group, p.name as pool, c.name as cluster from role_assignment a \
             left join cluster c on c.id = a.scope and c.deleted is null \
             left join pool p on p.id = coalesce(c.pool, a.scope) and p.deleted is null \
             left join resource_group g on g.id = coalesce(p.resource_group, a.scope) and g.deleted is null \
             left join subscription s on s.id = coalesce(g.subscription, a.scope) and s.deleted is null ",
            $tail
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: String,
    principal_kind: String,
    principal: String,
    role: String,
    scope: String,
    given_by_name: String,
    given: i64,
    subscription: Option<String>,
    resource_group: Option<String>,
    pool: Option<String>,
    cluster: Option<String>,
}

impl Row {
    /// None where what it was for is gone.
    fn assignment(self) -> Result<Option<RoleAssignment>, StoreError> {
        let names = [&self.subscription, &self.resource_group, &self.pool, &self.cluster];
        let scope = Scope::of(names.into_iter().map_while(|name| name.as_deref()));
        if scope == Scope::root() && self.scope != "/" {
            return Ok(None);
        }
        let corrupt = |column: &str| StoreError::Corrupt(format!("role_assignment.{column} is none"));
        Ok(Some(RoleAssignment {
            id: id("role_assignment.id", &self.id)?,
            kind: PrincipalKind::named(&self.principal_kind).ok_or_else(|| corrupt("principal_kind"))?,
            principal: id("role_assignment.principal", &self.principal)?,
            role: Role::named(&self.role).ok_or_else(|| corrupt("role"))?,
            scope,
            given_by: self.given_by_name,
            given: time(self.given),
        }))
    }
}

impl Store {
    /// Everything that somebody may, at this moment.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn rights(&self, actor: &Actor) -> Result<Rights, StoreError> {
        match actor.kind {
            PrincipalKind::Portal => Ok(Rights::of_the_portal()),
            PrincipalKind::Person => Ok(Rights { own: self.roles_of(actor.id).await?, ..Rights::default() }),
            PrincipalKind::Token => self.rights_of_token(actor.id).await,
        }
    }

    /// The roles of one principal whose scopes are there.
    pub(super) async fn roles_of(&self, principal: PrincipalId) -> Result<Vec<RoleAssignment>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(select!("where a.principal = $1 order by a.given, a.id"))
            .bind(principal.to_string())
            .fetch_all(&mut *self.reading().await?)
            .await?;
        Ok(readable(rows, Row::assignment)?.into_iter().flatten().collect())
    }
}

impl Store {
    /// Gives a principal a role where the permit is for; with audit row. None if they have it there already.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn give_role(
        &self,
        permit: &Permit,
        to: &Actor,
        role: Role,
        now: Timestamp,
    ) -> Result<Option<AssignmentId>, StoreError> {
        permit.must(Permission::Administer, |target| target.key().is_some())?;
        let mut tx = self.begin().await?;
        let given = insert(&mut tx, permit, to, role, now).await;
        if let Err(StoreError::Taken(_)) = given {
            tx.roll_back().await?;
            return Ok(None);
        }
        let given = given?;
        let entry = Audit { after: said(to, role), ..noted(permit, "role/GIVE") };
        audit::insert(&mut tx, &entry, now).await?;
        tx.commit().await?;
        Ok(Some(given))
    }

    /// Takes a role where the permit is for; with audit row.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn take_role(
        &self,
        permit: &Permit,
        assignment: AssignmentId,
        now: Timestamp,
    ) -> Result<RoleTaken, StoreError> {
        permit.must(Permission::Administer, |target| target.key().is_some())?;
        let scope = permit.target().key().unwrap_or_default();
        let mut tx = self.begin().await?;
        // Two owners who take each other's role meet here: the second one finds what the first has left.
        sqlx::query("update role_assignment set role = role where role = 'Owner' and scope = '/'")
            .execute(&mut *tx)
            .await?;
        let before: Option<(String, String)> =
            sqlx::query_as("select principal, role from role_assignment where id = $1 and scope = $2")
                .bind(assignment.to_string())
                .bind(&scope)
                .fetch_optional(&mut *tx)
                .await?;
        let Some((principal, role)) = before else { return Ok(RoleTaken::NotThere) };
        sqlx::query("delete from role_assignment where id = $1")
            .bind(assignment.to_string())
            .execute(&mut *tx)
            .await?;
        let (owners,): (i64,) = sqlx::query_as(
            "select cast(count(*) as bigint) from role_assignment where role = 'Owner' and scope = '/' \
             and principal_kind = 'person'",
        )
        .fetch_one(&mut *tx)
        .await?;
        if owners == 0 && role == Role::Owner.name() && scope == "/" {
            tx.roll_back().await?;
            return Ok(RoleTaken::LastOwner);
        }
        let before = serde_json::json!({ "principal": principal, "role": role }).to_string();
        let entry = Audit { before, ..noted(permit, "role/TAKE") };
        audit::insert(&mut tx, &entry, now).await?;
        tx.commit().await?;
        Ok(RoleTaken::Done)
    }

    /// One assignment whose scope is there.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn role_assignment(
        &self,
        assignment: AssignmentId,
    ) -> Result<Option<RoleAssignment>, StoreError> {
        let row: Option<Row> = sqlx::query_as(select!("where a.id = $1"))
            .bind(assignment.to_string())
            .fetch_optional(&mut *self.reading().await?)
            .await?;
        Ok(row.map(Row::assignment).transpose()?.flatten())
    }
}

/// What became of the wish to take a role.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RoleTaken {
    Done,
    NotThere,
    /// Nobody would be left who may give roles.
    LastOwner,
}

fn noted<'a>(permit: &'a Permit, action: &str) -> Audit<'a> {
    let target = permit.scope().cloned().unwrap_or_default().to_string();
    Audit {
        actor: permit.actor(),
        action: action.to_owned(),
        target,
        before: String::new(),
        after: String::new(),
    }
}

fn said(to: &Actor, role: Role) -> String {
    serde_json::json!({ "principal": to.id, "name": to.name, "role": role.name() }).to_string()
}

/// `Taken("role")` when it was given before.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    permit: &Permit,
    to: &Actor,
    role: Role,
    now: Timestamp,
) -> Result<AssignmentId, StoreError> {
    let scope = permit.target().key().ok_or(StoreError::Unpermitted)?;
    write(connection, to, (role, &scope), permit.actor(), now).await
}

/// The first owner's, whom nobody could give a role.
pub(super) async fn insert_first(
    connection: &mut AnyConnection,
    owner: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    write(connection, owner, (Role::Owner, "/"), &Actor::portal("Penstock"), now).await.map(drop)
}

async fn write(
    connection: &mut AnyConnection,
    to: &Actor,
    (role, scope): (Role, &str),
    by: &Actor,
    now: Timestamp,
) -> Result<AssignmentId, StoreError> {
    let assignment = AssignmentId(Uuid::now_v7());
    sqlx::query(
        "insert into role_assignment (id, principal_kind, principal, role, scope, given_by, given_by_name, given) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(assignment.to_string())
    .bind(to.kind.name())
    .bind(to.id.to_string())
    .bind(role.name())
    .bind(scope)
    .bind(by.id.to_string())
    .bind(&by.name)
    .bind(micros(now))
    .execute(connection)
    .await
    .map_err(taken("role"))?;
    Ok(assignment)
}
