//! Every valid connection becomes objects that Kubernetes takes, and its credentials stand where they belong.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use sc_job::connections::form::{Form, Reference, Source};
use sc_job::connections::{Connection, Declared};
use sc_job::object::Kind;
use sc_job::release::Release;
use sc_job::render;
use sc_job::resources::Resource;
use serde::Deserialize as _;
use serde_json::{Value, json};

use super::connection::{Sample, sample};
use super::kubernetes::{is_data_key, is_label, is_label_value, is_qualified, is_subdomain};
use super::runner::check;
use super::text::holds_canary;
use super::{catalogue, declaring};
use crate::common::{CANARY, assert_no_canary};

const CASES: u32 = 300;

fn failed(why: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(why.to_string())
}

fn declare(sample: &Sample) -> Result<Declared, TestCaseError> {
    declaring::input(&sample.values().to_string())
        .map_err(|faults| failed(format!("refused: {:?}", declaring::words(&faults))))
}

fn resources(sample: &Sample) -> Result<Vec<Resource>, TestCaseError> {
    declaring::objects(&declare(sample)?, &sample.references).map_err(failed)
}

#[test]
fn every_choice_of_the_catalogue_is_tried() {
    let targets: BTreeSet<_> = catalogue::CHOICES.iter().map(|choice| choice.target.name).collect();
    assert_eq!(targets, sc_job::catalogue::names().collect());
}

#[test]
fn every_name_label_and_key_is_one_that_kubernetes_takes() {
    check(CASES, sample(), |sample| {
        for resource in resources(&sample)? {
            let metadata = &resource.body["metadata"];
            let [namespace, name] = ["namespace", "name"].map(|field| metadata[field].as_str().unwrap_or_default());
            prop_assert!(is_label(namespace), "namespace {namespace}");
            prop_assert!(is_subdomain(name), "name {name}");
            for (key, value) in metadata["labels"].as_object().into_iter().flatten() {
                prop_assert!(is_qualified(key) && value.as_str().is_some_and(is_label_value), "label {key}: {value}");
            }
            for (key, value) in metadata["annotations"].as_object().into_iter().flatten() {
                prop_assert!(is_qualified(key) && value.is_string(), "annotation {key}: {value}");
            }
            for key in declaring::data(&resource).keys() {
                prop_assert!(is_data_key(key), "key {key}");
            }
            for secret in resource.body["spec"]["secretObjects"].as_array().into_iter().flatten() {
                prop_assert!(secret["secretName"].as_str().is_some_and(is_subdomain), "{secret}");
            }
        }
        Ok(())
    });
}

#[test]
fn the_secrets_hold_exactly_the_variables_and_the_data() {
    check(CASES, sample(), |sample| {
        let mut entries = BTreeMap::new();
        for resource in resources(&sample)?.iter().filter(|resource| resource.id.kind == Kind::Secret) {
            for (key, value) in declaring::data(resource) {
                prop_assert_eq!(entries.insert(key, value), None);
            }
        }
        let keys: BTreeSet<_> = entries.keys().cloned().collect();
        prop_assert_eq!(&keys, &sample.keys);
        entries.retain(|key, _| sample.data.contains_key(key));
        prop_assert_eq!(&entries, &sample.data);
        Ok(())
    });
}

#[test]
fn a_credential_stands_in_the_data_of_secrets_and_nowhere_else() {
    check(CASES, sample(), |sample| {
        let credential = |name: &str| holds_canary(&sample.choice.target.parameters[name]);
        let sensitive =
            sample.choice.set.variables.iter().filter(|variable| variable.parameters().any(credential)).count();
        let mut holding = 0;
        for resource in resources(&sample)? {
            holding += declaring::data(&resource).values().filter(|value| value.contains(CANARY)).count();
            let mut rest = resource.body.clone();
            if resource.id.kind == Kind::Secret {
                rest["data"].take();
            }
            assert_no_canary("the object", &rest.to_string());
            assert_no_canary("a text without values", &resource.without_values(&resource.body.to_string()));
        }
        prop_assert_eq!(holding, sensitive + sample.data.len());
        Ok(())
    });
}

#[test]
fn rendering_hides_values_and_shows_them_as_they_are_when_asked() {
    check(CASES, sample(), |sample| {
        let declared = declare(&sample)?;
        let hidden = render::objects(&declared, &Release::default(), false).map_err(failed)?;
        assert_no_canary("what render prints", &hidden);
        let shown = render::objects(&declared, &Release::default(), true).map_err(failed)?;
        let documents: Result<Vec<_>, _> = serde_yaml::Deserializer::from_str(&shown).map(Value::deserialize).collect();
        let documents = documents.map_err(failed)?;
        let secrets = documents.iter().filter(|object| object["kind"] == "Secret");
        let shown = secrets.filter_map(|secret| secret["stringData"].as_object()).flatten();
        let shown: BTreeMap<_, _> = shown.map(|(key, value)| (key.clone(), value.clone())).collect();
        // What a reference says is not known to render.
        let forms = declared.enabled().flat_map(Connection::forms).filter_map(Form::reference);
        let placeholder = |reference: &Reference| {
            let kind = if reference.source == Source::Secret { "Secret" } else { "ConfigMap" };
            (reference.key.clone(), format!("<key {} of {kind} {}>", reference.key, reference.name))
        };
        let objects = declaring::objects(&declared, &forms.map(placeholder).collect()).map_err(failed)?;
        let written = objects.iter().flat_map(declaring::data).map(|(key, value)| (key, Value::from(value)));
        prop_assert_eq!(shown, written.collect::<BTreeMap<_, _>>());
        Ok(())
    });
}

#[test]
fn json_and_yaml_of_the_same_values_are_the_same_declaration() {
    check(CASES, sample(), |sample| {
        let yaml = serde_yaml::to_string(&sample.values()).unwrap();
        let shown = [sample.values().to_string(), yaml].map(|text| {
            declaring::values(&text).map_err(|faults| declaring::words(&faults).join("\n")).and_then(|declared| {
                render::objects(&declared, &Release::default(), true).map_err(|fault| fault.to_string())
            })
        });
        prop_assert!(shown[0].is_ok(), "refused: {:?}", shown[0]);
        prop_assert_eq!(&shown[0], &shown[1]);
        Ok(())
    });
}

#[test]
fn an_own_name_must_leave_room_for_that_of_the_second_secret() {
    let values = |length: usize| {
        let parameters = json!({
            "bootstrapServer": "kafka:9092", "kafkaKey": "k", "kafkaSecret": "s",
            "schemaRegistry": "https://registry", "schemaKey": "k", "schemaSecret": "s",
        });
        let connection = json!({"target": "confluent-cloud", "auth": "secret", "secretName": "n".repeat(length), "parameters": parameters});
        json!({"connections": {"a": connection}}).to_string()
    };
    assert!(declaring::values(&values(246)).is_ok());
    let faults = declaring::values(&values(247)).err().map(|faults| declaring::words(&faults)).unwrap_or_default();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with("SCJ1006 connections.a.secretName"), "{faults:?}");
}
