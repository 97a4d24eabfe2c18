//! Runs that cannot do all or any of it, and what they say in every place where a person may look.

mod admission;
mod fixture;
mod input;
mod log;
mod namespaces;
mod never_ran;
mod objects;
mod reason;
mod rights;
mod shown;
mod time;
