//! What a role allows: the one table from grants to (resource, action, object) triples.
//!
//! An object is a list of segments, never a joined string, so a name with a slash in it cannot shift a boundary.
//! Matching walks the grants and this table; nothing is multiplied out.
//!
//! This file stands alone: the build script includes it, so that a rule in `infra/routes.yaml` that no role could
//! ever satisfy fails the build.
//!
//! **A new permission goes here**: a resource or an action in its enum, or a line in [`Kind::allowances`].

/// What a triple is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// project/application
    Applications,
    /// project/environment/application
    Environments,
    /// project
    Projects,
    /// project
    Users,
    /// project
    Notifications,
    /// project/cluster/namespace/application
    HelmApps,
    /// project/job
    Jobs,
    /// project/environment/job
    JobEnvironments,
    /// project/job/workflow
    Workflows,
    /// cluster/namespace/apiGroup/kind/name
    Kubernetes,
    /// cluster/namespace
    KubernetesUsers,
    /// name
    ChartGroups,
}

impl Resource {
    /// Every resource, its name in `infra/routes.yaml`, and how many segments its objects have.
    pub const ALL: &[(Resource, &str, usize)] = &[
        (Resource::Applications, "applications", 2),
        (Resource::Environments, "environments", 3),
        (Resource::Projects, "projects", 1),
        (Resource::Users, "users", 1),
        (Resource::Notifications, "notifications", 1),
        (Resource::HelmApps, "helmApps", 4),
        (Resource::Jobs, "jobs", 2),
        (Resource::JobEnvironments, "jobEnvironments", 3),
        (Resource::Workflows, "workflows", 3),
        (Resource::Kubernetes, "kubernetes", 5),
        (Resource::KubernetesUsers, "kubernetesUsers", 2),
        (Resource::ChartGroups, "chartGroups", 1),
    ];
}

/// The most segments of any object.
pub const MAX_SEGMENTS: usize = 5;

/// What a triple lets be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Read it.
    Get,
    /// Make a new one.
    Create,
    /// Change it.
    Update,
    /// Remove it.
    Delete,
    /// Start it: a build, a deployment, a run.
    Trigger,
}

impl Action {
    /// Every action and its name in `infra/routes.yaml`.
    pub const ALL: &[(Action, &str)] = &[
        (Action::Get, "get"),
        (Action::Create, "create"),
        (Action::Update, "update"),
        (Action::Delete, "delete"),
        (Action::Trigger, "trigger"),
    ];
}

/// The kinds of grant that speak of resources. (A `routes` grant speaks of methods and paths.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Devtron applications, deployed to environments.
    DevtronApps,
    /// Helm applications, in namespaces of clusters.
    HelmApps,
    /// Jobs and their workflows.
    Jobs,
    /// Objects of a Kubernetes cluster.
    Kubernetes,
    /// Groups of Helm charts.
    ChartGroups,
}

/// How far a grant reaches; each kind knows some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// See.
    View,
    /// See, build and deploy, or run.
    Trigger,
    /// See and change.
    Edit,
    /// Do everything to what the grant names.
    Admin,
    /// Do everything to what the grant names, and to its project's users and notifications.
    Manager,
}

impl Role {
    /// Every role and its name in a grant.
    pub const ALL: &[(Role, &str)] = &[
        (Role::View, "view"),
        (Role::Trigger, "trigger"),
        (Role::Edit, "edit"),
        (Role::Admin, "admin"),
        (Role::Manager, "manager"),
    ];
}

/// A member of a grant that names things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// One project.
    Project,
    /// Environments of a project.
    Environments,
    /// `cluster/namespace`, `cluster/*` or `*`: stands for two segments of an object.
    HelmEnvironments,
    /// Applications of a project.
    Applications,
    /// Jobs of a project.
    Jobs,
    /// Workflows of a job.
    Workflows,
    /// One cluster.
    Cluster,
    /// Namespaces of a cluster; `_cluster` is where cluster-scoped objects live.
    Namespaces,
    /// Kubernetes API groups; the core group is `core`.
    ApiGroups,
    /// Kubernetes kinds.
    Kinds,
    /// Names of Kubernetes objects or chart groups.
    Names,
}

impl Field {
    /// The member's name in a grant.
    pub fn name(self) -> &'static str {
        match self {
            Field::Project => "project",
            Field::Environments | Field::HelmEnvironments => "environments",
            Field::Applications => "applications",
            Field::Jobs => "jobs",
            Field::Workflows => "workflows",
            Field::Cluster => "cluster",
            Field::Namespaces => "namespaces",
            Field::ApiGroups => "apiGroups",
            Field::Kinds => "kinds",
            Field::Names => "names",
        }
    }

    /// Whether the member is one text instead of a list.
    pub fn is_single(self) -> bool {
        matches!(self, Field::Project | Field::Cluster)
    }
}

