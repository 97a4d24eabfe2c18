//! What a person does to connection `a`, as the input of the run that follows.

use serde_json::{Map, Value, json};

use super::object::ACCOUNT;
use super::state::{State, Version};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Apply,
    Update,
    Rollback,
    Adopt,
    DisableRetain,
    DisableDelete,
    LeaveOut,
    LeaveOutCluster,
    Move,
    MoveCluster,
    Uninstall,
    Reinstall,
}

use Operation::{
    Adopt, Apply, DisableDelete, DisableRetain, LeaveOut, LeaveOutCluster, Move, MoveCluster, Reinstall, Rollback,
    Uninstall, Update,
};

impl Operation {
    pub const ALL: [Self; 12] = [
        Apply,
        Update,
        Rollback,
        Adopt,
        DisableRetain,
        DisableDelete,
        LeaveOut,
        LeaveOutCluster,
        Move,
        MoveCluster,
        Uninstall,
        Reinstall,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Apply => "apply",
            Update => "update",
            Rollback => "rollback",
            Adopt => "adopt",
            DisableRetain => "disable, Retain",
            DisableDelete => "disable, Delete",
            LeaveOut => "leave out",
            LeaveOutCluster => "leave out, cluster",
            Move => "move",
            MoveCluster => "move, cluster",
            Uninstall => "uninstall",
            Reinstall => "reinstall",
        }
    }

    /// For the page.
    pub fn about(self) -> &'static str {
        match self {
            Apply => "`helm install`, or the same `helm upgrade` again",
            Update => "`helm upgrade` with another value and another key, or another annotation",
            Rollback => "`helm rollback`: the older input. The exit code is 0 whatever was found",
            Adopt => "`adopt: true` on the connection",
            DisableRetain => "`enabled: false`, `deletionPolicy: Retain`",
            DisableDelete => "`enabled: false`, `deletionPolicy: Delete`",
            LeaveOut => {
                "the connection is taken out of the values, with `deletionPolicy: Delete` for all, in scope `objects`"
            }
            LeaveOutCluster | MoveCluster => "the same with `rbac.scope: cluster`",
            Move => "another `namespace`, with `deletionPolicy: Delete` for all, in scope `objects`",
            Uninstall => "`helm uninstall` with `uninstall.deletionPolicy: Delete`",
            Reinstall => {
                "`helm uninstall` with `uninstall.deletionPolicy: Retain`, which takes the inventory away, and `helm install`"
            }
        }
    }

    /// Whether the release, and with it the inventory, goes before the run.
    pub fn uninstalls(self) -> bool {
        matches!(self, Uninstall | Reinstall)
    }

    /// What the Job of the operation has in its environment.
    pub fn environment(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Uninstall => &[("SC_JOB_UNINSTALL", "true")],
            Rollback => &[("SC_JOB_EXIT_ZERO", "true")],
            _ => &[],
        }
    }

    /// The input of the run.
    pub fn values(self, state: &State) -> Value {
        let version = match self {
            Update => Version::Newer,
            Rollback => Version::Older,
            _ => Version::Now,
        };
        let mut values = state.values(version);
        let of_all = match self {
            LeaveOut | Move => json!({"deletionPolicy": "Delete", "rbac": {"scope": "objects"}}),
            LeaveOutCluster | MoveCluster => json!({"deletionPolicy": "Delete", "rbac": {"scope": "cluster"}}),
            _ => json!({}),
        };
        merge(&mut values, &of_all);
        let connections = values["connections"].as_object_mut().unwrap();
        let of_a = match self {
            Apply | Update | Rollback | Reinstall => json!({}),
            Adopt => json!({"adopt": true}),
            DisableRetain => json!({"enabled": false, "deletionPolicy": "Retain"}),
            DisableDelete => json!({"enabled": false, "deletionPolicy": "Delete"}),
            Move | MoveCluster => json!({"namespace": "AWAY"}),
            LeaveOut | LeaveOutCluster => {
                connections.remove("a");
                return values;
            }
            Uninstall => return json!({"connections": names_to_remove(connections), "deletionPolicy": "Delete"}),
        };
        merge(&mut connections["a"], &of_a);
        values
    }
}

/// What the chart writes for the Job after an uninstall: names alone, of what does not stay.
fn names_to_remove(connections: &Map<String, Value>) -> Value {
    let stays = |connection: &Value| connection["deletionPolicy"] == "Retain";
    let account_goes = !connections.values().any(stays);
    let to_go = connections.iter().filter(|(_, connection)| !stays(connection)).map(|(name, connection)| {
        let mut names = json!({"enabled": false, "deletionPolicy": "Delete"});
        for field in ["namespace", "target", "auth"] {
            if let Some(value) = connection.get(field) {
                names[field] = value.clone();
            }
        }
        if connection["auth"] == "workload-identity" && account_goes {
            names["serviceAccount"] = json!({"name": ACCOUNT.name});
        }
        (name.clone(), names)
    });
    to_go.collect::<Map<_, _>>().into()
}

fn merge(into: &mut Value, more: &Value) {
    into.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
}
