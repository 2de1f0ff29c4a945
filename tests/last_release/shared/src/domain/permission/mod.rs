//! What a role allows: the one table from grants to (resource, action, object) triples.
//!
//! An object is a list of segments, never a joined string, so a name with a slash in it cannot shift a boundary.
//! Matching walks the grants and this table; nothing is multiplied out.
//!
//! This module stands alone: the build script includes it, so that a rule in `infra/routes.yaml` that no role could
//! ever satisfy fails the build.
//!
//! **A new permission goes here**: a resource, an action, a kind or a role in its enum in `vocabulary.rs`, and its lines in
//! [`Kind::permissions`].

mod vocabulary;

pub use vocabulary::{Action, Field, Kind, MAX_SEGMENTS, Resource, Role};

/// One segment of an allowed object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentPattern {
    /// What the grant's member names.
    Field(Field),
    /// Everything.
    Any,
}

/// The objects that a permission covers, segment by segment.
pub type ObjectPattern = [SegmentPattern];

/// One (resource, actions, object) that a role allows.
#[derive(Clone, Copy, Debug)]
pub struct Permission {
    /// What it is about.
    pub resource: Resource,
    /// The actions it covers; all of them together are written `*` in docs/API.md.
    pub actions: &'static [Action],
    /// The objects it covers, segment by segment.
    pub object: &'static ObjectPattern,
}

impl Permission {
    /// Whether it covers this action on this kind of resource, whatever the object.
    pub fn matches(&self, resource: Resource, action: Action) -> bool {
        self.resource == resource && self.actions.contains(&action)
    }
}

const GET: &[Action] = &[Action::Get];
const UPDATE: &[Action] = &[Action::Update];
const TRIGGER: &[Action] = &[Action::Trigger];
const EVERY: &[Action] =
    &[Action::Get, Action::Create, Action::Update, Action::Delete, Action::Trigger];

// Objects, named by the letters of the table in docs/API.md.
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
const ALL: &ObjectPattern = &[SegmentPattern::Any];

const fn allow(
    actions: &'static [Action],
    resource: Resource,
    object: &'static ObjectPattern,
) -> Permission {
    Permission { resource, actions, object }
}

impl Kind {
    /// What `role` allows on this kind; `None` for a role that the kind does not know.
    pub fn permissions(self, role: Role) -> Option<&'static [Permission]> {
        use Resource as R;
        Some(match (self, role) {
            (Kind::DevtronApps, Role::View) => {
                const {
                    &[
                        allow(GET, R::Applications, P_A),
                        allow(GET, R::Environments, P_E_A),
                        allow(GET, R::Projects, P),
                    ]
                }
            }
            (Kind::DevtronApps, Role::Trigger) => {
                const {
                    &[
                        allow(GET, R::Applications, P_A),
                        allow(GET, R::Environments, P_E_A),
                        allow(GET, R::Projects, P),
                        allow(TRIGGER, R::Applications, P_A),
                        allow(TRIGGER, R::Environments, P_E_A),
                    ]
                }
            }
            (Kind::DevtronApps, Role::Admin) => {
                const {
                    &[
                        allow(EVERY, R::Applications, P_A),
                        allow(EVERY, R::Environments, P_E_A),
                        allow(GET, R::Projects, P),
                    ]
                }
            }
            (Kind::DevtronApps, Role::Manager) => {
                const {
                    &[
                        allow(EVERY, R::Applications, P_A),
                        allow(EVERY, R::Environments, P_E_A),
                        allow(EVERY, R::Projects, P),
                        allow(EVERY, R::Users, P),
                        allow(EVERY, R::Notifications, P),
                    ]
                }
            }
            (Kind::HelmApps, Role::View) => {
                const { &[allow(GET, R::HelmApps, P_CNS_A), allow(GET, R::Projects, P)] }
            }
            (Kind::HelmApps, Role::Edit) => {
                const {
                    &[
                        allow(GET, R::HelmApps, P_CNS_A),
                        allow(GET, R::Projects, P),
                        allow(UPDATE, R::HelmApps, P_CNS_A),
                    ]
                }
            }
            (Kind::HelmApps, Role::Admin) => {
                const { &[allow(EVERY, R::HelmApps, P_CNS_A), allow(GET, R::Projects, P)] }
            }
            (Kind::Jobs, Role::View) => {
                const {
                    &[
                        allow(GET, R::Jobs, P_J),
                        allow(GET, R::JobEnvironments, P_E_J),
                        allow(GET, R::Workflows, P_J_W),
                        allow(GET, R::Projects, P),
                    ]
                }
            }
            (Kind::Jobs, Role::Trigger) => {
                const {
                    &[
                        allow(GET, R::Jobs, P_J),
                        allow(GET, R::JobEnvironments, P_E_J),
                        allow(GET, R::Workflows, P_J_W),
                        allow(GET, R::Projects, P),
                        allow(TRIGGER, R::Jobs, P_J),
                        allow(TRIGGER, R::JobEnvironments, P_E_J),
                        allow(TRIGGER, R::Workflows, P_J_W),
                    ]
                }
            }
            (Kind::Jobs, Role::Admin) => {
                const {
                    &[
                        allow(EVERY, R::Jobs, P_J),
                        allow(EVERY, R::JobEnvironments, P_E_J),
                        allow(EVERY, R::Workflows, P_J_W),
                        allow(GET, R::Projects, P),
                    ]
                }
            }
            (Kind::Kubernetes, Role::View) => const { &[allow(GET, R::Kubernetes, C_NS_G_K_N)] },
            (Kind::Kubernetes, Role::Edit) => const { &[allow(EVERY, R::Kubernetes, C_NS_G_K_N)] },
            (Kind::Kubernetes, Role::Admin) => {
                const {
                    &[
                        allow(EVERY, R::Kubernetes, C_NS_G_K_N),
                        allow(EVERY, R::KubernetesUsers, C_NS),
                    ]
                }
            }
            (Kind::ChartGroups, Role::View) => const { &[allow(GET, R::ChartGroups, ALL)] },
            (Kind::ChartGroups, Role::Edit) => {
                const { &[allow(GET, R::ChartGroups, ALL), allow(UPDATE, R::ChartGroups, N)] }
            }
            (Kind::ChartGroups, Role::Admin) => const { &[allow(EVERY, R::ChartGroups, ALL)] },
            _ => return None,
        })
    }
}
