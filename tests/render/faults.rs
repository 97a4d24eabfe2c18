//! Values that are refused: every fault at once, and how each is worded.

use crate::common::{CANARY, run, sc_job};
use crate::faults;

#[test]
fn a_wrong_auth_hides_neither_client_type_nor_what_is_unknown_or_missing_of_the_parameters() {
    let values = "connections: {a: {target: mysql, auth: scret, clientType: pyton, parameters: {servr: x, port: 1.5}}}";
    let found = faults(values);
    for (fault, start) in found.iter().zip([
        "SCJ1003 connections.a.parameters.servr: mysql has no such parameter; did you mean server? Allowed: ",
        "SCJ1004 connections.a.parameters.port: must be a string or a whole number, and is a number.",
        "SCJ1007 connections.a.auth: mysql has no such auth; did you mean secret? Allowed: ",
        "SCJ1007 connections.a.clientType: mysql has no such client type; did you mean python? Allowed: django, dotnet, ",
        "SCJ1005 connections.a.parameters.database: mysql needs it: name of the database, ",
        "SCJ1005 connections.a.parameters.server: mysql needs it: name of the server ",
        "SCJ1005 connections.a.parameters.username: mysql needs it: name of the database user, ",
    ]) {
        assert!(fault.starts_with(start), "{fault}");
    }
    assert_eq!(found.len(), 7, "{found:?}");
}

#[test]
fn an_account_that_three_share_is_in_conflict_with_the_one_that_differs() {
    let connection = |name: &str, seconds: &str| {
        format!(
            "  {name}: {{target: keyvault, auth: workload-identity, serviceAccount: {{{seconds}}}, parameters: {{vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-000000000001}}}}\n"
        )
    };
    let values = [
        connection("alpha", ""),
        connection("beta", "tokenExpirationSeconds: 4000"),
        connection("gamma", "tokenExpirationSeconds: 5000"),
    ];
    assert_eq!(
        faults(&format!("connections:\n{}", values.concat())),
        [
            "SCJ1009 connections.gamma: shares ServiceAccount default/sc-account-0a0b0c0d-0000-4000-8000-000000000001 with \
             connection beta, and has another tokenExpirationSeconds. Remedy: make tokenExpirationSeconds equal in both, or \
             give one its own serviceAccount.name"
        ]
    );
}

