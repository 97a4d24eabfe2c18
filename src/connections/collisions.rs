//! Two connections that declare one object: found before anything is written.

use std::collections::BTreeMap;

use super::fields::Path;
use super::{Connection, ServiceAccount};
use crate::error::{Code, Fault};

pub(super) fn check(connections: &[Connection], faults: &mut Vec<Fault>) {
    let mut secrets = BTreeMap::new();
    let mut accounts: BTreeMap<_, (&str, ServiceAccount)> = BTreeMap::new();
    for connection in connections.iter().filter(|connection| connection.enabled) {
        let path = Path::default().child("connections").child(&connection.name);
        let place = (connection.namespace.as_str(), connection.secret_name.as_str());
        if let Some(other) = secrets.insert(place, connection.name.as_str()) {
            let cause = format!("its Secret {}/{} is that of connection {other} too", place.0, place.1);
            faults.push(Fault::at(Code::Collision, &path, cause));
        }
        let Some(account) = &connection.service_account else { continue };
        let place = (connection.namespace.as_str(), account.name.clone());
        match accounts.get_mut(&place) {
            None => drop(accounts.insert(place, (connection.name.as_str(), account.clone()))),
            Some((other, merged)) => {
                if let Err(what) = merge(merged, account) {
                    let cause = format!(
                        "shares ServiceAccount {}/{} with connection {other}, and has another {what}",
                        place.0, place.1
                    );
                    faults.push(
                        Fault::at(Code::Collision, &path, cause)
                            .remedy(format!("make {what} equal in both, or give one its own serviceAccount.name")),
                    );
                }
            }
        }
    }
}

/// What one leaves open, the other may say; what both say must be equal.
fn merge(into: &mut ServiceAccount, other: &ServiceAccount) -> Result<(), &'static str> {
    if into.client_id != other.client_id {
        return Err("clientId");
    }
    agree(&mut into.tenant_id, other.tenant_id.as_ref()).ok_or("tenantId")?;
    agree(&mut into.token_expiration_seconds, other.token_expiration_seconds.as_ref()).ok_or("tokenExpirationSeconds")
}

fn agree<T: Clone + PartialEq>(into: &mut Option<T>, other: Option<&T>) -> Option<()> {
    match (into.as_ref(), other) {
        (Some(a), Some(b)) if a != b => None,
        (None, Some(b)) => {
            *into = Some(b.clone());
            Some(())
        }
        _ => Some(()),
    }
}
