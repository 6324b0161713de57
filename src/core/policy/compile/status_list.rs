//! `status_list` of an issuer.

use alloc::format;

use super::issuers::private_uri;
use super::range::Range;
use crate::policy::document::StatusListDocument;
use crate::policy::error::PolicyError;
use crate::policy::issuer::RemoteStatusList;
use crate::policy::place::Place;

/// Checks where and how often the list is fetched.
pub(super) fn compile(
    document: Option<StatusListDocument>,
    cluster: Option<&str>,
    place: &Place<'_>,
) -> Result<Option<RemoteStatusList>, PolicyError> {
    let Some(document) = document else { return Ok(None) };
    let place = place.member("status_list");
    // The list is signed, but who can hold it back keeps access that was taken away.
    let uri = private_uri(&document.uri, cluster, &place.member("uri"))?;
    let wait_seconds = WAIT.check(document.wait_seconds, &place.member("wait_seconds"))?;
    let refresh_seconds =
        REFRESH.check(document.refresh_seconds, &place.member("refresh_seconds"))?;
    let stale_place = place.member("maximum_stale_seconds");
    let maximum_stale_seconds = STALE.check(document.maximum_stale_seconds, &stale_place)?;
    if maximum_stale_seconds <= wait_seconds.saturating_add(refresh_seconds) {
        return Err(PolicyError::conflict(
            &stale_place,
            "the list would be too old before it is fetched again; make it longer than \
             `wait_seconds` and `refresh_seconds` together",
        ));
    }
    let uri = match wait_seconds {
        0 => uri,
        seconds => uri.with_parameter(&format!("wait={seconds}")),
    };
    let name = document.uri;
    Ok(Some(RemoteStatusList { name, uri, wait_seconds, refresh_seconds, maximum_stale_seconds }))
}

/// As long as the issuer holds an answer back at the most.
const WAIT: Range = Range { minimum: 0, maximum: 60, default: 30, unit: "seconds" };
const REFRESH: Range = Range { minimum: 1, maximum: 3_600, default: 5, unit: "seconds" };
/// The issuer's own lists expire after an hour.
const STALE: Range = Range { minimum: 10, maximum: 86_400, default: 3_600, unit: "seconds" };
