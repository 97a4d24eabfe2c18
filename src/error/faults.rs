//! The faults of one connection, told as one.

use super::Fault;

/// Faults in the order of their objects, whichever came first: requests are answered in any order, and a run that is
/// repeated is to say the same.
#[derive(Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault.
    pub fn add(&mut self, fault: &Fault) {
        let place = self.0.partition_point(|before| before.object() <= fault.object());
        self.0.insert(place, fault.clone());
    }

    /// All of them as one, under the code of the first.
    #[must_use]
    pub fn together(&self) -> Option<Fault> {
        self.0.iter().cloned().reduce(|all, other| all.and(&other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::object::{Kind, ObjectId};

    #[test]
    fn the_order_in_which_faults_come_does_not_show() {
        let of = |kind, name: &str| {
            Fault::of(Code::ForeignObject, &ObjectId::new(kind, "shop", name), "it is foreign")
                .remedy(format!("delete {name}"))
        };
        let (account, secret) = (of(Kind::ServiceAccount, "a"), of(Kind::Secret, "s"));
        let told = |faults: [&Fault; 3]| {
            let mut all = Faults::default();
            for fault in faults {
                all.add(fault);
            }
            all.together().map(|fault| fault.to_string())
        };
        let of_run = Fault::run(Code::Internal, "a defect").remedy("tell it");
        let expected = "SCJ5002 a defect; and SCJ2003 ServiceAccount shop/a: it is foreign; and SCJ2003 Secret shop/s: it is \
                        foreign. Remedy: tell it; and for ServiceAccount shop/a: delete a; and for Secret shop/s: delete s";
        assert_eq!(told([&account, &secret, &of_run]).as_deref(), Some(expected));
        assert_eq!(told([&of_run, &secret, &account]).as_deref(), Some(expected));
        assert_eq!(Faults::default().together(), None);
    }
}
