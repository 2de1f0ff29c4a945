//! The vocabulary of permissions: actions, resources, and the kinds of grants with their members and roles.
//!
//! A deployment writes its vocabulary in `infra/permissions.yaml`, and the build compiles it into one [`Vocabulary`]. It is
//! passed to everything that parses, shows or decides on grants; no code here knows a name from it.
//!
//! An object is a list of segments, never a joined string, so a slash in a name cannot shift the boundary between segments.
//! A grant contains its role and its names. Each decision compares them with the access that is needed, so no list of all the
//! accesses that they allow is ever computed.
//!
//! The build scripts include this module, so that a rule that no role could satisfy fails the build.

/// The kind of grants on methods and paths. It is built in, so no vocabulary contains it.
pub const ROUTES: &str = "routes";

/// The maximum number of segments of an object.
pub const MAX_SEGMENTS: usize = 8;

/// The names that a deployment's grants and rules may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    /// What can be done to an object.
    pub actions: &'static [&'static str],
    /// The types of objects that rules require access to.
    pub resources: &'static [Resource],
    /// The kinds of grants.
    pub kinds: &'static [Kind],
}

/// A resource: a type of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The name in rules.
    pub name: &'static str,
    /// The name of each segment of an object, such as `project`.
    pub segments: &'static [&'static str],
}

/// A kind of grant on resources. (A `routes` grant has methods and paths instead.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The name, which is the value of the JSON field `resource` of a grant.
    pub name: &'static str,
    /// The name that the console shows.
    pub title: &'static str,
    /// What the kind is about, as the console shows it.
    pub description: &'static str,
    /// The members of a grant that contain names, in the order in which they are shown.
    pub members: &'static [Member],
    /// The roles.
    pub roles: &'static [Role],
}

/// A member of a grant that contains names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name, which is the name of the JSON field of a grant.
    pub name: &'static str,
    /// The name that the console shows.
    pub title: &'static str,
    /// An example of a value, which the console shows.
    pub example: &'static str,
    /// What the console tells about the values. Empty if the example is enough.
    pub hint: &'static str,
    /// Whether it is one string instead of a list.
    pub single: bool,
    /// If each value is a pair of segments, the names of these two, such as `cluster` and `namespace`.
    pub pair: Option<[&'static str; 2]>,
}

/// A role. Each kind has roles of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// The name, which is the value of the JSON field `role` of a grant.
    pub name: &'static str,
    /// What the role allows, as the console shows it.
    pub description: &'static str,
    /// What the role allows. The permissions of the roles that it includes are copied into this list.
    pub permissions: &'static [Permission],
}

/// Actions that a role permits on the objects of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The resource.
    pub resource: &'static str,
    /// The actions.
    pub actions: &'static [&'static str],
    /// The pattern of the objects.
    pub object: &'static ObjectPattern,
}

/// A pattern for objects: a list of patterns for their segments.
pub type ObjectPattern = [SegmentPattern];

/// A pattern for one segment of an object, or for two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentPattern {
    /// The names in the grant's member with this index.
    Names(usize),
    /// The pairs in the grant's member with this index. A pair stands for two segments.
    Pairs(usize),
    /// Any one segment.
    Any,
}

impl Vocabulary {
    /// Returns the resource with this name.
    pub fn resource(&self, name: &str) -> Option<&'static Resource> {
        self.resources.iter().find(|resource| resource.name == name)
    }

    /// Returns the kind with this name.
    pub fn kind(&self, name: &str) -> Option<&'static Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// Returns whether a single role allows all of these accesses, each a resource and an action, on some objects.
    pub fn can_allow(&self, accesses: &[(&str, &str)]) -> bool {
        self.kinds.iter().flat_map(|kind| kind.roles).any(|role| {
            accesses.iter().all(|(resource, action)| {
                role.permissions.iter().any(|permission| permission.matches(resource, action))
            })
        })
    }
}

impl Kind {
    /// Returns the role with this name.
    pub fn role(&self, name: &str) -> Option<&'static Role> {
        self.roles.iter().find(|role| role.name == name)
    }
}

impl Role {
    /// Returns whether the names in the member with this index change what the role allows.
    pub fn uses(&self, member: usize) -> bool {
        let patterns = [SegmentPattern::Names(member), SegmentPattern::Pairs(member)];
        self.permissions
            .iter()
            .any(|permission| permission.object.iter().any(|one| patterns.contains(one)))
    }
}

impl Permission {
    /// Returns whether it permits this action on this resource, for some object.
    pub fn matches(&self, resource: &str, action: &str) -> bool {
        self.resource == resource && self.actions.contains(&action)
    }
}