/// One segment of an allowed object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// What the grant's member names.
    Of(Field),
    /// Everything.
    All,
}

/// One (resource, actions, object) that a role allows.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// What it is about.
    pub resource: Resource,
    /// The actions it covers; [`EVERY`] is written `*` in docs/API.md.
    pub actions: &'static [Action],
    /// The objects it covers, segment by segment.
    pub object: &'static [Slot],
}

impl Allowance {
    /// Whether it covers this action on this kind of resource, whatever the object.
    pub fn speaks_of(&self, resource: Resource, action: Action) -> bool {
        self.resource == resource && self.actions.contains(&action)
    }
}

const GET: &[Action] = &[Action::Get];
const UPDATE: &[Action] = &[Action::Update];
const TRIGGER: &[Action] = &[Action::Trigger];
const EVERY: &[Action] = &[
    Action::Get,
    Action::Create,
    Action::Update,
    Action::Delete,
    Action::Trigger,
];

// Objects, named by the letters of the table in docs/API.md.
const P: &[Slot] = &[Slot::Of(Field::Project)];
const P_A: &[Slot] = &[Slot::Of(Field::Project), Slot::Of(Field::Applications)];
const P_E_A: &[Slot] = &[
    Slot::Of(Field::Project),
    Slot::Of(Field::Environments),
    Slot::Of(Field::Applications),
];
const P_CNS_A: &[Slot] = &[
    Slot::Of(Field::Project),
    Slot::Of(Field::HelmEnvironments),
    Slot::Of(Field::Applications),
];
const P_J: &[Slot] = &[Slot::Of(Field::Project), Slot::Of(Field::Jobs)];
const P_E_J: &[Slot] = &[
    Slot::Of(Field::Project),
    Slot::Of(Field::Environments),
    Slot::Of(Field::Jobs),
];
const P_J_W: &[Slot] = &[
    Slot::Of(Field::Project),
    Slot::Of(Field::Jobs),
    Slot::Of(Field::Workflows),
];
const C_NS: &[Slot] = &[Slot::Of(Field::Cluster), Slot::Of(Field::Namespaces)];
const C_NS_G_K_N: &[Slot] = &[
    Slot::Of(Field::Cluster),
    Slot::Of(Field::Namespaces),
    Slot::Of(Field::ApiGroups),
    Slot::Of(Field::Kinds),
    Slot::Of(Field::Names),
];
const N: &[Slot] = &[Slot::Of(Field::Names)];
const ALL: &[Slot] = &[Slot::All];

const fn allow(
    actions: &'static [Action],
    resource: Resource,
    object: &'static [Slot],
) -> Allowance {
    Allowance {
        resource,
        actions,
        object,
    }
}

impl Kind {
    /// Every kind, its name in a grant, and the members that name what it is about, in the order they are shown in.
    pub const ALL: &[(Kind, &str, &[Field])] = &[
        (
            Kind::DevtronApps,
            "devtronApps",
            &[Field::Project, Field::Environments, Field::Applications],
        ),
        (
            Kind::HelmApps,
            "helmApps",
            &[Field::Project, Field::HelmEnvironments, Field::Applications],
        ),
        (
            Kind::Jobs,
            "jobs",
            &[
                Field::Project,
                Field::Environments,
                Field::Jobs,
                Field::Workflows,
            ],
        ),
        (
            Kind::Kubernetes,
            "kubernetes",
            &[
                Field::Cluster,
                Field::Namespaces,
                Field::ApiGroups,
                Field::Kinds,
                Field::Names,
            ],
        ),
        (Kind::ChartGroups, "chartGroups", &[Field::Names]),
    ];

    /// What `role` allows on this kind; `None` for a role that the kind does not know.
    pub fn allowances(self, role: Role) -> Option<&'static [Allowance]> {
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
                const {
                    &[
                        allow(EVERY, R::HelmApps, P_CNS_A),
                        allow(GET, R::Projects, P),
                    ]
                }
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
                const {
                    &[
                        allow(GET, R::ChartGroups, ALL),
                        allow(UPDATE, R::ChartGroups, N),
                    ]
                }
            }
            (Kind::ChartGroups, Role::Admin) => const { &[allow(EVERY, R::ChartGroups, ALL)] },
            _ => return None,
        })
    }
}