#[test]
fn the_connection_that_is_named_is_the_one_with_the_other_value() {
    let connection = |name: &str, client: &str, seconds: &str| {
        format!(
            "  {name}: {{target: keyvault, auth: workload-identity, serviceAccount: {{name: own{seconds}}}, parameters: {{vault: vault1, clientId: 0a0b0c0d-0000-4000-8000-00000000000{client}}}}}\n"
        )
    };
    let values = [
        connection("alpha", "1", ""),
        connection("beta", "2", ""),
        connection("gamma", "1", ", tokenExpirationSeconds: 4000"),
        connection("zeta", "1", ", tokenExpirationSeconds: 5000"),
    ];
    let found = faults(&format!("connections:\n{}", values.concat()));
    let shares = "shares ServiceAccount default/own with connection";
    for (fault, start) in found.iter().zip([
        format!("SCJ1009 connections.beta: {shares} alpha, and has another clientId. "),
        format!("SCJ1009 connections.zeta: {shares} gamma, and has another tokenExpirationSeconds. "),
    ]) {
        assert!(fault.starts_with(&start), "{fault}");
    }
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_line_break_at_the_end_is_named_where_it_is_refused() {
    let values = "connections: {a: {target: redis, auth: secret, parameters: {server: cache1, accessKey: \"canary-5f2b9c\\n\"}}}";
    assert_eq!(
        faults(values),
        ["SCJ1008 connections.a.parameters.accessKey: ends with a line break (of `echo`? `printf %s` writes none). \
             Remedy: correct the value; `sc-job targets NAME` shows the form and an example of each parameter"]
    );
}

#[test]
fn every_fault_is_reported_at_once_with_its_path_and_no_value() {
    let values = format!(
        "connections:
  ok: {{data: {{A: b}}}}
  bad name: {{data: {{A: b}}}}
  a: {{namespace: Shop, target: storage-blob, auth: workload-identity, parameters: {{account: store1, clientId: {CANARY}}}}}
  b: {{target: storage-blop, auth: secret}}
  c: {{target: keyvault, auth: secret}}
  d: {{target: keyvault, auth: service-principal, clientType: cobol}}
  e: {{target: keyvault, auth: service-principal, parameters: {{vault: vault1, clientID: x}}}}
  f: {{data: {{A: true, B: null, C: 1.5, 'D E': x}}}}
  g: {{}}
  h: {{data: {{A: {{base64: '{CANARY}!'}}}}, unknown: 1}}
  i: {{target: storage-blob, auth: workload-identity, serviceAccount: {{tokenExpirationSeconds: 10}}, parameters: {{account: store1, clientId: {{valueFrom: {{secretKeyRef: {{name: n, key: k}}}}}}}}}}
  j: {{auth: secret, data: {{A: b}}}}
"
    );
    let found = faults(&values);
    let beginnings = [
        "SCJ1006 connections[\"bad name\"]: must consist of letters, digits,",
        "SCJ1006 connections.a.namespace: must consist of lower-case letters,",
        "SCJ1008 connections.a.parameters.clientId: is not of the right form:",
        "SCJ1007 connections.b.target: there is no such target; did you mean storage-blob? Allowed: ai-services, app-insights, appconfig, ",
        "SCJ1007 connections.c.auth: keyvault has no such auth; allowed: csi, service-principal, workload-identity.",
        "SCJ1005 connections.c.parameters.clientId: keyvault needs it: ",
        "SCJ1005 connections.c.parameters.vault: keyvault needs it: ",
        "SCJ1007 connections.d.clientType: keyvault with auth service-principal has no such client type; allowed: ",
        "SCJ1005 connections.d.parameters.clientId: keyvault with auth service-principal needs it: ",
        "SCJ1005 connections.d.parameters.clientSecret: keyvault with auth service-principal needs it: ",
        "SCJ1005 connections.d.parameters.tenantId: keyvault with auth service-principal needs it: ",
        "SCJ1005 connections.d.parameters.vault: keyvault with auth service-principal needs it: ",
        "SCJ1003 connections.e.parameters.clientID: keyvault has no such parameter; did you mean clientId? Allowed: ",
        "SCJ1005 connections.e.parameters.clientId: keyvault with auth service-principal and client type none needs it: ",
        "SCJ1005 connections.e.parameters.clientSecret: ",
        "SCJ1005 connections.e.parameters.tenantId: ",
        "SCJ1004 connections.f.data.A: must be a string, and is a boolean. Remedy: put the value in quotes",
        "SCJ1004 connections.f.data.B: must be a string, and is null. Remedy: put the value in quotes",
        "SCJ1004 connections.f.data.C: must be a string, and is a number. Remedy: put the value in quotes",
        "SCJ1006 connections.f.data[\"D E\"]: must consist of letters, digits,",
        "SCJ1005 connections.g: a connection needs a target, or data, or both.",
        "SCJ1012 connections.h.data.A.base64: is not base64 of UTF-8 text.",
        "SCJ1003 connections.h.unknown: there is no such field; allowed: ",
        "SCJ1010 connections.i.parameters.clientId: ",
        "SCJ1008 connections.i.serviceAccount.tokenExpirationSeconds: must be from 3600 to 86400 seconds.",
        "SCJ1005 connections.j.target: auth is given, and no target.",
    ];
    for beginning in beginnings {
        assert!(
            found.iter().any(|fault| fault.starts_with(beginning)),
            "missing: {beginning}\nfound:\n{}",
            found.join("\n")
        );
    }
    assert_eq!(found.len(), beginnings.len(), "found:\n{}", found.join("\n"));
}

#[test]
fn two_declarations_of_one_thing_are_found() {
    let account = |client: &str, expiration: u32| {
        format!(
            "{{target: storage-blob, auth: workload-identity, serviceAccount: {{name: shared, tokenExpirationSeconds: {expiration}}}, parameters: {{account: store1, clientId: 0a0b0c0d-0000-4000-8000-00000000000{client}}}}}"
        )
    };
    let values = format!(
        "connections:
  a.b: {{data: {{A: b}}}}
  AB: {{data: {{A: b}}}}
  p: {}
  q: {}
  r: {}
  s: {{target: storage-blob, auth: secret, clientType: python, parameters: {{account: store1, accountKey: k}}, data: {{AZURE_STORAGEBLOB_CONNECTIONSTRING: x}}}}
",
        account("1", 3600), account("1", 7200), account("2", 3600)
    );
    let found = faults(&values);
    let beginnings = [
        "SCJ1009 connections.s.data.AZURE_STORAGEBLOB_CONNECTIONSTRING: the target writes a variable of this name too.",
        "SCJ1009 connections[\"a.b\"]: its Secret default/sc-ab-secret is that of connection AB too.",
        "SCJ1009 connections.q: shares ServiceAccount default/shared with connection p, and has another tokenExpirationSeconds.",
        "SCJ1009 connections.r: shares ServiceAccount default/shared with connection p, and has another clientId.",
    ];
    assert_eq!(found.len(), beginnings.len(), "{}", found.join("\n"));
    for (fault, beginning) in found.iter().zip(beginnings) {
        assert!(fault.starts_with(beginning), "{fault}");
    }
}

#[test]
fn input_that_is_no_yaml_or_not_there_is_said_so() {
    assert!(
        faults(&format!("connections: {{a: \"{CANARY}"))[0]
            .starts_with("SCJ1002 standard input: the text is not valid YAML at line 1")
    );
    assert!(
        faults("connections: {a: {data: {A: b}}, a: {}}")[0]
            .starts_with("SCJ1002 standard input: duplicate entry with key \"a\"")
    );
    let missing = run(&mut sc_job(&["render", "-f", "no-such-file.yaml"]), None).expect(78);
    assert!(missing.stderr.contains("SCJ1001 no-such-file.yaml: cannot be read: No such file"), "{}", missing.stderr);
}
