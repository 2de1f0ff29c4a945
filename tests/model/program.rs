//! Programs: what each client does, made from a seed.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// Names that the clients of one program fight over.
pub const NAMES: usize = 2;
const CLIENTS: usize = 4;
const STEPS: usize = 12;

/// What a client does next. `dice` decides on the rest when its turn comes, from what is known then.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub verb: Verb,
    pub dice: u32,
}

/// What can be done.
#[derive(Clone, Copy, Debug)]
pub enum Verb {
    Generate,
    Describe,
    Widen,
    Narrow,
    Regenerate,
    Delete,
    Get,
    List,
    Authorize,
}

/// How often each of them is done: what is revoked is to be used, before and after.
const MIX: [Verb; 20] = [
    Verb::Generate,
    Verb::Generate,
    Verb::Generate,
    Verb::Describe,
    Verb::Widen,
    Verb::Narrow,
    Verb::Narrow,
    Verb::Regenerate,
    Verb::Regenerate,
    Verb::Delete,
    Verb::Delete,
    Verb::Get,
    Verb::List,
    Verb::Authorize,
    Verb::Authorize,
    Verb::Authorize,
    Verb::Authorize,
    Verb::Authorize,
    Verb::Authorize,
    Verb::Authorize,
];

/// The steps of some clients, and the seed of the order in which their requests get to the table.
#[derive(Clone, Debug)]
pub struct Program {
    pub seed: u64,
    pub clients: Vec<Vec<Step>>,
}

/// Which steps of a program are kept, all clients' one after another: `1` or `0` each.
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
    /// The program of this seed.
    pub fn random(seed: u64) -> Self {
        let mut dice = dice(seed);
        let mut step = || Step {
            verb: MIX[usize::try_from(dice.next_u32()).unwrap() % MIX.len()],
            dice: dice.next_u32(),
        };
        let clients = (0..CLIENTS).map(|_| (0..STEPS).map(|_| step()).collect());
        Self { seed, clients: clients.collect() }
    }

    /// How many steps it has.
    pub fn steps(&self) -> usize {
        self.clients.iter().map(Vec::len).sum()
    }

    /// The same without the steps that the mask leaves out.
    pub fn keep(&self, mask: &Mask) -> Self {
        assert_eq!(mask.0.len(), self.steps(), "a mask of another program");
        let mut kept = mask.0.iter();
        let mut filter = |steps: &Vec<Step>| {
            let steps = steps.iter().filter(|_| *kept.next().unwrap());
            steps.copied().collect()
        };
        Self { seed: self.seed, clients: self.clients.iter().map(&mut filter).collect() }
    }
}

/// Dice of this seed.
pub fn dice(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}
