//! What becomes of a value, in each of its three forms.

use serde_json::json;

use crate::common::{CANARY, run, sc_job};
use crate::{faults, objects};

#[test]
fn values_of_secrets_are_hidden_unless_asked_for() {
    let values = format!("connections: {{a: {{data: {{PASSWORD: '{CANARY}'}}}}}}");
    let hidden = run(&mut sc_job(&["render", "-f", "-"]), Some(&values)).expect(0);
    assert!(hidden.stdout.contains("PASSWORD: '***'"), "{}", hidden.stdout);
    assert_eq!(objects(&values)[0]["stringData"]["PASSWORD"], CANARY);
}

#[test]
fn a_reference_is_shown_as_what_it_refers_to() {
    let values = "connections: {a: {data: {KEY: {valueFrom: {secretKeyRef: {name: creds, key: k1}}}}}}";
    assert_eq!(objects(values)[0]["stringData"]["KEY"], "<key k1 of Secret creds>");
}

#[test]
fn awkward_values_arrive_as_written() {
    let awkward = "p@s;s w'\"%&=/\\ord {{ }}\nsecond line\t\u{7f}ü";
    let values = json!({"connections": {"a": {"data": {
        "AWKWARD": awkward, "OCTAL": "0123", "YES": "yes", "EXPONENT": "1e3",
        "ENCODED": {"base64": "cEBzJ1wK"},
    }}}});
    let data = &objects(&values.to_string())[0]["stringData"];
    assert_eq!(
        *data,
        json!({"AWKWARD": awkward, "OCTAL": "0123", "YES": "yes", "EXPONENT": "1e3", "ENCODED": "p@s'\\\n"})
    );
}

#[test]
fn a_port_may_be_a_number_and_a_password_may_not() {
    let values = |port: &str, password: &str| {
        format!(
            "connections: {{db: {{target: postgres-flexible, auth: secret, parameters: {{server: srv1, database: d, username: u, password: {password}, port: {port}}}}}}}"
        )
    };
    assert_eq!(objects(&values("6432", "'1234'"))[0]["stringData"]["AZURE_POSTGRESQL_PORT"], "6432");
    assert_eq!(
        faults(&values("6432", "1234")),
        [
            "SCJ1004 connections.db.parameters.password: must be a string, and is a number. Remedy: put the value in quotes; on the command line use --set-string in place of --set"
        ]
    );
}
