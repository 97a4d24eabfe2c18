//! Values by their names. A connection has two of them, or five, and there may be
//! thousands of connections: the node of a map has room for eleven.

use super::form::Form;

/// Values by their names, in the order of these.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Forms(Vec<(String, Form)>);

impl Forms {
    /// Takes a value, in place of one of the same name.
    pub fn insert(&mut self, name: String, form: Form) {
        match self.place(&name) {
            Ok(place) => self.0[place].1 = form,
            Err(place) => {
                self.0.reserve_exact(1);
                self.0.insert(place, (name, form));
            }
        }
    }

    /// A value by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Form> {
        let place = self.place(name).ok()?;
        self.0.get(place).map(|(_, form)| form)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each with its name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Form)> {
        self.0.iter().map(|(name, form)| (name, form))
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &Form> {
        self.0.iter().map(|(_, form)| form)
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.as_str().cmp(name))
    }
}

impl Extend<(String, Form)> for Forms {
    fn extend<T: IntoIterator<Item = (String, Form)>>(&mut self, forms: T) {
        forms.into_iter().for_each(|(name, form)| self.insert(name, form));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Form {
        Form::Literal(text.to_owned().into())
    }

    #[test]
    fn values_are_found_by_their_names_and_come_in_the_order_of_these() {
        let mut forms = Forms::default();
        for name in ["b", "c", "a"] {
            forms.insert(name.to_owned(), literal(name));
        }
        forms.insert("b".to_owned(), literal("other"));
        assert_eq!(forms.names().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(forms.get("b") == Some(&literal("other")) && forms.get("d").is_none());
    }
}
