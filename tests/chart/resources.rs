//! Operations that are refused: `resources` that are hostile or malformed, by Helm and by the binary at the same place, and
//! without a word of what is in them.

use serde_json::{Value, json};

use super::operation::{ID, create, whole};
use super::rendering::{refuse, template};
use crate::common::kubernetes::Helm;
use crate::common::operation::{encoded, secret, settings};
use crate::common::{CANARY, run, sc_job};

with_both_helms! {
    an_operation_that_is_not_whole_is_refused
    resources_that_are_hostile_or_malformed_are_refused_by_their_place_as_the_binary_refuses_them
}

/// Helm and the binary refuse `values` at one place.
fn assert_refused(helm: &Helm, values: &Value, path: &str, code: &str) {
    let said = refuse(helm, &values.to_string(), &[]);
    assert!(said.contains(&format!("{path}: ")), "{path}: {said}");
    let judged = run(&mut sc_job(&["render", "--values", "-"]), Some(&values.to_string())).expect(78);
    assert!(judged.stderr.contains(&format!("{code} {path}: ")), "{code} {path}: {}", judged.stderr);
}

fn an_operation_that_is_not_whole_is_refused(helm: &Helm) {
    for setting in ["connection", "correlationid", "operation", "resources"] {
        let mut values = create(&whole());
        values[setting] = "".into();
        assert_refused(helm, &values, setting, "SCJ1005");
    }
    for (setting, value) in [("connection", format!("{CANARY} x")), ("correlationid", format!("{CANARY}/x"))] {
        let mut values = create(&whole());
        values[setting] = value.into();
        assert_refused(helm, &values, setting, "SCJ1006");
    }
    let mut values = create(&whole());
    values["connections"] = json!({"Orders_db.1": {"data": {"A": CANARY}}});
    assert_refused(helm, &values, "connection", "SCJ1009");
    let unknown = template(helm, &settings("a", ID, CANARY, &whole()).to_string(), &[]).expect(1).stderr;
    assert!(unknown.contains("'/operation': value must be one of '', 'create', 'update', 'delete'"), "{unknown}");
    let numbered = refuse(helm, "{connection: a, correlationid: 90210771, operation: create, resources: e30=}", &[]);
    assert!(
        numbered.contains("'/correlationid': got number, want string") && !numbered.contains("90210771"),
        "{numbered}"
    );
}

