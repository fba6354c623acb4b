//! What the last word of a line may become.

use std::fs;

use bevy_ecs::world::World;

use super::Desk;
use crate::console::{
    Candidate, Evaluation, Interpreter, NoInterpreter, Role, SessionId, Sessions, Wanted, complete,
};
use crate::value::Value;

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever is typed, what is offered takes the place of a piece of it.
    #[test]
    fn completion_takes_any_text(
        text in "(kill|set|query|help|load|alias|s|\\?|%tree|\\PC)?[\\s\"'(]?\\PC{0,8}[\u{a0}\u{3000} \n.\"]?\\PC{0,4}",
        cut in 0_usize..20,
    ) {
        let mut desk = Desk::new();
        desk.spawn("Ball");
        desk.line("alias s send Ball \"a b\"");
        let cursor = text.floor_char_boundary(cut);
        let world = desk.machine.world_mut();
        let found = complete(world, &mut NoInterpreter, SessionId::LOCAL, &text, cursor);
        proptest::prop_assert!(found.start <= cursor && text.is_char_boundary(found.start));
    }
}

/// Completion comes from the rows and from the world.
#[test]
fn completion_knows_rows_and_world() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    desk.spawn("Bat");
    assert_eq!(desk.complete("pri"), (0, vec!["priority".to_owned()]));
    assert_eq!(desk.complete("  %pri"), (3, vec!["priority".to_owned()]));
    let names = vec!["Ball".to_owned(), "Bat".to_owned()];
    assert_eq!(desk.complete("kill Ball B"), (10, names.clone()));
    assert_eq!(desk.complete("set B"), (4, names));
    assert_eq!(desk.complete("set Ball.tr"), (9, vec!["transform".to_owned()]));
    assert_eq!(desk.complete("set Ball.transform.sc"), (19, vec!["scale".to_owned()]));
    assert_eq!(desk.complete("verbosity vvv"), (10, vec!["vvv".to_owned(), "vvvv".to_owned()]));
    assert_eq!(desk.complete("kill Nobody."), (5, vec![]));
    assert_eq!(desk.complete("kill\u{a0}Ba"), (6, vec!["Ball".to_owned(), "Bat".to_owned()]));
    assert_eq!(desk.complete("call \"a b\" Ba"), (11, vec![]));
    assert_eq!(desk.complete("? prio"), (2, vec!["priority".to_owned()]));
}

/// Knows a word of each kind.
struct Scripts;

impl Interpreter for Scripts {
    fn evaluate(&mut self, _: &mut World, _: SessionId, _: &str) -> Evaluation {
        panic!("evaluated")
    }

    fn words(&mut self, _: &mut World, wanted: Wanted<'_>, prefix: &str) -> Vec<Candidate> {
        let text = match wanted {
            Wanted::Class => "Brick".to_owned(),
            Wanted::Method(process) => format!("bounce_{process}"),
            Wanted::Script => "brick.py".to_owned(),
        };
        let is_meant = text.starts_with(prefix);
        is_meant.then_some(Candidate { text, detail: String::new() }).into_iter().collect()
    }

    fn random_state(&mut self, _: &mut World) -> Value {
        Value::None
    }
}

/// Classes, methods and scripts come from who runs them, for those who may use the command, and by no
/// evaluation.
#[test]
fn what_scripts_have_is_completed() {
    let mut desk = Desk::new();
    desk.spawn("Ball");
    let sessions = [Role::View, Role::Edit, Role::Exec].map(|role| desk.open(role));
    for (text, role, start, found) in [
        ("spawn ", Role::Edit, 6, "Brick"),
        ("spawn Bri", Role::Edit, 6, "Brick"),
        ("spawn Brick b", Role::Edit, 12, ""),
        ("call Ball ", Role::Edit, 10, "bounce_Ball"),
        ("call \"Ball\" bou", Role::Edit, 12, "bounce_Ball"),
        ("call Ball x", Role::Edit, 10, ""),
        ("update br", Role::Edit, 7, "brick.py"),
        ("source B", Role::View, 7, "Ball Brick"),
        ("source Br", Role::View, 7, "Brick"),
    ] {
        for session in sessions {
            let world = desk.machine.world_mut();
            let completion = complete(world, &mut Scripts, session, text, text.len());
            let texts: Vec<_> = completion.candidates.into_iter().map(|found| found.text).collect();
            let may = world.resource::<Sessions>().get(session).unwrap().role >= role;
            let expected =
                if may { (start, found.to_owned()) } else { (text.len(), String::new()) };
            assert_eq!((completion.start, texts.join(" ")), expected, "{text}");
        }
    }
}

/// Files are completed as a shell does, for those who may use them.
#[test]
fn the_names_of_scenes_are_completed() {
    let folder = std::env::temp_dir().join(format!("metapython-complete-{}", std::process::id()));
    fs::create_dir_all(folder.join("more")).unwrap();
    for name in ["mine.ron", "mail.ron", "mine.txt", ".hidden.ron", "two words.ron"] {
        fs::write(folder.join(name), "").unwrap();
    }
    let mut desk = Desk::new();
    let place = folder.display();
    let (start, all) = desk.complete(&format!("load {place}/"));
    let (_, some) = desk.complete(&format!("save {place}/mi"));
    let (_, hidden) = desk.complete(&format!("load {place}/."));
    let (_, none) = desk.complete("load /no/such/");
    let view = desk.open(Role::View);
    let text = format!("load {place}/");
    let world = desk.machine.world_mut();
    let refused = complete(world, &mut NoInterpreter, view, &text, text.len());
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(start, text.len());
    assert_eq!(all, ["mail.ron", "mine.ron", "more/"]);
    assert_eq!((some, hidden), (vec!["mine.ron".to_owned()], vec![".hidden.ron".to_owned()]));
    assert!(none.is_empty() && refused.candidates.is_empty());
}
