//! Marks: a moment to which what is created after it can be taken back.
//!
//! Code that is run again for what it defines (a script that was saved, a text that is tried out)
//! also creates processes and gives instructions. Taken back to the mark before it, the machine is
//! as if it had not: no process, no instruction, and the names and numbers of those to come are
//! what they would have been.

use std::collections::BTreeMap;

use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;

use super::{Names, SpawnCounter, SpawnOrder, all, discard};
use crate::instruction::Instructions;

/// What had been created at some moment.
#[derive(Clone, Debug)]
pub struct Mark {
    spawned: u64,
    numbering: BTreeMap<String, u64>,
    instructions: u64,
}

/// While it is true, a process that asks for a name that is taken gets another one instead of an
/// error: code that is run again asks for the names that its processes have.
#[derive(Clone, Copy, Debug, Default, Resource)]
pub struct StandIns(pub bool);

impl Mark {
    /// Remembers this moment.
    pub fn set(world: &World) -> Self {
        let numbering = world.resource::<Names>().numbering();
        Self {
            spawned: world.resource::<SpawnCounter>().count(),
            numbering: numbering.map(|(base, number)| (base.to_owned(), number)).collect(),
            instructions: world.resource::<Instructions>().given(),
        }
    }

    /// The processes spawned since, in the order of their spawning.
    pub fn since(&self, world: &World) -> Vec<Entity> {
        let is_new = |process: &Entity| {
            world.get::<SpawnOrder>(*process).is_some_and(|order| order.0 >= self.spawned)
        };
        all(world).into_iter().filter(is_new).collect()
    }

    /// Takes back what was created since: it must be before anything of that was stepped.
    pub fn take_back(&self, world: &mut World) {
        for process in self.since(world).into_iter().rev() {
            discard(world, process);
        }
        world.insert_resource(SpawnCounter(self.spawned));
        world.resource_mut::<Names>().set_numbering(self.numbering.clone());
        world.resource_mut::<Instructions>().forget_since(self.instructions);
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, StandIns};
    use crate::clock::Flicks;
    use crate::instruction::{Instruction, Instructions};
    use crate::machine::Machine;
    use crate::process::{self, Behaviour, Names, NewProcess, Next, ProcessError, Step, StepError};

    struct Idle;

    impl Behaviour for Idle {
        fn step(&mut self, _step: Step<'_>) -> Result<Next, StepError> {
            Ok(Next::Interval)
        }
    }

    fn spawn(machine: &mut Machine, name: Option<&str>) -> Result<String, ProcessError> {
        let new = NewProcess { name, ..NewProcess::of("Ball") };
        let world = machine.world_mut();
        let process = process::spawn(world, &new)?;
        process::launch(world, process, Box::new(Idle));
        Ok(process::instance_name(world, process))
    }

    /// Processes, their names, and instructions are as if nothing had happened.
    #[test]
    fn what_is_taken_back_has_never_been() {
        let mut machine = Machine::builder().build();
        spawn(&mut machine, None).expect("the name is free");
        machine.run(Some(1));
        let before = machine.digest();
        let mark = Mark::set(machine.world());
        spawn(&mut machine, None).expect("there is a next name");
        spawn(&mut machine, Some("Special")).expect("the name is free");
        let instruction = Instruction::new("Ball", "bounce", Box::new(()));
        machine.world_mut().resource_mut::<Instructions>().push(instruction, Flicks::ZERO);
        assert_eq!(mark.since(machine.world()).len(), 2);
        assert_ne!(machine.digest(), before);
        mark.take_back(machine.world_mut());
        assert_eq!(machine.digest(), before);
        machine.run(Some(1));
        assert_eq!(spawn(&mut machine, None).as_deref(), Ok("Ball1"));
    }

    /// A name that is taken is refused, but for a stand-in.
    #[test]
    fn a_stand_in_takes_another_name() {
        let mut machine = Machine::builder().build();
        assert_eq!(spawn(&mut machine, Some("Hero")).as_deref(), Ok("Hero"));
        assert!(spawn(&mut machine, Some("Hero")).is_err());
        machine.world_mut().insert_resource(StandIns(true));
        assert_eq!(spawn(&mut machine, Some("Hero")).as_deref(), Ok("Ball"));
        assert!(machine.world().resource::<Names>().get("Hero").is_some());
    }
}
