//! NOTES.txt, which Helm shows after an install.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::rendering::render;
use super::rights::MIXED;
use super::roles;
use super::stub_api::helm_with;
use crate::common::kubernetes::Helm;
use crate::common::{CANARY, text};

with_both_helms! {
    notes_say_what_to_write_in_a_pod
    notes_name_every_secret_and_the_volume_of_a_vault
    notes_of_many_connections_stay_short
    notes_without_connections_say_so
    notes_say_which_jobs_stay
    notes_say_who_explains_a_code
    notes_say_what_becomes_of_objects_that_are_not_wanted_any_more
    notes_say_how_to_see_the_runs_of_a_schedule
    notes_without_rbac_have_the_rules_that_the_roles_would_have
    notes_without_rbac_of_many_connections_have_the_command_alone
}

/// The notes of a dry run. Helm 3 prints the manifest before them, with the input Secret.
fn notes(helm: &Helm, values: &str) -> String {
    let (outcome, _) = helm_with(helm, "install", Some(&[]), values, &["--dry-run=client"]);
    let said = outcome.expect(0).stdout;
    said.split_once("NOTES:\n").unwrap().1.to_owned()
}

fn notes_say_what_to_write_in_a_pod(helm: &Helm) {
    let notes = notes(helm, &text("scripts/demo.values.yaml").replace("demo-only", CANARY));
    assert!(notes.starts_with("Connections declared and enabled: 4. "), "{notes}");
    let plain = "

orders, in namespace shop:
  spec:
    containers:
      - envFrom:
          - secretRef: {name: sc-orders-secret}
";
    let identity = "
pictures, in namespace warehouse:
  metadata:
    labels:
      azure.workload.identity/use: \"true\"
  spec:
    serviceAccountName: sc-account-0a0b0c0d-0000-4000-8000-000000000002
    containers:
      - envFrom:
          - secretRef: {name: sc-pictures-secret}
";
    for part in
        [plain, identity, "kubectl get configmap sc-connections -n sc-system", "kubectl logs job/sc-job -n sc-system"]
    {
        assert!(notes.contains(part), "{part}\nis not in\n{notes}");
    }
    assert!(!notes.contains(CANARY), "{notes}");
}

fn notes_name_every_secret_and_the_volume_of_a_vault(helm: &Helm) {
    let notes = notes(
        helm,
        "
connections:
  vault:
    {target: keyvault, auth: csi, csi: {workloadIdentity: true, secrets: [{name: a}, {name: b, key: B}]},
     parameters: {vault: vault1, clientId: 0A0B0C0D-0000-4000-8000-000000000002, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f}}
  files: {target: keyvault, auth: csi, csi: {secrets: [{name: a}]},
     parameters: {vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-000000000002, tenantId: 0a0b0c0d-0000-4000-8000-00000000000f}}
",
    );
    let mounted = |name: &str| {
        format!(
            "        volumeMounts:
          - {{name: {name}, mountPath: /mnt/{name}, readOnly: true}}
    volumes:
      - name: {name}
        csi:
          driver: secrets-store.csi.k8s.io
          readOnly: true
          volumeAttributes: {{secretProviderClass: sc-{name}-secretprovider}}
"
        )
    };
    let files = "
files, in namespace default:
  spec:
    containers:
      - envFrom:
          - secretRef: {name: sc-files-secret}
";
    let vault = "
vault, in namespace default:
  metadata:
    labels:
      azure.workload.identity/use: \"true\"
  spec:
    serviceAccountName: sc-account-0a0b0c0d-0000-4000-8000-000000000002
    containers:
      - envFrom:
          - secretRef: {name: sc-vault-secret}
          - secretRef: {name: sc-vault-csi-secret}
";
    for (words, name) in [(files, "files"), (vault, "vault")] {
        let part = format!("{words}{}", mounted(name));
        assert!(notes.contains(&part), "{part}\nis not in\n{notes}");
    }
}

/// The rollback Job stays although it succeeds, and Helm deletes neither Job with the release.
fn notes_say_which_jobs_stay(helm: &Helm) {
    let notes = notes(helm, "connections: {}");
    for part in [
        "kubectl logs job/sc-job -n sc-system",
        "kubectl logs job/sc-job-rollback -n sc-system",
        "kubectl delete job sc-job sc-job-rollback sc-job-check sc-job-uninstall -n sc-system --ignore-not-found",
    ] {
        assert!(notes.contains(part), "{part}\nis not in\n{notes}");
    }
}

/// Who has the package alone has no pages, but the image.
fn notes_say_who_explains_a_code(helm: &Helm) {
    let command = format!("docker run --rm registry.example/sc-job:{} explain CODE\n", env!("CARGO_PKG_VERSION"));
    assert!(notes(helm, "connections: {}").contains(&command));
}

