//! The brake: a run that would remove more than was agreed to removes nothing.

use super::Plan;
use crate::error::{Code, Fault};
use crate::remove::{Fate, Removal};
use crate::wording;

/// A line names this many objects.
const NAMED: usize = 10;

impl Plan {
    /// Whether the brake keeps an object from being removed.
    #[must_use]
    pub fn holds_back(&self, removal: &Removal) -> bool {
        self.brake.is_some() && removal.fate.writes()
    }

    /// Puts it on where more would be lost than `most`, and else takes it off.
    pub(super) fn put_the_brake_on(&mut self, most: usize) {
        let lost: Vec<&Removal> = self.removals.iter().filter(|removal| removal.fate.writes()).collect();
        self.brake = (lost.len() > most).then(|| too_many(&lost, most));
    }
}

fn too_many(lost: &[&Removal], most: usize) -> Fault {
    let named: Vec<String> = lost.iter().map(|removal| removal.id.to_string()).collect();
    let deleted = lost.iter().filter(|removal| matches!(removal.fate, Fate::Deleted(_))).count();
    let what = match (deleted, lost.len() - deleted) {
        (deleted, 0) => format!("delete {deleted} objects"),
        (0, withdrawn) => format!("take its keys out of {withdrawn} objects"),
        (deleted, withdrawn) => format!("delete {deleted} objects and take its keys out of {withdrawn} more"),
    };
    let cause = format!(
        "this run would {what}, and prune.maxDeletions is {most}: none of it was done ({})",
        wording::first(&named, NAMED)
    );
    let remedy = format!(
        "if they are meant, run the same helm upgrade again with --set prune.maxDeletions={}; if not, correct the \
         values: `sc-job plan -f values.yaml` shows what would go",
        lost.len()
    );
    Fault::run(Code::TooManyDeletions, cause).remedy(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::{Declared, Document};
    use crate::object::{Kind, ObjectId};
    use crate::outcome::{Kept, Reason};
    use crate::ownership::Version;
    use crate::release::Release;

    fn removal(name: &str, fate: Fate) -> Removal {
        Removal {
            id: ObjectId::new(Kind::Secret, "shop", name),
            connections: vec![name.to_owned()],
            fate,
            memory: None,
        }
    }

    fn deleted() -> Fate {
        Fate::Deleted(Version { uid: "u".into(), resource_version: "7".into() })
    }

    #[test]
    fn the_brake_counts_what_would_be_deleted_and_nothing_else() {
        let mut plan = Plan {
            removals: vec![
                removal("a", deleted()),
                removal("b", deleted()),
                removal("c", Fate::Gone),
                removal("d", Fate::Retained(Reason::Policy)),
                removal("e", Fate::Spared),
            ],
            ..Plan::default()
        };
        plan.put_the_brake_on(2);
        assert_eq!(plan.brake, None);
        plan.put_the_brake_on(1);
        assert_eq!(
            plan.brake.unwrap().to_string(),
            "SCJ2014 this run would delete 2 objects, and prune.maxDeletions is 1: none of it was done (Secret shop/a, Secret \
             shop/b). Remedy: if they are meant, run the same helm upgrade again with --set prune.maxDeletions=2; if not, \
             correct the values: `sc-job plan -f values.yaml` shows what would go"
        );
    }

    #[test]
    fn the_brake_counts_what_others_would_lose_by_a_withdrawal_too() {
        let version = Version { uid: "u".into(), resource_version: "7".into() };
        let withdrawn = || Fate::Withdrawn(version.clone(), Kept::Adopted);
        let told = |removals: Vec<Removal>| {
            let mut plan = Plan { removals, ..Plan::default() };
            plan.put_the_brake_on(1);
            plan.brake.map(|fault| fault.to_string()).unwrap_or_default()
        };
        let both = told(vec![removal("a", deleted()), removal("b", withdrawn())]);
        assert!(
            both.starts_with("SCJ2014 this run would delete 1 objects and take its keys out of 1 more, and prune."),
            "{both}"
        );
        let two = told(vec![removal("a", withdrawn()), removal("b", withdrawn())]);
        assert!(two.starts_with("SCJ2014 this run would take its keys out of 2 objects, and prune."), "{two}");
    }

    #[test]
    fn the_brake_does_not_count_what_a_connection_would_have_lost_that_is_forgone() {
        let document = Document::of_chart("0.json".into(), "prune: {maxDeletions: 1}".into());
        let release = Release::default();
        let declared = Declared::check(vec![document], &release).unwrap_or_else(|_| panic!("they are valid"));
        let removals = vec![removal("a", deleted()), removal("b", deleted())];
        let mut plan = Plan { removals, ..Plan::default() };
        plan.put_the_brake_on(1);
        assert!(plan.brake.is_some());
        plan.forgo("a", &Fault::run(Code::ExecutionUnknown, "no"), &declared, &release);
        assert_eq!(plan.brake, None);
        assert_eq!(plan.removals.iter().map(|removal| removal.id.name.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(plan.left_out.keys().collect::<Vec<_>>(), ["a"]);
    }
}
