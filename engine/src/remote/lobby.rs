//! Who is connected, and who has to go when there are too many.
//!
//! A thousand connections that never log in must not keep anybody out: a newcomer always finds a
//! place, and whoever has shown the least good will, of the address with the most connections, makes
//! room for it.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Shutdown, TcpStream};
use std::sync::Arc;

use super::settings::Limits;
use crate::console::Role;

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It has said nothing, or nothing of SSH.
    Silent,
    /// It speaks SSH.
    Greeted,
    /// It has asked to be let in.
    Asking,
    /// It is a user.
    LoggedIn,
}

/// A connection's number, in the order of their coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PlaceId(u64);

/// Who has a user's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) role: Role,
    /// By what they got in: `password`, or a key's fingerprint.
    pub(super) by: String,
}

/// There is no place for a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crowded {
    /// Nor for anybody else.
    All,
    /// What is left is kept for others.
    Kept,
    /// It had to go before.
    Gone,
}

impl Crowded {
    /// What the client is told.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::All | Self::Gone => {
                "as many users as may be are logged in already; try again later"
            }
            Self::Kept => {
                "as many users as may be are logged in with this key, password or role already; try \
                 again later"
            }
        }
    }
}

#[derive(Debug)]
struct Place {
    address: IpAddr,
    stage: Stage,
    /// Who it is, if it is a user.
    holder: Option<Holder>,
    line: Arc<CutOff>,
}

/// Ends a connection from anywhere, at once, whatever it is busy with.
#[derive(Debug)]
pub(super) struct CutOff(pub(super) TcpStream);

