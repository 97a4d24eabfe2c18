//! How much a text stands for once its aliases are written out. The parser bounds how many aliases it follows, not
//! what each stands for: 5,000 aliases of a list of 5,000 are 30 kB of text and 2 GB of memory.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess as _, Visitor};

/// Values that a text may stand for. 5,000 connections are about 100,000.
pub(super) const LARGEST: usize = 1_000_000;

/// So many bytes of a string count as a further value.
const STRING: usize = 64;

/// Whether `text` stands for more than [`LARGEST`] values. What else is wrong with it is left to its reader to tell.
pub(super) fn is_excessive(text: &str) -> bool {
    if !text.contains('*') {
        return false;
    }
    let left = Cell::new(LARGEST);
    let counted = Count(&left).deserialize(serde_yaml::Deserializer::from_str(text));
    counted.is_err() && left.get() == 0
}

/// Counts what it visits, and builds nothing of it.
#[derive(Clone, Copy)]
struct Count<'a>(&'a Cell<usize>);

impl Count<'_> {
    fn spend<E: Error>(self, values: usize) -> Result<(), E> {
        let left = self.0.get().checked_sub(values);
        self.0.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or_else(|| E::custom("too much"))
    }
}

impl<'de> DeserializeSeed<'de> for Count<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Count<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.spend(1)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.spend(1)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.spend(1)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.spend(1)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.spend(1)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.spend(1 + text.len() / STRING)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.spend(1)?;
        while items.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.spend(1)?;
        while entries.next_entry_seed(self, self)?.is_some() {}
        Ok(())
    }

    /// A value with a tag.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<(), A::Error> {
        let ((), value) = tagged.variant_seed(self)?;
        value.newtype_variant_seed(self)
    }
}
