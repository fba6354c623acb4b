//! The machine's side of the console over SSH: a front end with as many sessions as there are channels.

use std::cell::RefCell;
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::server::{Door, Server};
use super::visit::{Outcome, Visit};
use super::{RemoteError, SOURCE};
use crate::alert::{Alert, AlertSender, AlertSink, Level};
use crate::console::{Desk, Evaluation, FrontEnd, SessionId};

/// Interrupts what a session evaluates at this moment, from any thread; whether it does.
pub type Interrupt = Arc<dyn Fn(SessionId) -> bool + Send + Sync>;

/// The console over SSH, as the machine's ports share it: a front end and a place for alerts.
///
/// When the last of its clones goes, users are told, and the network's thread ends within two seconds.
#[derive(Clone)]
pub struct Remote(Rc<RefCell<Desks>>);

/// Whoever is there, at the machine's side.
struct Desks {
    address: SocketAddr,
    /// What is to be opened when the machine is there; before, clients wait.
    door: Option<Door>,
    server: Option<Server>,
    alerts: Option<AlertSender>,
    visits: Vec<Visit>,
}

impl Remote {
    /// Takes an address; with port 0, one with a free port. `folder` is where the settings, the host key
    /// and `authorized_keys` are; it and the key are made if they are not there. Nobody is served yet.
    ///
    /// # Errors
    /// [`RemoteError`] if the address cannot be had, or the files in the folder cannot be used.
    pub fn bind(address: SocketAddr, folder: &Path) -> Result<Self, RemoteError> {
        let door = Door::bind(address, folder)?;
        let address = door.address();
        let desks =
            Desks { address, door: Some(door), server: None, alerts: None, visits: Vec::new() };
        Ok(Self(Rc::new(RefCell::new(desks))))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.borrow().address
    }

    /// Serves clients from now on, once.
    ///
    /// # Errors
    /// [`RemoteError::Thread`] if there can be no thread for it.
    pub fn serve(&self, alerts: AlertSender, interrupt: Interrupt) -> Result<(), RemoteError> {
        let mut desks = self.0.borrow_mut();
        let Some(door) = desks.door.take() else { return Ok(()) };
        desks.server = Some(door.open(alerts.clone(), interrupt)?);
        desks.alerts = Some(alerts);
        Ok(())
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Remote").field(&self.0.borrow().address).finish()
    }
}

impl FrontEnd for Remote {
    fn poll(&mut self, desk: &mut Desk<'_>) {
        let mut desks = self.0.borrow_mut();
        let Desks { server: Some(server), alerts, visits, .. } = &mut *desks else { return };
        visits.extend(server.arrivals.try_iter().map(|arrival| Visit::open(arrival, desk)));
        visits.retain_mut(|visit| match visit.poll(desk) {
            Outcome::Open => true,
            Outcome::Over => false,
            Outcome::Stuck => {
                if let Some(alerts) = alerts {
                    let text = format!("{} was dropped: too much output was not taken", visit.user);
                    // A machine that has ended has nobody to tell.
                    let _ = alerts.raise(SOURCE, Level::V, text);
                }
                false
            }
        });
    }

    fn show(&mut self, session: SessionId, _: &str, evaluation: &Evaluation) {
        let mut desks = self.0.borrow_mut();
        if let Some(visit) = desks.visits.iter_mut().find(|visit| visit.is_of(session)) {
            visit.show(evaluation);
        }
    }
}

impl AlertSink for Remote {
    fn alert(&mut self, alert: &Alert) {
        self.0.borrow_mut().visits.iter_mut().for_each(|visit| visit.alert(alert));
    }
}

impl Drop for Desks {
    fn drop(&mut self) {
        self.visits.iter_mut().for_each(|visit| visit.say_goodbye("the machine has ended\n"));
    }
}
