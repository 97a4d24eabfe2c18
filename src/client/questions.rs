//! What the API server is asked about the cluster itself. Each answer can be
//! done without: who may not ask goes on, and finds out when it writes.

use std::time::Duration;

use k8s_openapi::api::authorization::v1::{
    ResourceRule, SelfSubjectRulesReview, SelfSubjectRulesReviewSpec, SubjectRulesReviewStatus,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::APIResourceList;
use kube::api::{GetParams, PostParams};
use kube::core::Request;
use serde::Deserialize;

use super::{Api, Partial};
use crate::object::{Kind, ObjectId};
use crate::retry::{self, Verdict};

/// A namespace that was asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// It can be used.
    Active,
    /// It is being deleted.
    Terminating,
    /// There is none.
    Missing,
}

/// What we may do in a namespace.
#[derive(Default)]
pub struct Rights {
    rules: Vec<ResourceRule>,
    /// Some authorisers (webhooks, Azure RBAC) decide without listing what they would allow.
    incomplete: bool,
}

#[derive(Deserialize)]
struct Review {
    status: Option<SubjectRulesReviewStatus>,
}

enum Unasked {
    Lacking(Rights),
    Failed(kube::Error),
}

impl Rights {
    /// Whether `verb` on the object is known to be refused.
    #[must_use]
    pub fn lack(&self, verb: &str, id: &ObjectId) -> bool {
        !self.incomplete && !self.allow(verb, id)
    }

    /// Whether `verb` on the object is known to be allowed.
    #[must_use]
    pub fn allow(&self, verb: &str, id: &ObjectId) -> bool {
        self.rules.iter().any(|rule| allows(rule, verb, id))
    }
}

fn allows(rule: &ResourceRule, verb: &str, id: &ObjectId) -> bool {
    let has = |words: &[String], word: &str| words.iter().any(|listed| listed == word || listed == "*");
    let named = rule.resource_names.as_deref().unwrap_or_default();
    has(&rule.verbs, verb)
        && has(rule.api_groups.as_deref().unwrap_or_default(), id.kind.group())
        && has(rule.resources.as_deref().unwrap_or_default(), id.kind.plural())
        && (named.is_empty() || named.contains(&id.name))
}

impl Api {
    /// Asks for a namespace.
    ///
    /// # Errors
    /// What the last try answered, 403 without the chart's ClusterRole.
    pub async fn namespace(&self, name: &str) -> Result<Namespace, kube::Error> {
        let request = Request::new("/api/v1/namespaces").get_metadata(name, &GetParams::default());
        match self.ask::<Partial>(request.map_err(kube::Error::BuildRequest)?).await {
            Ok(partial) if partial.metadata.deletion_timestamp.is_some() => Ok(Namespace::Terminating),
            Ok(_) => Ok(Namespace::Active),
            Err(kube::Error::Api(status)) if status.is_not_found() => Ok(Namespace::Missing),
            Err(error) => Err(error),
        }
    }

    /// Asks what we may do in a namespace, once more as long as something `wanted` is lacking and rights may still be on
    /// their way. A review of one right by name would not do: it answers for no name, and pinned names need one.
    ///
    /// # Errors
    /// What the last try answered.
    pub async fn rights(&self, namespace: &str, wanted: impl Fn(&Rights) -> bool) -> Result<Rights, kube::Error> {
        let review = SelfSubjectRulesReview {
            spec: SelfSubjectRulesReviewSpec { namespace: Some(namespace.to_owned()) },
            ..SelfSubjectRulesReview::default()
        };
        let body = serde_json::to_vec(&review).map_err(kube::Error::SerdeError)?;
        let request = Request::new("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews")
            .create(&PostParams::default(), body)
            .map_err(kube::Error::BuildRequest)?;
        let once = || async {
            let (_, review) = self.once::<Review>(request.clone()).await.map_err(Unasked::Failed)?;
            let rights = review.status.map(Rights::from).unwrap_or_default();
            if wanted(&rights) { Ok(rights) } else { Err(Unasked::Lacking(rights)) }
        };
        let judge = |unasked: &Unasked| match unasked {
            Unasked::Lacking(_) => Verdict::RetryWhileUnsettled,
            Unasked::Failed(error) => retry::classify_question(error),
        };
        let notify = |unasked: &Unasked, pause: Duration| match unasked {
            Unasked::Lacking(_) => tracing::debug!("rights in namespace {namespace} are not all there yet"),
            Unasked::Failed(error) => self.failed(&request, error, pause),
        };
        match retry::until_done(&self.budget, judge, once, notify).await {
            Ok(rights) | Err(Unasked::Lacking(rights)) => Ok(rights),
            Err(Unasked::Failed(error)) => Err(error),
        }
    }