/// What is done to the whole payload, who refuses it by which place, and the code of the binary.
type Spoilt = (&'static str, Value, &'static str, &'static str);

fn spoilt() -> Vec<Spoilt> {
    let c = CANARY;
    vec![
        ("/namespace", json!(c), "resources.namespace", "SCJ1004"),
        ("/secret", json!([c]), "resources.secret", "SCJ1004"),
        ("/secretProviderClass", json!(c), "resources.secretProviderClass", "SCJ1004"),
        ("/pod", json!(c), "resources.pod", "SCJ1004"),
        ("/canary-5f2b9c", json!({c: c}), "resources", "SCJ1003"),
        ("/serviceAccount", json!({"name": c}), "resources", "SCJ1003"),
        ("/namespace/name", json!(c.to_uppercase()), "resources.namespace.name", "SCJ1006"),
        ("/namespace/name", json!(format!("{c}\n")), "resources.namespace.name", "SCJ1006"),
        ("/namespace/name", json!("../kube-system"), "resources.namespace.name", "SCJ1006"),
        ("/namespace/name", json!("kube-system"), "resources.secret.namespace", "SCJ1008"),
        ("/secret/namespace", json!(c), "resources.secret.namespace", "SCJ1008"),
        (
            "/secretProviderClass/namespace",
            json!("{{ .Values }}"),
            "resources.secretProviderClass.namespace",
            "SCJ1006",
        ),
        ("/secret/name", json!(c), "resources.secret.name", "SCJ1006"),
        ("/secret/name", json!("sc-other-secret"), "resources.secret.name", "SCJ1006"),
        ("/secret/name", json!("*"), "resources.secret.name", "SCJ1006"),
        ("/secretProviderClass/name", json!(c), "resources.secretProviderClass.name", "SCJ1006"),
        ("/secretProviderClass/k8sSecretName", json!(c), "resources.secretProviderClass.k8sSecretName", "SCJ1006"),
        (
            "/secretProviderClass/k8sSecretName",
            json!("sc-ordersdb1-secret"),
            "resources.secretProviderClass.k8sSecretName",
            "SCJ1009",
        ),
        ("/secret/data", json!([c]), "resources.secret.data", "SCJ1004"),
        ("/secret/data", json!({}), "resources.secret.data", "SCJ1005"),
        ("/secret/data/a b", json!(c), "resources.secret.data", "SCJ1006"),
        ("/secret/data/..a", json!(c), "resources.secret.data", "SCJ1006"),
        ("/secret/canary-5f2b9c", json!(c), "resources.secret", "SCJ1003"),
        ("/secretProviderClass/canary-5f2b9c", json!(c), "resources.secretProviderClass", "SCJ1003"),
        ("/secretProviderClass/keyvaultName", json!(""), "resources.secretProviderClass.keyvaultName", "SCJ1005"),
        (
            "/secretProviderClass/keyvaultTenantId",
            Value::Null,
            "resources.secretProviderClass.keyvaultTenantId",
            "SCJ1005",
        ),
        ("/secretProviderClass/userMIClientId", json!([c]), "resources.secretProviderClass.userMIClientId", "SCJ1004"),
        ("/secretProviderClass/keyvaultSecrets", json!({}), "resources.secretProviderClass.keyvaultSecrets", "SCJ1005"),
        ("/secretProviderClass/keyvaultSecrets", json!(c), "resources.secretProviderClass.keyvaultSecrets", "SCJ1004"),
        (
            "/secretProviderClass/keyvaultSecrets/a b",
            json!(c),
            "resources.secretProviderClass.keyvaultSecrets",
            "SCJ1006",
        ),
    ]
}

/// The payload with another value at a place.
fn with(place: &str, value: &Value) -> Value {
    let mut payload = whole();
    let (above, key) = place.rsplit_once('/').unwrap();
    payload.pointer_mut(above).unwrap()[key] = value.clone();
    payload
}

fn resources_that_are_hostile_or_malformed_are_refused_by_their_place_as_the_binary_refuses_them(helm: &Helm) {
    for (place, value, path, code) in spoilt() {
        assert_refused(helm, &create(&with(place, &value)), path, code);
    }
    let nameless = json!({"secret": {"data": {"A": CANARY}}});
    assert_refused(helm, &create(&nameless), "resources.namespace.name", "SCJ1005");
    let empty_handed = json!({"namespace": {"name": "shop"}, "pod": {"name": CANARY}, "secret": null});
    assert_refused(helm, &create(&empty_handed), "resources", "SCJ1005");
    let mixed = json!({"namespace": {"name": 1}, "secret": {"namespace": "1", "data": {"A": CANARY}}});
    assert_refused(helm, &create(&mixed), "resources.namespace.name", "SCJ1004");
    for namespace in ["kube-system", "sc-system"] {
        let values = create(&secret("ordersdb1", namespace, &json!({"A": CANARY})));
        assert_refused(helm, &values, "resources.namespace", "SCJ1013");
        template(helm, &values.to_string(), &["--set", &format!("allowSystemNamespaces={{{namespace}}}")]).expect(0);
    }
    let whole = encoded(&whole().to_string());
    for (raw, code) in [
        (format!("{CANARY}!"), "SCJ1012"),
        (whole.replace('=', "") + "A", "SCJ1012"),
        (format!("={whole}"), "SCJ1012"),
        (whole[..whole.len() / 8 * 4].to_owned(), "SCJ1004"),
        (encoded(CANARY), "SCJ1004"),
        (encoded("{}"), "SCJ1004"),
        (encoded("null"), "SCJ1004"),
        (encoded(&format!("[\"{CANARY}\"]")), "SCJ1004"),
        (encoded(&format!("\"{CANARY}\"")), "SCJ1004"),
        (encoded(&format!("secret: {CANARY}")), "SCJ1004"),
        (encoded(&"[".repeat(20_000)), "SCJ1004"),
    ] {
        let mut values = create(&Value::Null);
        values["resources"] = raw.into();
        assert_refused(helm, &values, "resources", code);
    }
    let large = create(&secret("ordersdb1", "shop", &json!({"A": CANARY.repeat(70_000)})));
    let said = refuse(helm, &large.to_string(), &[]);
    assert!(said.contains("resources: has 1213") && said.contains(" bytes, and 1000000 go into the Secret "), "{said}");
    let mut values = create(&Value::Null);
    values["resources"] = encoded(&json!({"Error": CANARY}).to_string()).into();
    let said = refuse(helm, &values.to_string(), &[]);
    assert!(said.contains("resources: must be base64 of a JSON object"), "{said}");
}

/// What the template leaves to the binary.
#[test]
fn what_is_no_name_is_judged_by_the_binary() {
    let class = |field: &str| format!("/secretProviderClass/{field}");
    for (place, value, fault) in [
        ("/secret/data".to_owned(), json!({}), "SCJ1005 resources.secret.data: a Secret needs an entry at least."),
        ("/secret/data/PORT".to_owned(), json!(90_210_771), "SCJ1004 resources.secret.data.PORT: must be a string."),
        (
            "/secret/data/PORT".to_owned(),
            json!({"valueFrom": CANARY}),
            "SCJ1004 resources.secret.data.PORT: must be a string.",
        ),
        (
            "/secret/data/a b canary-5f2b9c".to_owned(),
            json!("x"),
            "SCJ1006 resources.secret.data: must consist of letters,",
        ),
        (
            "/secret/data/NUL".to_owned(),
            json!(format!("{CANARY}\0")),
            "SCJ1008 resources.secret.data.NUL: holds a NUL character,",
        ),
        (
            "/secret/other".to_owned(),
            json!(CANARY),
            "SCJ1003 resources.secret: has a field that is none of name, namespace and data.",
        ),
        (class("keyvaultName"), json!(""), "SCJ1005 resources.secretProviderClass.keyvaultName: "),
        (
            class("keyvaultName"),
            json!(format!("{CANARY}/x")),
            "SCJ1008 resources.secretProviderClass.keyvaultName: is not of the right form: ",
        ),
        (
            class("keyvaultTenantId"),
            json!(CANARY),
            "SCJ1008 resources.secretProviderClass.keyvaultTenantId: is not of the right form: ",
        ),
        (
            class("userMIClientId"),
            json!(7),
            "SCJ1004 resources.secretProviderClass.userMIClientId: must be a string, and is a number.",
        ),
        (
            class("keyvaultSecrets"),
            json!({}),
            "SCJ1005 resources.secretProviderClass.keyvaultSecrets: must name a secret ",
        ),
        (
            class("keyvaultSecrets"),
            json!({"K": "a b"}),
            "SCJ1006 resources.secretProviderClass.keyvaultSecrets.K: must consist of ",
        ),
        (
            class("keyvaultSecrets"),
            json!({"K": [CANARY]}),
            "SCJ1004 resources.secretProviderClass.keyvaultSecrets.K: must be a string, the name ",
        ),
    ] {
        let values = create(&with(&place, &value)).to_string();
        let judged = run(&mut sc_job(&["render", "--values", "-"]), Some(&values)).expect(78);
        assert_eq!(judged.stderr.lines().count(), 1, "{}", judged.stderr);
        assert!(
            judged.stderr.contains(&format!("ERROR {fault}")) && !judged.stderr.contains("90210771"),
            "{}",
            judged.stderr
        );
    }
    let twice = r#"{"secret": {"namespace": "shop", "namespace": "kube-system", "data": {"A": "canary-5f2b9c"}}}"#;
    let mut values = create(&Value::Null);
    values["resources"] = encoded(twice).into();
    let judged = run(&mut sc_job(&["render", "--values", "-"]), Some(&values.to_string())).expect(78);
    assert!(judged.stderr.contains("SCJ1004 resources: must be base64 of a JSON object"), "{}", judged.stderr);
}
