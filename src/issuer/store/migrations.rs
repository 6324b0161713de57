//! The steps by which the schema came to be, in order.
//!
//! A list rather than the macro of sqlx: the macro builds SQLite and the whole of sqlx a second time, for the
//! compiler, and that is minutes of every build from nothing.

use std::sync::LazyLock;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// All of them. The database keeps a digest of each that it has seen, so none may ever change.
pub(super) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let migration = |(version, name, sql): &(i64, &'static str, &'static str)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(STEPS.iter().map(migration).collect())
});

/// The newest version that this program knows.
pub(super) fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Version, name, and what to do.
const STEPS: [(i64, &str, &str); 2] = [
    (1, "initial", include_str!("../migrations/0001_initial.sql")),
    (2, "status", include_str!("../migrations/0002_status.sql")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn knows_every_file_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect();
        files.sort();
        let known: Vec<(String, String)> = STEPS
            .iter()
            .map(|(version, name, sql)| (format!("{version:04}_{name}.sql"), (*sql).to_owned()))
            .collect();
        assert_eq!(known, files);
    }

    /// What databases in the field hold; a changed digest would keep them from opening.
    #[test]
    fn digests_are_those_of_databases_in_the_field() {
        let digests: Vec<_> = MIGRATIONS
            .iter()
            .filter_map(|migration| migration.checksum.first_chunk())
            .map(|start| u64::from_be_bytes(*start))
            .collect();
        assert_eq!(digests, [0x0faf_a33a_e6a5_860a, 0x903a_c258_6891_16e3]);
    }
}
