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
        let objects: BTreeMap<ObjectId, Source> =
            wanted.iter().map(|wanted| (wanted.object(namespace), wanted.source)).collect();
        let contents: BTreeMap<ObjectId, Result<Content, Fault>> = stream::iter(objects)
            .map(|(id, source)| async move {
                let content = content(api, source, &id).await;
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
                Some(Err(fault)) => Err(fault.clone().within(format!("{} refers to it, and ", wanted.path))),
                None => continue,
            };
            match value {
                Ok(value) => drop(references.values.insert(wanted.clone(), value)),
                Err(fault) => drop(references.faults.insert(wanted.clone(), fault)),
            }
        }
        Ok(references)
    }

    /// What a form stands for, as far as it could be read.
    #[must_use]
    pub fn value<'a>(&'a self, form: &'a Form) -> Option<&'a SecretValue> {
        form.value(&self.values)
    }

    /// Why the connection cannot be done, if one of its references cannot be used: all reasons in one fault.
    #[must_use]
    pub fn fault(&self, connection: &Connection) -> Option<Fault> {
        let unread = connection.forms().filter_map(Form::reference).filter_map(|reference| self.faults.get(reference));
        unread.cloned().chain(self.unfit(connection)).reduce(|all, other| all.and(&other))
    }

    /// A parameter that was read is held against the same rules as one in the values.
    fn unfit(&self, connection: &Connection) -> impl Iterator<Item = Fault> {
        let parameters = connection.service.iter().flat_map(|service| {
            service.parameters.iter().map(|(name, form)| (form.reference(), service.target.parameters.get(name)))
        });
        parameters.filter_map(|(reference, parameter)| {
            let (reference, parameter) = (reference?, parameter?);
            let why = parameter.refuses(self.values.get(reference)?.expose())?;
            let source = Kind::from(reference.source).as_str();
            let cause = format!("key {} of {source} {} {why}", reference.key, reference.name);
            Some(Fault::at(Code::ReferenceInvalid, &reference.path, cause))
        })
    }
}

async fn content(api: &Api, source: Source, id: &ObjectId) -> Result<Content, Fault> {
    let read = match source {
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
            let made = match source {
                Source::Secret => "kubectl create secret generic",
                Source::ConfigMap => "kubectl create configmap",
            };
            let (name, namespace) = (&id.name, &id.namespace);
            Err(Fault::of(Code::ReferenceMissing, id, "it does not exist").remedy(format!(
                "`{made} {name} -n {namespace} --from-literal=KEY=…`, then run the same helm upgrade again"
            )))
        }
        Err(error) => Err(failure::of(&error, id, failure::READ, api).await),
    }
}

fn value(reference: &Reference, id: &ObjectId, content: &Content) -> Result<SecretValue, Fault> {
    let Some(bytes) = content.get(&reference.key) else {
        let cause = format!("{} refers to its key {}, which it does not have", reference.path, reference.key);
        return Err(Fault::of(Code::ReferenceMissing, id, cause).remedy(format!(
            "add the key to it (`kubectl edit {} {} -n {}`), or correct the reference, then run the same helm upgrade again",
            id.kind.plural(),
            id.name,
            id.namespace
        )));
    };
    let text = String::from_utf8(bytes.clone()).map_err(|_| "is not UTF-8 text");
    let text = text.and_then(|text| form::unfit(&text).map_or(Ok(text), Err));
    text.map(SecretValue::from).map_err(|why| {
        let cause = format!("{} refers to its key {}, which {why}", reference.path, reference.key);
        Fault::of(Code::ReferenceInvalid, id, cause).remedy(form::FOR_UNFIT)
    })
}
