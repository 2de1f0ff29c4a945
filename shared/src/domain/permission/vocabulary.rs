//! The vocabulary of permissions: resources, actions, kinds of grants, roles, and the fields of a grant.

/// A resource. Its objects have the segments that are listed with each variant.
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
    /// Every resource, its name in `infra/routes.yaml`, and the number of segments of its objects.
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

    /// Returns the resource's name in `infra/routes.yaml`.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(one, ..)| *one == self).map_or("", |(_, name, _)| name)
    }
}

/// The maximum number of segments of an object.
pub const MAX_SEGMENTS: usize = 5;

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Read it.
    Get,
    /// Create it.
    Create,
    /// Change it.
    Update,
    /// Delete it.
    Delete,
    /// Start it: a build, a deployment or a run.
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

    /// Returns the action's name in `infra/routes.yaml`.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("", |(_, name)| name)
    }
}

/// A kind of grant on resources. (A `routes` grant has methods and paths instead.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Devtron applications, deployed to environments.
    DevtronApps,
    /// Helm applications in namespaces of clusters.
    HelmApps,
    /// Jobs and their workflows.
    Jobs,
    /// Objects of a Kubernetes cluster.
    Kubernetes,
    /// Groups of Helm charts.
    ChartGroups,
}

impl Kind {
    /// Every kind, its name in a grant, and its fields with names, in the order in which they are shown.
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

    /// Returns the kind's name in a grant.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(one, ..)| *one == self).map_or("", |(_, name, _)| name)
    }

    /// Returns the kind's fields with names.
    pub fn fields(self) -> &'static [Field] {
        Self::ALL.iter().find(|(one, ..)| *one == self).map_or(&[], |(_, _, fields)| *fields)
    }
}

/// A role. Each kind has some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// See.
    View,
    /// See, and start builds, deployments or runs.
    Trigger,
    /// See and change.
    Edit,
    /// Do everything to the named objects.
    Admin,
    /// Do everything to the named objects, and to the users and notifications of their project.
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

    /// Returns the role's name in a grant.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("", |(_, name)| name)
    }
}

/// A field of a grant that contains names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A project.
    Project,
    /// Environments of a project.
    Environments,
    /// `cluster/namespace`, `cluster/*` or `*`. Each name stands for two segments of an object.
    HelmEnvironments,
    /// Applications of a project.
    Applications,
    /// Jobs of a project.
    Jobs,
    /// Workflows of a job.
    Workflows,
    /// A cluster.
    Cluster,
    /// Namespaces of a cluster. Cluster-scoped objects have the namespace `_cluster`.
    Namespaces,
    /// Kubernetes API groups. The core group is `core`.
    ApiGroups,
    /// Kubernetes kinds.
    Kinds,
    /// Names of Kubernetes objects or chart groups.
    Names,
}

impl Field {
    /// Returns the field's name in a grant.
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

    /// Returns whether the field is one string instead of a list.
    pub fn is_single(self) -> bool {
        matches!(self, Field::Project | Field::Cluster)
    }
}
