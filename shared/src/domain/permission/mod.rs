//! What each role permits: the one table from roles to accesses.
//!
//! An object is a list of segments, never a joined string, so a slash in a name cannot move a boundary. The table is
//! searched for each decision; nothing is multiplied out.
//!
//! The build script includes this module, so that a rule that no role could satisfy fails the build.
//!
//! **A new permission goes here**: its resource, action, kind or role into the enum in `vocabulary.rs`, and its lines
//! into `ROLES`.

mod vocabulary;

pub use vocabulary::{Action, Field, Kind, MAX_SEGMENTS, Resource, Role};

/// A pattern for one segment of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentPattern {
    /// The names in this field of the grant.
    Field(Field),
    /// Every name.
    Any,
}

/// A pattern for objects, segment by segment.
pub type ObjectPattern = [SegmentPattern];

/// Actions that a role permits on the objects of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The resource.
    pub resource: Resource,
    /// The actions. `docs/API.md` writes `*` for all of them.
    pub actions: &'static [Action],
    /// The objects.
    pub object: &'static ObjectPattern,
}

impl Permission {
    /// Returns whether it permits this action on this resource, for some object.
    pub fn matches(&self, resource: Resource, action: Action) -> bool {
        self.resource == resource && self.actions.contains(&action)
    }
}

impl Kind {
    /// Returns what `role` permits in a grant of this kind. Returns `None` if the kind does not have the role.
    pub fn permissions(self, role: Role) -> Option<&'static [Permission]> {
        let mut roles = ROLES.iter();
        roles.find(|one| (one.0, one.1) == (self, role)).map(|(_, _, permissions)| *permissions)
    }
}

const GET: &[Action] = &[Action::Get];
const UPDATE: &[Action] = &[Action::Update];
const TRIGGER: &[Action] = &[Action::Trigger];
const EVERY: &[Action] =
    &[Action::Get, Action::Create, Action::Update, Action::Delete, Action::Trigger];

// Patterns of objects, named by the letters of the table in docs/API.md.
const P: &ObjectPattern = &[SegmentPattern::Field(Field::Project)];
const P_A: &ObjectPattern =
    &[SegmentPattern::Field(Field::Project), SegmentPattern::Field(Field::Applications)];
const P_E_A: &ObjectPattern = &[
    SegmentPattern::Field(Field::Project),
    SegmentPattern::Field(Field::Environments),
    SegmentPattern::Field(Field::Applications),
];
const P_CNS_A: &ObjectPattern = &[
    SegmentPattern::Field(Field::Project),
    SegmentPattern::Field(Field::HelmEnvironments),
    SegmentPattern::Field(Field::Applications),
];
const P_J: &ObjectPattern =
    &[SegmentPattern::Field(Field::Project), SegmentPattern::Field(Field::Jobs)];
const P_E_J: &ObjectPattern = &[
    SegmentPattern::Field(Field::Project),
    SegmentPattern::Field(Field::Environments),
    SegmentPattern::Field(Field::Jobs),
];
const P_J_W: &ObjectPattern = &[
    SegmentPattern::Field(Field::Project),
    SegmentPattern::Field(Field::Jobs),
    SegmentPattern::Field(Field::Workflows),
];
const C_NS: &ObjectPattern =
    &[SegmentPattern::Field(Field::Cluster), SegmentPattern::Field(Field::Namespaces)];
const C_NS_G_K_N: &ObjectPattern = &[
    SegmentPattern::Field(Field::Cluster),
    SegmentPattern::Field(Field::Namespaces),
    SegmentPattern::Field(Field::ApiGroups),
    SegmentPattern::Field(Field::Kinds),
    SegmentPattern::Field(Field::Names),
];
const N: &ObjectPattern = &[SegmentPattern::Field(Field::Names)];
const ANY: &ObjectPattern = &[SegmentPattern::Any];

const fn permit(
    actions: &'static [Action],
    resource: Resource,
    object: &'static ObjectPattern,
) -> Permission {
    Permission { resource, actions, object }
}