fn notes_say_what_becomes_of_objects_that_are_not_wanted_any_more(helm: &Helm) {
    let stay = "The objects of a connection that is disabled stay (deletionPolicy: Retain), unless its own policy is Delete.\n";
    let go = "The objects of a connection that is disabled are deleted (deletionPolicy: Delete), unless its own policy is Retain.\n";
    let left = "helm uninstall leaves the objects of all connections (uninstall.deletionPolicy).\n";
    let deleted = "helm uninstall deletes the objects of all connections that these values name, but for those with the policy Retain of their own (uninstall.deletionPolicy).\n";
    let one = "connections: {a: {data: {K: v}}}";
    for (values, [disabled, uninstalled]) in [
        (one, [stay, left]),
        ("{deletionPolicy: Delete, connections: {}}", [go, left]),
        ("{uninstall: {deletionPolicy: Delete}, connections: {a: {data: {K: v}}}}", [stay, deleted]),
        (
            "{uninstall: {deletionPolicy: Delete}, connections: {a: {deletionPolicy: Retain, data: {K: v}}}}",
            [stay, left],
        ),
    ] {
        let notes = notes(helm, values);
        assert!(notes.contains(&format!("\n\n{disabled}{uninstalled}\nWhat the job did")), "{values}:\n{notes}");
    }
}

fn notes_of_many_connections_stay_short(helm: &Helm) {
    let mut values = "connections:\n".to_owned();
    for number in 0..21 {
        writeln!(values, "  c{number}: {{data: {{K: v}}}}").unwrap();
    }
    let notes = notes(helm, &values);
    let list = "kubectl get secrets,serviceaccounts -A -l sc-extension/release=sc-extension,sc-extension/release-namespace=sc-system";
    assert!(notes.starts_with("21 connections are declared and enabled.") && notes.contains(list), "{notes}");
    assert!(!notes.contains("sc-c1-secret"), "{notes}");
}

fn notes_without_connections_say_so(helm: &Helm) {
    let notes = notes(helm, "connections: {idle: {enabled: false}, gone: null}");
    assert!(notes.starts_with("No connection is declared to be there."), "{notes}");
}

fn notes_say_how_to_see_the_runs_of_a_schedule(helm: &Helm) {
    let part = "
The job runs again by itself, by the schedule @daily. To have it run at once, and what these runs said:

  kubectl create job sc-job-resync-now --from=cronjob/sc-job-resync -n sc-system
  kubectl logs -n sc-system --prefix --tail=-1 -l app.kubernetes.io/component=resync

What the job did";
    let notes_of = |schedule: &str| notes(helm, &format!("resync: {{schedule: '{schedule}'}}"));
    let scheduled = notes_of("@daily");
    assert!(scheduled.contains(part), "{scheduled}");
    assert!(!notes_of("").contains("resync"));
}

/// What somebody can apply who may, with the values of the release.
const COMMAND: &str = "
  helm template sc-extension CHART -n sc-system -f VALUES --set rbac.create=true |
    kubectl apply -f - -l app.kubernetes.io/component=rights
";

/// The rules in the notes, by the words before them.
fn rules_in_words(notes: &str) -> BTreeMap<String, Value> {
    let (_, listed) = notes.split_once(COMMAND).unwrap();
    let parts: Vec<_> = listed.trim().split("\n\n").collect();
    let pairs = parts.chunks(2).map(|pair| {
        let [words, rules] = pair else { panic!("words without rules: {pair:?}") };
        ((*words).to_owned(), serde_yaml::from_str(rules).unwrap())
    });
    pairs.collect()
}

fn notes_without_rbac_have_the_rules_that_the_roles_would_have(helm: &Helm) {
    let values = format!("uninstall: {{deletionPolicy: Delete}}{MIXED}");
    for scope in ["objects", "cluster"] {
        let granted = render(helm, &values, &["--set", &format!("rbac.scope={scope}")]);
        let mut expected = BTreeMap::new();
        for role in granted.all("Role").chain(granted.all("ClusterRole")) {
            let name = role["metadata"]["name"].as_str().unwrap();
            let words = match (role["metadata"]["namespace"].as_str(), name) {
                (Some("sc-system"), "sc-job") => {
                    "For the ServiceAccount sc-job of namespace sc-system these are, in a Role in namespace sc-system:"
                        .to_owned()
                }
                (Some(namespace), _) => format!("in a Role in namespace {namespace}:"),
                (None, roles::NAME) => "in a ClusterRole:".to_owned(),
                (None, _) => "and for the ServiceAccount sc-job-uninstall, in a ClusterRole:".to_owned(),
            };
            expected.insert(words, role["rules"].clone());
        }
        assert_eq!(expected.len(), if scope == "objects" { 5 } else { 3 });
        let notes = notes(helm, &format!("rbac: {{create: false, scope: {scope}}}\n{values}"));
        assert_eq!(rules_in_words(&notes), expected, "{notes}");
    }
    assert!(!notes(helm, &values).contains(COMMAND), "who has the rights needs to bring none");
}

/// Thousands of names would not fit into the release.
fn notes_without_rbac_of_many_connections_have_the_command_alone(helm: &Helm) {
    let mut values = "rbac: {create: false}\nconnections:\n".to_owned();
    for number in 0..21 {
        writeln!(values, "  c{number}: {{data: {{K: v}}}}").unwrap();
    }
    let notes = notes(helm, &values);
    assert!(notes.ends_with(COMMAND) && !notes.contains("sc-c1-secret"), "{notes}");
}
