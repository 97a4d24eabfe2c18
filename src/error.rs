//! What can go wrong, told so that a person can act on it. Every fault has a
//! stable code, and code, title and remedy stand together in one table below:
//! adding an error is adding one entry. A code is never given to another fault.

use std::fmt;

use crate::object::ObjectId;

/// Defines [`Code`] and its table, so that an entry cannot lack a part.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal: $title:literal, $remedy:literal;)+) => {
        /// The stable code of a fault: 1xxx input, 2xxx state of the cluster,
        /// 3xxx permission, 4xxx API server and time, 5xxx the program itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $title] $name = $number,)+ }

        impl Code {
            /// Every code, in the order of their numbers.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// What to do where the particular case has nothing better to say.
            #[must_use]
            pub fn remedy(self) -> &'static str {
                match self { $(Code::$name => $remedy,)+ }
            }
        }
    };
}

codes! {
    InputUnreadable = 1001: "the connections cannot be read",
        "check the path and the rights of the file";
    InputNotYaml = 1002: "the connections are not valid YAML",
        "mend the place that is named; `sc-job render -f values.yaml` shows the same fault without a cluster";
    UnknownField = 1003: "a field that does not exist",
        "correct or remove it; chart/values.yaml lists every value, `sc-job targets NAME` the parameters of a target";
    WrongType = 1004: "a value of the wrong type",
        "write it in the form that is named";
    Missing = 1005: "something that is required is missing",
        "add it to the values";
    InvalidName = 1006: "a name that cannot be used",
        "choose another name, of the form that is described";
    UnknownChoice = 1007: "a word that is not among the allowed ones",
        "use one of the words that are listed";
    InvalidValue = 1008: "a value that cannot be right",
        "correct the value";
    Collision = 1009: "two declarations for one thing",
        "rename one of the two, or give one its own secretName";
    ReferenceNotAllowed = 1010: "a reference where the value itself is needed",
        "write the value as a string or as {base64: …}: it decides the name of an object, which the chart must know";
    Settings = 1011: "a setting of the Job is wrong",
        "correct the environment variable; the chart sets all of them from its values";
    InvalidBase64 = 1012: "a base64 value that does not decode to text",
        "encode it again, for example with `printf %s \"$VALUE\" | base64 -w0`";

    NamespaceMissing = 2001: "the namespace does not exist",
        "create it, then run the same helm upgrade again";
    NamespaceTerminating = 2002: "the namespace is being deleted",
        "wait until it is gone, create it again, then run the same helm upgrade again";
    ForeignObject = 2003: "the object belongs to somebody else",
        "delete or rename the object, or give the connection its own secretName or serviceAccount.name";
    FieldConflict = 2004: "another manager applies the same field",
        "take the field out of one of the two manifests";
    ReferenceMissing = 2005: "a referenced Secret or ConfigMap, or its key, does not exist",
        "create it in the release namespace, then run the same helm upgrade again";
    ReferenceInvalid = 2006: "a referenced value cannot be used",
        "correct the value in the referenced object";
    Refused = 2007: "the API server refused the object",
        "mend what the message names, then run the same helm upgrade again";
    Unsettled = 2008: "the object kept changing under the run",
        "find who else writes it (`kubectl get … -o yaml --show-managed-fields`), then run the same helm upgrade again";
    ServerError = 2009: "the API server failed on the object",
        "mend what the message names, then run the same helm upgrade again";
    KindMissing = 2010: "the cluster does not know this kind of object",
        "install what brings it, then run the same helm upgrade again";
    NamespaceWithoutRole = 2011: "the job has no right at all in the namespace",
        "run the same helm upgrade again, which renders the Role there anew";
    QuotaExceeded = 2012: "a quota of the namespace is used up",
        "free or raise the quota, then run the same helm upgrade again";
    AdmissionDenied = 2013: "an admission webhook or policy refused the object",
        "satisfy the policy that is named, or exempt the object from it, then run the same helm upgrade again";

    NotPermitted = 3001: "a right is missing",
        "run helm upgrade again, which renders the Roles anew; with rbac.create=false add the rule that is named";
    NotAuthenticated = 3002: "the API server does not accept the credentials",
        "check the token of the ServiceAccount sc-job, or your kubeconfig";

    ApiUnavailable = 4001: "the API server cannot be reached",
        "check the API server and the network between it and the pod, then run the same helm upgrade again";
    Deadline = 4002: "the run did not finish in time",
        "run the same helm upgrade again: it goes on where this run stopped; raise job.deadlineSeconds if the cluster is slow";
    Interrupted = 4003: "the run was stopped from outside",
        "run the same helm upgrade again: it goes on where this run stopped";
    StaleInput = 4004: "the mounted connections are not those of this release",
        "delete a leftover sc-job pod, then run the same helm upgrade again";

    ClientSetup = 5001: "the connection to Kubernetes could not be set up",
        "check the kubeconfig, or that the pod has a ServiceAccount token";
    Internal = 5002: "a defect of sc-job",
        "report it with the log of this run";
}

