//! Two connections that declare one object: found before anything is written. A
//! ServiceAccount may be shared; what its connections say of it is made one here,
//! from the values alone, so that it does not depend on which of them can be done.

use std::collections::BTreeMap;

use super::{Connection, ServiceAccount, names};
use crate::error::{Code, Fault};

/// A ServiceAccount by namespace and name.
type Accounts = BTreeMap<(String, String), Shared>;

/// What its connections say of one account, together and each.
struct Shared {
    joint: ServiceAccount,
    by: Vec<(String, ServiceAccount)>,
}

pub(super) fn check(connections: &mut [Connection], faults: &mut Vec<Fault>) {
    let mut secrets = BTreeMap::new();
    let mut classes = BTreeMap::new();
    let mut accounts = Accounts::new();
    for connection in connections.iter().filter(|connection| connection.enabled) {
        let (namespace, name) = (connection.namespace.as_str(), connection.name.as_str());
        let synced = connection.csi.as_ref().and_then(|csi| csi.synced_secret.as_deref());
        // What is no name has a fault of its own, and is not quoted.
        let named = |name: &str| names::SUBDOMAIN.accepts(name) && names::LABEL.accepts(namespace);
        for secret in connection.secrets().map(|(_, secret)| secret).chain(synced) {
            if let Some(other) = secrets.insert((namespace, secret), name)
                && named(secret)
            {
                let cause = if other == name {
                    format!("its Secret {namespace}/{secret} is the one that the CSI driver makes for it too")
                } else {
                    format!("its Secret {namespace}/{secret} is that of connection {other} too")
                };
                let fault = Fault::at(Code::Collision, connection.path(), cause);
                faults.push(match synced == Some(secret) {
                    true if other == name => fault.remedy("give the connection another secretName"),
                    // The driver's Secret has no other name than that of the connection gives it.
                    true => fault.remedy("rename one of the two connections"),
                    false => fault,
                });
            }
        }
        if let Some(class) = connection.csi.as_ref().map(|csi| csi.secret_provider_class.as_str())
            && let Some(other) = classes.insert((namespace, class), name)
            && named(class)
        {
            let cause = format!("its SecretProviderClass {namespace}/{class} is that of connection {other} too");
            let fault = Fault::at(Code::Collision, connection.path(), cause);
            faults.push(fault.remedy("rename one of the two connections"));
        }
        if let Some(account) = &connection.service_account {
            faults.extend(join(&mut accounts, connection, account).filter(|_| named(&account.name)));
        }
    }
    for connection in connections.iter_mut().filter(|connection| connection.enabled) {
        if let Some(account) = &mut connection.service_account
            && let Some(Shared { joint, .. }) = accounts.get(&(connection.namespace.clone(), account.name.clone()))
        {
            account.clone_from(joint);
        }
    }
}

/// Adds the account of `connection` to those of the connections before it.
fn join(accounts: &mut Accounts, connection: &Connection, account: &ServiceAccount) -> Option<Fault> {
    let place = (connection.namespace.clone(), account.name.clone());
    let Some(Shared { joint, by }) = accounts.get_mut(&place) else {
        let by = vec![(connection.name.clone(), account.clone())];
        accounts.insert(place, Shared { joint: account.clone(), by });
        return None;
    };
    let merged = merge(joint, account);
    by.push((connection.name.clone(), account.clone()));
    let what = merged.err()?;
    let (other, _) = by.iter().find(|(_, other)| merge(&mut other.clone(), account) == Err(what))?;
    let cause =
        format!("shares ServiceAccount {}/{} with connection {other}, and has another {what}", place.0, place.1);
    let remedy = format!("make {what} equal in both, or give one its own serviceAccount.name");
    Some(Fault::at(Code::Collision, connection.path(), cause).remedy(remedy))
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
