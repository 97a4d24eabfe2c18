//! An intent that waits for its turn: as JSON it takes a fifth of the memory of
//! the tree, and a run over thousands of connections holds all of them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Resource;
use crate::connections::Origin;
use crate::error::{Code, Fault};
use crate::object::ObjectId;
use crate::secret_value::SecretValue;

/// A [`Resource`] whose body is not looked at for now. It may hold credentials, so it has no `Debug`.
pub struct Intent {
    /// What the object is.
    pub id: ObjectId,
    /// The connections that need it.
    pub connections: Vec<String>,
    /// Whether an object of somebody else is to be taken over.
    pub adopt: bool,
    /// What declares those connections.
    pub origin: Origin,
    body: Box<[u8]>,
    secrets: Box<[SecretValue]>,
}

impl Intent {
    /// Puts a resource away.
    ///
    /// # Errors
    /// A fault when it cannot be written as JSON: a defect of the program.
    pub fn of(resource: Resource) -> Result<Self, Fault> {
        let Resource { id, connections, body, secrets, origin, adopt } = resource;
        let body = serde_json::to_vec(&body).map_err(|error| not_json(&id, &error))?;
        Ok(Self { id, connections, adopt, origin, body: body.into(), secrets: secrets.into() })
    }

    /// Its turn has come.
    ///
    /// # Errors
    /// A fault when it is no JSON: a defect of the program.
    pub fn open(self) -> Result<Resource, Fault> {
        let Self { id, connections, adopt, origin, body, secrets } = self;
        let body = serde_json::from_slice(&body).map_err(|error| not_json(&id, &error))?;
        Ok(Resource { id, connections, body, secrets: secrets.into(), origin, adopt })
    }

    /// Adds it to others. A ServiceAccount may be that of several connections, which all declare the same one.
    pub fn join(self, others: &mut BTreeMap<ObjectId, Self>) {
        match others.entry(self.id.clone()) {
            Entry::Vacant(place) => drop(place.insert(self)),
            Entry::Occupied(mut shared) => {
                shared.get_mut().adopt |= self.adopt;
                shared.get_mut().connections.extend(self.connections);
            }
        }
    }
}

fn not_json(id: &ObjectId, error: &serde_json::Error) -> Fault {
    // The error itself may quote the object.
    Fault::of(Code::Internal, id, format!("the object cannot be kept as JSON ({:?})", error.classify()))
}