impl Code {
    /// The code's number, 1001 to 5999.
    #[must_use]
    pub fn number(self) -> u16 {
        self as u16
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SCJ{}", self.number())
    }
}

/// What a fault is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A place in the values, such as `connections.blobdemo.auth`.
    Path(String),
    /// An object in the cluster.
    Object(ObjectId),
    /// The run as a whole.
    Run,
}

/// One fault: the case at hand. It never contains a value from the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    code: Code,
    subject: Subject,
    cause: String,
    remedy: Option<String>,
}

impl Fault {
    /// A fault at a place in the values.
    pub fn at(code: Code, path: impl fmt::Display, cause: impl Into<String>) -> Self {
        Self::new(code, Subject::Path(path.to_string()), cause)
    }

    /// A fault with an object in the cluster.
    pub fn of(code: Code, object: &ObjectId, cause: impl Into<String>) -> Self {
        Self::new(code, Subject::Object(object.clone()), cause)
    }

    /// A fault of the whole run.
    pub fn run(code: Code, cause: impl Into<String>) -> Self {
        Self::new(code, Subject::Run, cause)
    }

    fn new(code: Code, subject: Subject, cause: impl Into<String>) -> Self {
        Self { code, subject, cause: cause.into(), remedy: None }
    }

    /// Replaces the code's general remedy by one for this case.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Puts words before the cause.
    #[must_use]
    pub fn within(mut self, context: impl fmt::Display) -> Self {
        self.cause = format!("{context}{}", self.cause);
        self
    }

    /// Tells `other` with this fault, whose code and remedy stay.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.cause = format!("{}; and {} {}{}", self.cause, other.code, other.subject, other.cause);
        self
    }

    /// The object that the fault is about, if it is about one.
    #[must_use]
    pub fn object(&self) -> Option<&ObjectId> {
        match &self.subject {
            Subject::Object(object) => Some(object),
            Subject::Path(_) | Subject::Run => None,
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let remedy = self.remedy.as_deref().unwrap_or(self.code.remedy());
        write!(f, "{} {}{}. Remedy: {remedy}", self.code, self.subject, self.cause)
    }
}

/// With the colon that stands before a cause.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{path}: "),
            Self::Object(object) => write!(f, "{object}: "),
            Self::Run => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_ascend_so_that_a_new_entry_finds_its_place() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
    }

    #[test]
    fn faults_of_one_connection_are_told_together_under_the_code_and_remedy_of_the_first() {
        let first = Fault::at(Code::Missing, "a", "is missing").within("b refers to it, and ");
        let both = first.and(&Fault::at(Code::InvalidValue, "c", "is empty").remedy("fill it"));
        assert_eq!(
            both.to_string(),
            "SCJ1005 a: b refers to it, and is missing; and SCJ1008 c: is empty. Remedy: add it to the values"
        );
    }

    #[test]
    fn a_fault_says_where_why_and_what_to_do() {
        let fault = Fault::at(Code::Missing, "connections.a.auth", "auth is required with a target");
        assert_eq!(
            fault.to_string(),
            "SCJ1005 connections.a.auth: auth is required with a target. Remedy: add it to the values"
        );
        assert_eq!(
            Fault::run(Code::Deadline, "180 s have passed").remedy("wait").to_string(),
            "SCJ4002 180 s have passed. Remedy: wait"
        );
    }
}