impl CutOff {
    /// Ends the connection; does not wait.
    pub(super) fn cut(&self) {
        // One that has ended by itself has nothing against it.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

/// All connections.
#[derive(Debug)]
pub(super) struct Lobby {
    places: BTreeMap<PlaceId, Place>,
    next: u64,
    limits: Limits,
    /// How many had to go since this was last told.
    pub(super) turned_out: u64,
}

impl Lobby {
    pub(super) fn new(limits: Limits) -> Self {
        Self { places: BTreeMap::new(), next: 0, limits, turned_out: 0 }
    }

    /// Gives a newcomer a place; another one may have to go.
    pub(super) fn enter(&mut self, address: IpAddr, line: Arc<CutOff>) -> PlaceId {
        if self.strangers().count() >= self.limits.strangers
            && let Some(unlucky) = self.least_welcome()
            && let Some(place) = self.places.remove(&unlucky)
        {
            place.line.cut();
            self.turned_out += 1;
        }
        let id = PlaceId(self.next);
        self.next += 1;
        self.places.insert(id, Place { address, stage: Stage::Silent, holder: None, line });
        id
    }

    /// A stranger has come further; whether it is still there.
    pub(super) fn advance(&mut self, id: PlaceId, stage: Stage) -> bool {
        let Some(place) = self.places.get_mut(&id) else { return false };
        place.stage = place.stage.max(stage);
        true
    }

    /// Makes a user of a stranger. The last quarter of the places no single key or password can have, nor
    /// those all together who may not run Python: somebody who can put things right finds one.
    ///
    /// # Errors
    /// [`Crowded`] if there is no place for it.
    pub(super) fn sit_down(&mut self, id: PlaceId, holder: Holder) -> Result<(), Crowded> {
        let count = |counts: &dyn Fn(&Holder) -> bool| {
            let holders = self.places.values().filter_map(|place| place.holder.as_ref());
            holders.filter(|other| counts(other)).count()
        };
        let users = self.limits.users;
        if count(&|_| true) >= users {
            return Err(Crowded::All);
        }
        let most = users - if users > 1 { users.div_ceil(4) } else { 0 };
        let is_below = |holder: &Holder| holder.role < Role::Exec;
        if count(&|other| other.by == holder.by) >= most
            || is_below(&holder) && count(&is_below) >= most
        {
            return Err(Crowded::Kept);
        }
        let place = self.places.get_mut(&id).ok_or(Crowded::Gone)?;
        (place.stage, place.holder) = (Stage::LoggedIn, Some(holder));
        Ok(())
    }

    /// Whether a connection is one of a user.
    pub(super) fn is_logged_in(&self, id: PlaceId) -> bool {
        self.places.get(&id).is_some_and(|place| place.stage == Stage::LoggedIn)
    }

    /// A connection has ended.
    pub(super) fn leave(&mut self, id: PlaceId) {
        self.places.remove(&id);
    }

    /// Ends the connections of all that are not logged in; or of everybody.
    pub(super) fn clear(&mut self, with_users: bool) {
        self.places
            .values()
            .filter(|place| with_users || place.stage < Stage::LoggedIn)
            .for_each(|place| place.line.cut());
    }

    fn strangers(&self) -> impl Iterator<Item = (PlaceId, &Place)> {
        let strangers = self.places.iter().filter(|(_, place)| place.stage < Stage::LoggedIn);
        strangers.map(|(id, place)| (*id, place))
    }

    /// Of the strangers of the address with the most, the one that has come least far, and of those
    /// the first.
    fn least_welcome(&self) -> Option<PlaceId> {
        let mut crowd: HashMap<IpAddr, usize> = HashMap::new();
        for (_, place) in self.strangers() {
            *crowd.entry(place.address).or_default() += 1;
        }
        let most = crowd.values().copied().max()?;
        let crowded =
            self.strangers().filter(|(_, place)| crowd.get(&place.address) == Some(&most));
        crowded.min_by_key(|(id, place)| (place.stage, *id)).map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
    use std::sync::Arc;

    use super::{Crowded, CutOff, Holder, Lobby, Stage};
    use crate::console::Role;
    use crate::remote::settings::Limits;

    fn lobby(users: usize, strangers: usize) -> Lobby {
        Lobby::new(Limits { users, strangers, ..Limits::default() })
    }

    fn line() -> Arc<CutOff> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Arc::new(CutOff(TcpStream::connect(listener.local_addr().unwrap()).unwrap()))
    }

    fn holder(role: Role, by: &str) -> Holder {
        Holder { role, by: by.to_owned() }
    }

    fn address(number: u8) -> IpAddr {
        Ipv4Addr::new(10, 0, 0, number).into()
    }

    /// A flood of one address pushes itself out, not others, and not those who have begun to talk.
    #[test]
    fn a_flood_pushes_itself_out() {
        let mut lobby = lobby(1, 4);
        let other = lobby.enter(address(1), line());
        let talking = lobby.enter(address(2), line());
        assert!(lobby.advance(talking, Stage::Greeted));
        for _ in 0..20 {
            lobby.enter(address(2), line());
        }
        assert_eq!(lobby.strangers().count(), 4);
        assert_eq!(lobby.turned_out, 18);
        assert!(lobby.advance(talking, Stage::Asking));
        assert!(lobby.advance(other, Stage::Greeted));
    }

    /// Users are no strangers; there are only so many of them.
    #[test]
    fn users_are_limited() {
        let mut lobby = lobby(1, 1);
        let first = lobby.enter(address(1), line());
        assert_eq!(lobby.sit_down(first, holder(Role::View, "key")), Ok(()));
        let second = lobby.enter(address(1), line());
        assert_eq!(lobby.sit_down(second, holder(Role::Exec, "other")), Err(Crowded::All));
        lobby.enter(address(1), line());
        assert!(lobby.is_logged_in(first) && !lobby.advance(second, Stage::Asking));
        lobby.leave(first);
        let third = lobby.enter(address(1), line());
        assert_eq!(lobby.sit_down(third, holder(Role::Exec, "key")), Ok(()));
        assert_eq!(lobby.sit_down(second, holder(Role::Exec, "key")), Err(Crowded::All));
        lobby.leave(third);
        assert_eq!(lobby.sit_down(second, holder(Role::Exec, "key")), Err(Crowded::Gone));
    }

    /// Nobody with one key, and nobody who may only look, with however many, keeps out who may do more.
    #[test]
    fn some_places_are_kept() {
        let mut lobby = lobby(8, 8);
        let mut seat = |role, by: &str| {
            let id = lobby.enter(address(1), line());
            lobby.sit_down(id, holder(role, by))
        };
        for _ in 0..6 {
            assert_eq!(seat(Role::Exec, "first"), Ok(()));
        }
        assert_eq!(seat(Role::Exec, "first"), Err(Crowded::Kept));
        assert_eq!(seat(Role::View, "second"), Ok(()));
        assert_eq!(seat(Role::Exec, "third"), Ok(()));
        assert_eq!(seat(Role::Exec, "third"), Err(Crowded::All));
    }

    /// Several keys that may only look are as one.
    #[test]
    fn places_are_kept_from_lower_roles() {
        let mut lobby = lobby(4, 8);
        let mut seat = |role, by: &str| {
            let id = lobby.enter(address(1), line());
            lobby.sit_down(id, holder(role, by))
        };
        assert_eq!(seat(Role::View, "first"), Ok(()));
        assert_eq!(seat(Role::Edit, "second"), Ok(()));
        assert_eq!(seat(Role::View, "third"), Ok(()));
        assert_eq!(seat(Role::View, "fourth"), Err(Crowded::Kept));
        assert_eq!(seat(Role::Exec, "fifth"), Ok(()));
    }
}