/// What each role of each kind permits. A kind has no roles but those listed here.
const ROLES: &[(Kind, Role, &[Permission])] = &[
    (
        Kind::DevtronApps,
        Role::View,
        &[
            permit(GET, Resource::Applications, P_A),
            permit(GET, Resource::Environments, P_E_A),
            permit(GET, Resource::Projects, P),
        ],
    ),
    (
        Kind::DevtronApps,
        Role::Trigger,
        &[
            permit(GET, Resource::Applications, P_A),
            permit(GET, Resource::Environments, P_E_A),
            permit(GET, Resource::Projects, P),
            permit(TRIGGER, Resource::Applications, P_A),
            permit(TRIGGER, Resource::Environments, P_E_A),
        ],
    ),
    (
        Kind::DevtronApps,
        Role::Admin,
        &[
            permit(EVERY, Resource::Applications, P_A),
            permit(EVERY, Resource::Environments, P_E_A),
            permit(GET, Resource::Projects, P),
        ],
    ),
    (
        Kind::DevtronApps,
        Role::Manager,
        &[
            permit(EVERY, Resource::Applications, P_A),
            permit(EVERY, Resource::Environments, P_E_A),
            permit(EVERY, Resource::Projects, P),
            permit(EVERY, Resource::Users, P),
            permit(EVERY, Resource::Notifications, P),
        ],
    ),
    (
        Kind::HelmApps,
        Role::View,
        &[permit(GET, Resource::HelmApps, P_CNS_A), permit(GET, Resource::Projects, P)],
    ),
    (
        Kind::HelmApps,
        Role::Edit,
        &[
            permit(GET, Resource::HelmApps, P_CNS_A),
            permit(GET, Resource::Projects, P),
            permit(UPDATE, Resource::HelmApps, P_CNS_A),
        ],
    ),
    (
        Kind::HelmApps,
        Role::Admin,
        &[permit(EVERY, Resource::HelmApps, P_CNS_A), permit(GET, Resource::Projects, P)],
    ),
    (
        Kind::Jobs,
        Role::View,
        &[
            permit(GET, Resource::Jobs, P_J),
            permit(GET, Resource::JobEnvironments, P_E_J),
            permit(GET, Resource::Workflows, P_J_W),
            permit(GET, Resource::Projects, P),
        ],
    ),
    (
        Kind::Jobs,
        Role::Trigger,
        &[
            permit(GET, Resource::Jobs, P_J),
            permit(GET, Resource::JobEnvironments, P_E_J),
            permit(GET, Resource::Workflows, P_J_W),
            permit(GET, Resource::Projects, P),
            permit(TRIGGER, Resource::Jobs, P_J),
            permit(TRIGGER, Resource::JobEnvironments, P_E_J),
            permit(TRIGGER, Resource::Workflows, P_J_W),
        ],
    ),
    (
        Kind::Jobs,
        Role::Admin,
        &[
            permit(EVERY, Resource::Jobs, P_J),
            permit(EVERY, Resource::JobEnvironments, P_E_J),
            permit(EVERY, Resource::Workflows, P_J_W),
            permit(GET, Resource::Projects, P),
        ],
    ),
    (Kind::Kubernetes, Role::View, &[permit(GET, Resource::Kubernetes, C_NS_G_K_N)]),
    (Kind::Kubernetes, Role::Edit, &[permit(EVERY, Resource::Kubernetes, C_NS_G_K_N)]),
    (
        Kind::Kubernetes,
        Role::Admin,
        &[
            permit(EVERY, Resource::Kubernetes, C_NS_G_K_N),
            permit(EVERY, Resource::KubernetesUsers, C_NS),
        ],
    ),
    (Kind::ChartGroups, Role::View, &[permit(GET, Resource::ChartGroups, ANY)]),
    (
        Kind::ChartGroups,
        Role::Edit,
        &[permit(GET, Resource::ChartGroups, ANY), permit(UPDATE, Resource::ChartGroups, N)],
    ),
    (Kind::ChartGroups, Role::Admin, &[permit(EVERY, Resource::ChartGroups, ANY)]),
];
