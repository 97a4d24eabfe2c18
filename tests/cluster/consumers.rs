//! What a pod sees of the Secrets: keys with dots and dashes, and the two Secrets of Confluent.

use serde_json::json;

use crate::common::kubernetes::{Helm, Place, kubectl, kubectl_with};

with_both_helms! {
    keys_with_dots_reach_a_program_by_env_from_and_as_files
    a_pod_reads_both_secrets_of_a_connection_to_confluent
}

/// The log of a pod that reads `secrets` by `envFrom`, and has the first as files below /secret.
fn log_of_a_pod(place: &Place, secrets: &[&str], command: &[&str]) -> String {
    let image = std::env::var("SC_JOB_TEST_SHELL_IMAGE").expect("SC_JOB_TEST_SHELL_IMAGE is not set; run scripts/test");
    let sources: Vec<_> = secrets.iter().map(|secret| json!({"secretRef": {"name": secret}})).collect();
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "consumer"},
        "spec": {
            "restartPolicy": "Never",
            "containers": [{
                "name": "consumer", "image": image, "imagePullPolicy": "IfNotPresent", "command": command,
                "envFrom": sources, "volumeMounts": [{"name": "secret", "mountPath": "/secret"}],
            }],
            "volumes": [{"name": "secret", "secret": {"secretName": secrets[0]}}],
        },
    });
    kubectl_with(&["create", "-n", &place.shop, "-f", "-"], &pod.to_string()).expect(0);
    let done = "--for=jsonpath={.status.phase}=Succeeded";
    kubectl(&["wait", done, "pod/consumer", "-n", &place.shop, "--timeout=60s"]).expect(0);
    kubectl(&["logs", "consumer", "-n", &place.shop]).expect(0).stdout
}

fn keys_with_dots_reach_a_program_by_env_from_and_as_files(helm: &Helm) {
    let place = Place::new();
    let values = "connections: {db: {namespace: SHOP, target: postgres-flexible, clientType: springBoot, auth: secret, parameters: {server: srv1, database: orders, username: u, password: demo}}}";
    let upgraded = helm.upgrade(&place, values, &[]).expect(0);
    let told = "keys that are no names of shell variables: db. Kubernetes takes dots and dashes in envFrom, but a shell \
                that starts the program may drop them; then mount the Secret as files";
    assert!(
        format!("{}{}", upgraded.stdout, upgraded.stderr).contains(told),
        "{}\n{}",
        upgraded.stdout,
        upgraded.stderr
    );
    let log = log_of_a_pod(&place, &["sc-db-secret"], &["env"]);
    let url = "jdbc:postgresql://srv1.postgres.database.azure.com:5432/orders?sslmode=require";
    assert!(log.contains(&format!("spring.datasource.url={url}\n")), "{log}");
    assert!(log.contains("spring.datasource.password=demo\n"), "{log}");
    kubectl(&["delete", "pod", "consumer", "-n", &place.shop, "--now"]).expect(0);
    assert_eq!(log_of_a_pod(&place, &["sc-db-secret"], &["cat", "/secret/spring.datasource.url"]), url);
}

fn a_pod_reads_both_secrets_of_a_connection_to_confluent(helm: &Helm) {
    let place = Place::new();
    let values = "connections: {events: {namespace: SHOP, target: confluent-cloud, clientType: python, auth: secret, parameters: {bootstrapServer: 'pkc-1:9092', kafkaKey: k, kafkaSecret: demo, schemaRegistry: 'https://psrc-1', schemaKey: k, schemaSecret: demo}}}";
    let upgraded = helm.upgrade(&place, values, &[]).expect(0);
    let notes =
        "          - secretRef: {name: sc-events-secret}\n          - secretRef: {name: sc-eventsschema-secret}\n";
    assert!(upgraded.stdout.contains(notes), "{}", upgraded.stdout);
    let log = log_of_a_pod(&place, &["sc-events-secret", "sc-eventsschema-secret"], &["env"]);
    for variable in [
        "CONFLUENTCLOUD_KAFKA_BOOTSTRAPSERVER=pkc-1:9092\n",
        "CONFLUENTCLOUD_KAFKA_SASLPASSWORD=demo\n",
        "CONFLUENTCLOUD_SCHEMAREGISTRY_USERINFO=k:demo\n",
    ] {
        assert!(log.contains(variable), "{log}");
    }
}
