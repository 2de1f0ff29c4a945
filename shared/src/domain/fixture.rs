//! A small vocabulary for unit tests. Its members are a single name, lists of names, and a list of pairs. The role `view` of
//! `labels` does not depend on the names in the grant.

use super::permission::SegmentPattern::{Any, Names, Pairs};
use super::permission::{Kind, Member, ObjectPattern, Permission, Resource, Role, Vocabulary};

const fn member(name: &'static str, single: bool, pair: Option<[&'static str; 2]>) -> Member {
    Member { name, title: name, example: "x", hint: "", single, pair }
}

const fn allow(
    resource: &'static str,
    actions: &'static [&'static str],
    object: &'static ObjectPattern,
) -> Permission {
    Permission { resource, actions, object }
}

const fn role(name: &'static str, permissions: &'static [Permission]) -> Role {
    Role { name, description: name, permissions }
}

/// The member whose values are pairs.
pub const STORES: Member = member("stores", false, Some(["city", "store"]));

const ORDER: &ObjectPattern = &[Names(0), Pairs(1), Names(2)];
const VIEW_LABELS: Permission = allow("labels", &["get"], &[Any]);

/// The vocabulary.
pub static VOCABULARY: Vocabulary = Vocabulary {
    actions: &["get", "update"],
    resources: &[
        Resource { name: "orders", segments: &["region", "city", "store", "order"] },
        Resource { name: "labels", segments: &["label"] },
    ],
    kinds: &[
        Kind {
            name: "orders",
            title: "Orders",
            description: "",
            members: &[member("region", true, None), STORES, member("numbers", false, None)],
            roles: &[
                role("view", &[allow("orders", &["get"], ORDER)]),
                role("edit", &[allow("orders", &["get", "update"], ORDER)]),
            ],
        },
        Kind {
            name: "labels",
            title: "Labels",
            description: "",
            members: &[member("names", false, None)],
            roles: &[
                role("view", &[VIEW_LABELS]),
                role("edit", &[VIEW_LABELS, allow("labels", &["update"], &[Names(0)])]),
            ],
        },
    ],
};
