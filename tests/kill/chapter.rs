//! A chapter in the life of a release: what others do to its objects, and what
//! the upgrade that follows makes of them.

use std::path::PathBuf;

use serde_json::Value;

use crate::proxy::release::Release;

/// What somebody else does.
pub struct Act {
    pub manager: &'static str,
    pub path: &'static str,
    pub how: How,
    pub body: Value,
}

#[derive(Clone, Copy)]
pub enum How {
    Create,
    Edit,
    Apply,
}

/// What becomes of the run of an upgrade.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing: it only leads to the next chapter.
    Undisturbed,
    /// It is killed, and the same upgrade is run again.
    Repeated,
    /// It is killed, and the next upgrade is that of the next chapter.
    Abandoned,
}

/// One upgrade.
pub struct Chapter {
    pub name: &'static str,
    /// What others do before.
    pub acts: Vec<Act>,
    pub values: Value,
    pub fate: Fate,
    /// Our objects after an undisturbed upgrade.
    pub leaves: &'static [&'static str],
    /// What an undisturbed upgrade says, among other things.
    pub says: &'static [&'static str],
    /// What is recorded of operations afterwards.
    pub records: &'static [&'static str],
}

impl Chapter {
    /// Does all that comes before the run, and tells its input.
    pub async fn begin(&self, release: &Release) -> PathBuf {
        for act in &self.acts {
            act.play(release).await;
        }
        release.upgrade(&self.values).await
    }
}

impl Act {
    async fn play(&self, release: &Release) {
        match self.how {
            How::Create => release.create(self.path, self.manager, &self.body).await,
            How::Edit => release.edit(self.path, self.manager, &self.body).await,
            How::Apply => release.apply(self.path, self.manager, &self.body).await,
        }
    }
}
