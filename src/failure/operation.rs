//! An object that an operation of the four settings has made.

use crate::error::{Code, Fault};
use crate::object::ObjectId;

/// The fault of whoever wants an object that is there for `connection`.
#[must_use]
pub fn of_another_operation(id: &ObjectId, connection: &str) -> Fault {
    let cause =
        format!("it is that of connection {connection}, which an earlier operation has made, and was left untouched");
    let remedy = format!(
        "give this connection a name of other letters and digits; or delete {connection} by an operation first, with \
         deletionPolicy Delete"
    );
    Fault::of(Code::Collision, id, cause).remedy(remedy)
}
