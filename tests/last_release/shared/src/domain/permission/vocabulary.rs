//! The words of permissions: resources, actions, kinds of grant, roles, and the members of a grant.

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
        (Kind::Jobs, "jobs", &[Field::Project, Field::Environments, Field::Jobs, Field::Workflows]),
        (
            Kind::Kubernetes,
            "kubernetes",
            &[Field::Cluster, Field::Namespaces, Field::ApiGroups, Field::Kinds, Field::Names],
        ),
        (Kind::ChartGroups, "chartGroups", &[Field::Names]),
    ];
}