    /// Asks whether the cluster knows a kind that is none of Kubernetes' own.
    ///
    /// # Errors
    /// What the last try answered.
    pub async fn serves(&self, kind: Kind) -> Result<bool, kube::Error> {
        let request = http::Request::get(kind.root()).body(Vec::new()).map_err(kube::Error::HttpError)?;
        match self.ask::<APIResourceList>(request).await {
            Ok(list) => Ok(list.resources.iter().any(|resource| resource.name == kind.plural())),
            Err(kube::Error::Api(status)) if status.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Asks for the UID of an object, if it is there and may be looked at.
    pub async fn uid(&self, id: &ObjectId) -> Option<String> {
        let request = Request::new(id.collection()).get_metadata(&id.name, &GetParams::default()).ok()?;
        self.ask::<Partial>(request).await.ok()?.metadata.uid
    }

    /// Asks whether the cluster has a webhook configuration that changes pods.
    ///
    /// # Errors
    /// What the last try answered, 403 without the chart's ClusterRole.
    pub async fn has_mutating_webhook(&self, name: &str) -> Result<bool, kube::Error> {
        let collection = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
        let request = Request::new(collection).get_metadata(name, &GetParams::default());
        match self.ask::<Partial>(request.map_err(kube::Error::BuildRequest)?).await {
            Ok(_) => Ok(true),
            Err(kube::Error::Api(status)) if status.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl From<SubjectRulesReviewStatus> for Rights {
    fn from(status: SubjectRulesReviewStatus) -> Self {
        Self { rules: status.resource_rules, incomplete: status.incomplete }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(incomplete: bool) -> Rights {
        let rule = ResourceRule {
            verbs: vec!["get".into(), "patch".into()],
            api_groups: Some(vec![String::new()]),
            resources: Some(vec!["secrets".into()]),
            resource_names: Some(vec!["sc-a-secret".into()]),
        };
        Rights { rules: vec![rule], incomplete }
    }

    #[test]
    fn a_right_is_one_verb_on_one_name() {
        let (a, b) = (ObjectId::new(Kind::Secret, "n", "sc-a-secret"), ObjectId::new(Kind::Secret, "n", "sc-b-secret"));
        let account = ObjectId::new(Kind::ServiceAccount, "n", "sc-a-secret");
        assert!(!rights(false).lack("patch", &a));
        assert!(
            rights(false).lack("create", &a) && rights(false).lack("get", &b) && rights(false).lack("get", &account)
        );
    }

    #[test]
    fn what_a_review_that_is_incomplete_does_not_list_may_be_allowed() {
        let id = ObjectId::new(Kind::Secret, "n", "sc-b-secret");
        assert!(!rights(true).lack("create", &id) && !rights(true).allow("create", &id));
        assert!(rights(true).allow("get", &ObjectId::new(Kind::Secret, "n", "sc-a-secret")));
    }

    #[test]
    fn a_rule_without_names_is_for_all_and_a_star_for_everything() {
        let star = || Some(vec!["*".to_owned()]);
        let rule =
            ResourceRule { verbs: vec!["*".into()], api_groups: star(), resources: star(), resource_names: None };
        let all = Rights { rules: vec![rule], incomplete: false };
        assert!(!all.lack("create", &ObjectId::new(Kind::SecretProviderClass, "n", "x")));
    }
}
