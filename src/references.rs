//! The values that connections refer to, read from the release namespace. They
//! never enter Helm's history. Each object is read once, however many refer to it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};
use k8s_openapi::api::core::v1::{ConfigMap, Secret};

use crate::client::Api;
use crate::connections::Connection;
use crate::connections::form::{self, Form, Reference, Source};
use crate::error::{Code, Fault};
use crate::failure;
use crate::object::{Kind, ObjectId};
use crate::secret_value::SecretValue;

/// Whatever the references of the enabled connections say.
#[derive(Default)]
pub struct References {
    /// The values that could be read.
    pub values: BTreeMap<Reference, SecretValue>,
    faults: BTreeMap<Reference, Fault>,
}

type Content = BTreeMap<String, Vec<u8>>;

impl References {
    /// Reads every object that `connections` refer to.
    ///
    /// # Errors
    /// A fault of the whole run: the API server cannot be reached.
    pub async fn read<'a>(
        api: &Api,
        namespace: &str,
        concurrency: usize,
        connections: impl Iterator<Item = &'a Connection>,
    ) -> Result<Self, Fault> {
        let wanted: BTreeSet<&Reference> =
            connections.flat_map(Connection::forms).filter_map(Form::reference).collect();
        // Of several references to one object, the first stands for all.
        let objects: BTreeMap<ObjectId, &Reference> =
            wanted.iter().rev().map(|wanted| (wanted.object(namespace), *wanted)).collect();
        let contents: BTreeMap<ObjectId, Result<Content, Fault>> = stream::iter(objects)
            .map(|(id, wanted)| async move {
                let content = content(api, wanted, &id).await;
                (id, content)
            })
            .buffer_unordered(concurrency)
            .collect()
            .await;
        if let Some(fault) =
            contents.values().filter_map(|content| content.as_ref().err()).find(|fault| failure::ends_the_run(fault))
        {
            return Err(fault.clone());
        }
        let mut references = Self::default();
        for wanted in wanted {
            let id = wanted.object(namespace);
            let value = match contents.get(&id) {
                Some(Ok(content)) => value(wanted, &id, content),
                Some(Err(fault)) => Err(fault.clone()),
                None => continue,
            };
            match value {
                Ok(value) => drop(references.values.insert(wanted.clone(), value)),
                Err(fault) => drop(references.faults.insert(wanted.clone(), fault)),
            }
        }
        Ok(references)
    }

    /// Why the connection cannot be done, if one of its references cannot be used.
    #[must_use]
    pub fn fault(&self, connection: &Connection) -> Option<Fault> {
        let unread = connection.forms().filter_map(Form::reference).find_map(|reference| self.faults.get(reference));
        unread.cloned().or_else(|| self.unfit(connection))
    }

    /// A parameter that was read is held against the same rules as one in the values.
    fn unfit(&self, connection: &Connection) -> Option<Fault> {
        let service = connection.service.as_ref()?;
        service.parameters.iter().find_map(|(name, form)| {
            let reference = form.reference()?;
            let (value, parameter) = (self.values.get(reference)?, service.target.parameters.get(name)?);
            let fits = !value.expose().is_empty() && parameter.accepts(value.expose());
            (!fits).then(|| {
                let cause = format!(
                    "key {} of {} {} is empty or not of the right form: {}",
                    reference.key,
                    Kind::from(reference.source).as_str(),
                    reference.name,
                    parameter.description
                );
                Fault::at(Code::ReferenceInvalid, &reference.path, cause)
            })
        })
    }
}

async fn content(api: &Api, wanted: &Reference, id: &ObjectId) -> Result<Content, Fault> {
    let read = match wanted.source {
        Source::ConfigMap => api.read::<ConfigMap>(id).await.map(|map| {
            let texts = map.data.into_iter().flatten().map(|(key, text)| (key, text.into_bytes()));
            texts.chain(map.binary_data.into_iter().flatten().map(|(key, bytes)| (key, bytes.0))).collect()
        }),
        Source::Secret => api
            .read::<Secret>(id)
            .await
            .map(|secret| secret.data.into_iter().flatten().map(|(key, bytes)| (key, bytes.0)).collect()),
    };
    match read {
        Ok(content) => Ok(content),
        Err(kube::Error::Api(status)) if status.is_not_found() => {
            Err(Fault::of(Code::ReferenceMissing, id, format!("{} refers to it, and it does not exist", wanted.path)))
        }
        Err(error) => Err(failure::of(&error, id, failure::READ, api).await),
    }
}

fn value(reference: &Reference, id: &ObjectId, content: &Content) -> Result<SecretValue, Fault> {
    let Some(bytes) = content.get(&reference.key) else {
        let cause = format!("{} refers to its key {}, which it does not have", reference.path, reference.key);
        return Err(Fault::of(Code::ReferenceMissing, id, cause));
    };
    match String::from_utf8(bytes.clone()) {
        Ok(text) => match form::unfit(&text) {
            None => Ok(text.into()),
            Some(why) => {
                let cause = format!("its key {} {why}", reference.key);
                Err(Fault::of(Code::ReferenceInvalid, id, cause).remedy(form::FOR_UNFIT))
            }
        },
        Err(_) => Err(Fault::of(Code::ReferenceInvalid, id, format!("its key {} is not UTF-8 text", reference.key))),
    }
}
