//! Random programs: the steps of each client.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use tests::privilege::{Privilege, granted};
use tests::stack::Stack;

/// The number of names that the clients of a program share.
pub const NAMES: usize = 2;
const CLIENTS: usize = 4;
const STEPS: usize = 12;

/// What a client does next. When the step runs, `random` selects the details from what is known then.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub kind: StepKind,
    pub random: u32,
}

#[derive(Clone, Copy, Debug)]
pub enum StepKind {
    Generate,
    SetDescription,
    WidenPermissions,
    NarrowPermissions,
    Regenerate,
    RegenerateWithGrace,
    Rollback,
    EndPrevious,
    RegenerateSelf,
    RevokeSelf,
    Revoke,
    Delete,
    Get,
    GetSelf,
    List,
    Authorize,
    Introspect,
}

/// The kinds of steps, from which a program selects at random. Kinds that revoke or use tokens are listed more than once, so that
/// they are selected more often.
const MIX: [StepKind; 32] = [
    StepKind::Generate,
    StepKind::Generate,
    StepKind::Generate,
    StepKind::SetDescription,
    StepKind::WidenPermissions,
    StepKind::NarrowPermissions,
    StepKind::NarrowPermissions,
    StepKind::Regenerate,
    StepKind::RegenerateWithGrace,
    StepKind::RegenerateWithGrace,
    StepKind::Rollback,
    StepKind::EndPrevious,
    StepKind::RegenerateSelf,
    StepKind::RevokeSelf,
    StepKind::Revoke,
    StepKind::Delete,
    StepKind::Delete,
    StepKind::Get,
    StepKind::GetSelf,
    StepKind::List,
    StepKind::Authorize,
    StepKind::Authorize,
    StepKind::Authorize,
    StepKind::Authorize,
    StepKind::Authorize,
    StepKind::Authorize,
    StepKind::Authorize,
    StepKind::Authorize,
    StepKind::Introspect,
    StepKind::Introspect,
    StepKind::Introspect,
    StepKind::Introspect,
];

impl StepKind {
    /// Returns the logical id of the function that performs the step.
    fn function(self) -> &'static str {
        match self {
            Self::Generate => "GenerateFunction",
            Self::SetDescription | Self::WidenPermissions | Self::NarrowPermissions => {
                "UpdateFunction"
            }
            Self::Regenerate | Self::RegenerateWithGrace | Self::RegenerateSelf => {
                "RegenerateFunction"
            }
            Self::Rollback | Self::EndPrevious => "RegenerateFunction",
            Self::Delete | Self::RevokeSelf | Self::Revoke => "DeleteFunction",
            Self::Get | Self::GetSelf | Self::List => "ListFunction",
            Self::Authorize => "AuthorizerFunction",
            Self::Introspect => "IntrospectFunction",
        }
    }
}

#[test]
fn every_function_that_writes_has_a_step() {
    let functions: Vec<_> = MIX.iter().map(|kind| kind.function()).collect();
    for function in
        Stack::shipped().our_functions().keys().filter(|name| granted(name).iter().any(is_write))
    {
        assert!(functions.contains(&function.as_str()), "no step is carried out by {function}");
    }
}

fn is_write(privilege: &Privilege) -> bool {
    ["PutItem", "UpdateItem", "DeleteItem"].iter().any(|write| privilege.action.ends_with(write))
}

/// The steps of each client, and the seed of the order in which their requests reach the table.
#[derive(Clone, Debug)]
pub struct Program {
    pub seed: u64,
    pub clients: Vec<Vec<Step>>,
}

/// The steps of a program that are kept, client by client. As text, it has a `1` or `0` for each step.
#[derive(Clone, Debug)]
pub struct Mask(pub Vec<bool>);

impl Mask {
    pub fn parse(text: &str) -> Self {
        Self(text.chars().map(|digit| digit == '1').collect())
    }

    pub fn text(&self) -> String {
        self.0.iter().map(|kept| if *kept { '1' } else { '0' }).collect()
    }
}

impl Program {
    /// Creates the program with this seed.
    pub fn random(seed: u64) -> Self {
        let mut rng = seeded_rng(seed);
        let mut step = || Step {
            kind: MIX[usize::try_from(rng.next_u32()).unwrap() % MIX.len()],
            random: rng.next_u32(),
        };
        let clients = (0..CLIENTS).map(|_| (0..STEPS).map(|_| step()).collect());
        Self { seed, clients: clients.collect() }
    }

    /// Returns the number of steps.
    pub fn steps(&self) -> usize {
        self.clients.iter().map(Vec::len).sum()
    }

    /// Returns the program with only the steps that the mask keeps.
    pub fn keep(&self, mask: &Mask) -> Self {
        assert_eq!(mask.0.len(), self.steps(), "the mask is for another program");
        let mut kept = mask.0.iter();
        let mut filter = |steps: &Vec<Step>| {
            let steps = steps.iter().filter(|_| *kept.next().unwrap());
            steps.copied().collect()
        };
        Self { seed: self.seed, clients: self.clients.iter().map(&mut filter).collect() }
    }
}

pub fn seeded_rng(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}
