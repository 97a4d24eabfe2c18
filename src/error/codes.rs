//! The table of all codes, and nothing else. To add an error is to add an entry at the end of its group; a number is
//! never given to another fault. `cause` tells in general when a fault comes about, what sc-job did and what it left
//! untouched; `remedy` is said where the particular case has nothing better, so it is one paragraph without a full
//! stop.

use super::code::codes;

codes! {
    InputUnreadable = 1001 {
        title: "the connections cannot be read",
        cause: "The file or directory that holds the connections is not there, may not be read, is not UTF-8 text, or \
                has no `*.json` file in it. In the cluster this is the Secret sc-job-input-0 as the pod mounts it, on \
                a laptop the file after -f. Nothing was written.",
        remedy: "check that the path is there, that it may be read, and that the text is UTF-8; in the cluster run the \
                 same helm upgrade again, which writes that Secret anew",
    }
    InputNotYaml = 1002 {
        title: "the connections are not valid YAML",
        cause: "The text is not YAML, has a key twice in one mapping, is nested more than 128 deep, or has aliases \
                that stand for more than a million values. The place is told by line and column where the parser knows \
                it, and never by quoting the text. Nothing was written.",
        remedy: "mend the place that is named; `sc-job render -f values.yaml` shows the same fault without a cluster",
    }
    UnknownField = 1003 {
        title: "a field that does not exist",
        cause: "A key of a connection, or of something within it, is none that sc-job knows, or the target has no such \
                parameter. The key is named with its path and, where one is near, the key that was probably meant. All \
                faults of the values are told in one run, and nothing was written.",
        remedy: "correct or remove it; chart/values.yaml lists every value, `sc-job targets NAME` the parameters of a \
                 target",
    }
    WrongType = 1004 {
        title: "a value of the wrong type",
        cause: "A string stands where a mapping is needed, a number or a boolean where a string is, or the like. \
                Values without quotes are the usual reason: Helm turns 0123 into 83 and yes into true before sc-job \
                sees them, so that what was meant is lost. Nothing was written.",
        remedy: "write it in the form that is named; where that is a string, quote what looks like a number or a \
                 boolean, and on the command line use --set-string in place of --set",
    }
    Missing = 1005 {
        title: "something that is required is missing",
        cause: "A target needs a parameter, an auth or a client type that is not given, or a connection has neither a \
                target nor data, or a reference lacks its name or key. Nothing was written.",
        remedy: "add it to the values; `sc-job targets NAME` shows what a target needs",
    }
    InvalidName = 1006 {
        title: "a name that cannot be used",
        cause: "The name of a connection, a namespace, an object, a label or a variable has a form that Kubernetes or \
                a shell does not take, is too long, or is what Helm makes of an unquoted on, yes, n or ~. Nothing was \
                written.",
        remedy: "choose another name, of the form that is described",
    }
    UnknownChoice = 1007 {
        title: "a word that is not among the allowed ones",
        cause: "The target, auth, client type, cloud or kind of vault object is none that there is, or the target \
                cannot be used with this auth or client type. The allowed words are listed, the nearest of them first. \
                Nothing was written.",
        remedy: "use one of the words that are listed; `sc-job targets` shows which auths a target has",
    }
    InvalidValue = 1008 {
        title: "a value that cannot be right",
        cause: "A value has the right type, and not the form or the range that is needed: a client id that is no GUID, \
                a token expiration outside of 3600 to 86400 seconds, an access key with a line break at its end, a \
                setting that does not go with the auth. The form is described, and the value is not quoted. Nothing \
                was written; only where the correlationid is that of an operation which was executed, or begun before a later \
                one of its connection was executed, are all other connections done, and the exit code is 79.",
        remedy: "correct the value; `sc-job targets NAME` shows the form and an example of each parameter",
    }
    Collision = 1009 {
        title: "two declarations for one thing",
        cause: "Two connections would write the same Secret or SecretProviderClass, say different things of the \
                ServiceAccount that they share, or a connection gives one variable or file twice. Names of Secrets \
                lose all but letters and digits, so that my-db and mydb are one. Nothing was written; only where an \
                operation would write what an earlier one has made for another connection are all others done, and \
                the exit code is 79.",
        remedy: "rename one of the two, or give one its own secretName",
    }
    ReferenceNotAllowed = 1010 {
        title: "a reference where the value itself is needed",
        cause: "The value decides the name of an object or what the object says, and the chart must know it to give \
                the Job its rights, before any reference is read. This holds for the client id and the tenant id with \
                workload identity, and for flags. Nothing was written.",
        remedy: "write the value as a string or as {base64: …}; neither a client id nor a tenant id is a secret",
    }
    Settings = 1011 {
        title: "a setting of the Job is wrong",
        cause: "An environment variable `SC_JOB_…` is missing, is no number, is out of its range, or has a word that \
                is not allowed. The chart sets all of them, so that this is mostly a run that somebody started by \
                hand, or a pod that something else has changed. Nothing was read, and nothing written.",
        remedy: "correct the environment variable; in the cluster the chart sets all of them from its values job and \
                 log, when the same helm upgrade is run again",
    }
    InvalidBase64 = 1012 {
        title: "a base64 value that does not decode to text",
        cause: "What stands in {base64: …} is not base64 with its padding, or not base64 of UTF-8 text. A copy that \
                was cut off, or the URL-safe alphabet, is the usual reason. Nothing was written.",
        remedy: "encode it again, for example with `printf %s \"$VALUE\" | base64 -w0`",
    }
    SystemNamespace = 1013 {
        title: "a namespace of the cluster's own",
        cause: "A connection's namespace begins with kube- or is the release's own. Whoever can write Secrets there can \
                often do more than was meant, so such a namespace must be allowed by its name. Nothing was written.",
        remedy: "choose another namespace, or add this one to allowSystemNamespaces",
    }

    NamespaceMissing = 2001 {
        title: "the namespace does not exist",
        cause: "The namespace of a connection is not there, and sc-job makes none unless missingNamespace is create. The connections in it were \
                left out, all others are done.",
        remedy: "`kubectl create namespace NAMESPACE`, then run the same helm upgrade again, which grants the rights \
                 there and finishes the work",
    }
    NamespaceTerminating = 2002 {
        title: "the namespace is being deleted",
        cause: "The namespace of a connection is in its deletion, in which Kubernetes takes no new objects. The \
                connections in it were left out, all others are done. A namespace that stays so for minutes waits for \
                a finalizer of something in it.",
        remedy: "wait until `kubectl get namespace NAMESPACE` finds nothing (`kubectl describe namespace NAMESPACE` \
                 tells what it waits for), create it again, then run the same helm upgrade again",
    }
    ForeignObject = 2003 {
        title: "the object belongs to somebody else",
        cause: "An object stands under the name that the connection needs, and this release has not made it, or \
                somebody has changed the labels by which it knows its own. It was left untouched. The connections that \
                need it were left out whole, unless it came into being in the middle of the run; all others are done.",
        remedy: "give the connection its own secretName or serviceAccount.name; or take the object over with adopt: \
                 true, which `sc-job plan` shows beforehand; or, if nobody needs it, delete it; then run the same helm \
                 upgrade again",
    }
    FieldConflict = 2004 {
        title: "another manager applies the same field",
        cause: "Somebody else writes a field of our object by server-side apply (a GitOps tool, another release), and \
                with another value. To take it back would start a fight that neither wins, so the object was left \
                untouched. An edit by hand is no such conflict: it is undone and told as repaired.",
        remedy: "take the field out of one of the two manifests, or take it over with adopt: true on the connection \
                 (not from another release of this chart), then run the same helm upgrade again; `kubectl get KIND NAME \
                 -n NAMESPACE -o yaml --show-managed-fields` shows who applies what",
    }
    ReferenceMissing = 2005 {
        title: "a referenced Secret or ConfigMap, or its key, does not exist",
        cause: "A value is {valueFrom: …}, and the object or the key that it names is not there. References are read \
                in the namespace of the release, not in that of the connection. The connection was left out, what it \
                made earlier stays as it is, all others are done.",
        remedy: "create it in the release namespace (`kubectl create secret generic NAME -n sc-system \
                 --from-literal=KEY=…`), then run the same helm upgrade again",
    }
    ReferenceInvalid = 2006 {
        title: "a referenced value cannot be used",
        cause: "The value behind a {valueFrom: …} is not UTF-8 text, holds a NUL character, or is not of the form that \
                the parameter needs, for example since it ends with a line break. The value is not quoted. The \
                connection was left out, what it made earlier stays as it is, all others are done.",
        remedy: "correct the value in the referenced object, then run the same helm upgrade again; a line break at its \
                 end comes of `echo`, and `printf %s` writes none",
    }
    Refused = 2007 {
        title: "the API server refused the object",
        cause: "The API server's own rules do not let the object be as it is declared: it is too large, it was made \
                immutable, a label is too long. The message is the API server's, without the values of the object. It \
                was left untouched, all other objects were tried.",
        remedy: "mend what the message names, then run the same helm upgrade again",
    }
    Unsettled = 2008 {
        title: "the object kept changing under the run",
        cause: "Each time that sc-job looked at the object and then wrote it, somebody else had changed or re-created \
                it in between, four times in a row. Two controllers that write it in turns are the usual reason. The \
                object is as the others left it.",
        remedy: "find who else writes it (`kubectl get KIND NAME -n NAMESPACE -o yaml --show-managed-fields`), stop \
                 that, then run the same helm upgrade again",
    }
    ServerError = 2009 {
        title: "the API server failed on the object",
        cause: "The API server answered 500 to everything that was tried with this object for 20 seconds, or until the \
                run had no more time, while others could be done. Mostly an admission webhook is installed whose own pods do not run. Whether the last \
                try has had an effect is open; the next run finds out.",
        remedy: "mend what the message names (`kubectl get \
                 validatingwebhookconfigurations,mutatingwebhookconfigurations` shows which webhooks there are), then \
                 run the same helm upgrade again",
    }
    KindMissing = 2010 {
        title: "the cluster does not know this kind of object",
        cause: "A connection with auth csi needs a SecretProviderClass, whose definition comes with the Secrets Store \
                CSI driver, and the driver is not installed. The connection was left out, all others are done.",
        remedy: "install what brings it: `az aks enable-addons --addons azure-keyvault-secrets-provider --name CLUSTER \
                 --resource-group GROUP`; then run the same helm upgrade again",
    }
    NamespaceWithoutRole = 2011 {
        title: "the job has no right at all in the namespace",
        cause: "The namespace is there, and the Role that the chart renders into it is not: the namespace was made, or \
                made again, after the chart was rendered, or somebody has deleted Role or RoleBinding. The connections \
                in it were left out, all others are done. With rbac.create=false this is SCJ3001.",
        remedy: "run the same helm upgrade again, which renders the Role there anew; `kubectl get role,rolebinding -n \
                 NAMESPACE` shows what is there",
    }
    QuotaExceeded = 2012 {
        title: "a quota of the namespace is used up",
        cause: "A ResourceQuota of the connection's namespace counts Secrets or ServiceAccounts, and the limit is \
                reached. The object was not made, all other objects were tried. One that exists already can still be \
                changed.",
        remedy: "`kubectl describe quota -n NAMESPACE`; free or raise it, then run the same helm upgrade again",
    }
    AdmissionDenied = 2013 {
        title: "an admission webhook or policy refused the object",
        cause: "Gatekeeper, Kyverno, a ValidatingAdmissionPolicy or another admission control of the cluster does not \
                let the object be written. Its own words are told, without the values of the object. The object was \
                left untouched, all other objects were tried.",
        remedy: "satisfy the policy that is named (labels and annotations of a connection go onto its Secret), or \
                 exempt the object from it, then run the same helm upgrade again",
    }
    TooManyDeletions = 2014 {
        title: "more would be deleted than is allowed",
        cause: "The connections that are declared as removed, or were left out, have more objects than one run may \
                delete, or take its keys out of where others have their own. prune.maxDeletions (10 by default) is a \
                brake: a wrong values file must not clear a cluster. Nothing was deleted and nothing taken out; \
                everything else was done.",
        remedy: "look at what would go with `sc-job plan -f values.yaml`; if it is meant, raise prune.maxDeletions for \
                 this one helm upgrade",
    }

    ExecutionUnknown = 2015 {
        title: "it could not be known later whether the operation was executed",
        cause: "An operation (connection, correlationid, operation, resources) is executed once, and the ConfigMap \
                sc-connections-0, which goes with sc-connections, keeps that it begins and that it was executed. One of \
                the two could not be read, or that the operation begins could not be written. \
                The operation was not executed, and nothing of its connection was touched; all else was done.",
        remedy: "look at `kubectl get configmaps sc-connections sc-connections-0 -n sc-system`, mend what keeps them from \
                 being read or written, then run the same helm upgrade again",
    }
    ExecutionUnrecorded = 2016 {
        title: "the operation was executed, and that could not be recorded",
        cause: "The objects are as the operation (connection, correlationid, operation, resources) says. Something has \
                refused the ConfigMap sc-connections-0 after they were written, and not before: a policy, a webhook or a \
                quota that came in between. What is recorded is that the operation was begun. The same settings execute it \
                again, which writes the same objects or deletes what is gone already; once another operation of the \
                connection was executed they are refused.",
        remedy: "mend what refuses the ConfigMap, then run the same helm upgrade again: it executes the operation again, and \
                 records it",
    }

    NotPermitted = 3001 {
        title: "a right is missing",
        cause: "The ServiceAccount sc-job may not read or write an object that a connection needs, though it has other \
                rights in the namespace or the chart was told to give it none (rbac.create=false). The object was left \
                untouched. The exit code is 77 if this holds for every connection or for an object of the release's \
                own namespace, and otherwise 79, with all other connections done.",
        remedy: "run helm upgrade again, which renders the Roles anew (Helm 4: with --force-conflicts if somebody has \
                 edited them); with rbac.create=false grant the right that is named yourself; `kubectl auth can-i \
                 patch secrets/NAME -n NAMESPACE --as=system:serviceaccount:sc-system:sc-job` tells whether it is \
                 there",
    }
    NotAuthenticated = 3002 {
        title: "the API server does not accept the credentials",
        cause: "The API server answered 401: the token of the ServiceAccount is expired or revoked, or belongs to an \
                account that was deleted and made again; on a laptop, the login of the kubeconfig has ended. What was \
                applied until then stays, nothing was applied after.",
        remedy: "check `kubectl get serviceaccount sc-job -n sc-system` and run the same helm upgrade again, whose new \
                 pod has a new token; on a laptop log in anew (`kubectl auth whoami` shows as whom)",
    }

    ApiUnavailable = 4001 {
        title: "the API server cannot be reached",
        cause: "Connections or TLS failed, answers did not come or were cut off, or the API server answered 429, 502, \
                503 or 504, until nearly all of the run's time was used up; the last failure is told. What was applied \
                until then stays. Whether the last request has had an effect is open; the next run finds out.",
        remedy: "check the API server (`kubectl get --raw /readyz`), and whether a NetworkPolicy or firewall keeps \
                 pods of the release namespace from it, then run the same helm upgrade again",
    }
    Deadline = 4002 {
        title: "the run did not finish in time",
        cause: "The time that job.deadlineSeconds allows (180 by default) has passed with work left, though the API \
                server answers. What was applied stays, and the last request that failed is told. Many connections on \
                a slow API server are the usual reason.",
        remedy: "run the same helm upgrade again: it goes on where this run stopped; raise job.deadlineSeconds and \
                 job.activeDeadlineSeconds, and helm's --timeout above both, if the cluster is slow",
    }
    Interrupted = 4003 {
        title: "the run was stopped from outside",
        cause: "The process was told to end (SIGTERM or SIGINT): the pod was deleted or evicted, its node drained, or \
                the Job reached its activeDeadlineSeconds. What was applied until then stays; the connections that \
                were not finished are named.",
        remedy: "run the same helm upgrade again: it goes on where this run stopped",
    }
    StaleInput = 4004 {
        title: "the mounted connections are not those of this release",
        cause: "For 90 seconds, or as long as the deadline of the run allows, the pod saw an older content of the Secret sc-job-input-0 than that which Helm has just \
                written. The kubelet keeps the older one while another pod on the node still mounts it; or somebody \
                has edited the Secret. Nothing was written.",
        remedy: "delete a leftover pod (`kubectl delete job sc-job sc-job-rollback -n sc-system --ignore-not-found`), \
                 then run the same helm upgrade again",
    }
    LeaseHeld = 4005 {
        title: "another run is at work",
        cause: "Two runs of one release never write at the same time: the Lease sc-job in the release namespace is held \
                by another one, which kept renewing it until this run's time was used up. Nothing was written.",
        remedy: "wait until the other run has ended (`kubectl get lease sc-job -n NAMESPACE` shows who holds it), then \
                 run the same helm upgrade again",
    }
    LeaseLost = 4006 {
        title: "another run has taken over",
        cause: "The Lease sc-job, by which one run at a time writes, was taken by another run while this one was at \
                work: it could not be renewed in time, or somebody has edited it. This run stopped at once. What it had \
                applied stays; the other run goes on with its own input.",
        remedy: "look at how the other run ended (`kubectl get lease sc-job -n NAMESPACE` shows who holds it); if \
                 connections are not finished, run the same helm upgrade again",
    }

    ClientSetup = 5001 {
        title: "the connection to Kubernetes could not be set up",
        cause: "There is no usable way to the API server: in a pod no token or no certificate of the ServiceAccount is \
                mounted, on a laptop the kubeconfig is missing, names a context that is not there, or needs a program \
                that is not. Nothing was asked, and nothing written.",
        remedy: "in the cluster see that nothing takes the ServiceAccount's token out of the pod \
                 (automountServiceAccountToken); on a laptop check `kubectl config current-context`",
    }
    Internal = 5002 {
        title: "a defect of sc-job",
        cause: "sc-job came to a point that it should never reach, or its surroundings failed it: a panic, which is \
                told with its place in the source, a catalogue that contradicts itself, a standard output without \
                room. What was applied until then stays.",
        remedy: "run the same helm upgrade again, and report it with the log of this run, which holds no value of a \
                 Secret",
    }
}
