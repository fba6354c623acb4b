//! How long a password from an address waits to be looked at: the longer, the more of them were wrong.
//!
//! Keys never wait. Nobody guesses a key, and whoever has one must not suffer from others who guess.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

/// Wrong passwords that cost nothing yet: those of people who have several.
const FREE: u32 = 3;

/// The longest pause between two passwords of an address.
const LONGEST: Duration = Duration::from_secs(60);

/// After how long without a wrong password an address is as good as new.
const MEMORY: Duration = Duration::from_secs(600);

/// How many addresses are remembered.
const ADDRESSES: usize = 1024;

/// The addresses that wrong passwords came from.
#[derive(Debug, Default)]
pub(super) struct Patience(HashMap<IpAddr, Record>);

#[derive(Debug)]
struct Record {
    failures: u32,
    last: Instant,
    /// When the next password of the address has its turn.
    free_at: Instant,
}

impl Patience {
    /// How long to wait until a password of an address has its turn, for no longer than `limit`; `None`
    /// if that would be longer, and it is to be refused now. Each has a turn of its own.
    pub(super) fn turn(
        &mut self,
        address: IpAddr,
        now: Instant,
        limit: Duration,
    ) -> Option<Duration> {
        let Some(record) = self.0.get_mut(&network(address)) else { return Some(Duration::ZERO) };
        if now.duration_since(record.last) > MEMORY {
            self.0.remove(&network(address));
            return Some(Duration::ZERO);
        }
        let wait = record.free_at.saturating_duration_since(now);
        if wait > limit {
            return None;
        }
        record.free_at = now + wait + pause(record.failures);
        Some(wait)
    }

    /// A password of an address was wrong.
    pub(super) fn failed(&mut self, address: IpAddr, now: Instant) {
        if self.0.len() >= ADDRESSES && !self.0.contains_key(&network(address)) {
            self.0.retain(|_, record| now.duration_since(record.last) <= MEMORY);
            let oldest = self.0.iter().min_by_key(|(_, record)| record.last).map(|(it, _)| *it);
            if let Some(oldest) = oldest.filter(|_| self.0.len() >= ADDRESSES) {
                self.0.remove(&oldest);
            }
        }
        let new = Record { failures: 0, last: now, free_at: now };
        let record = self.0.entry(network(address)).or_insert(new);
        record.failures = record.failures.saturating_add(1);
        record.last = now;
        record.free_at = record.free_at.max(now + pause(record.failures));
    }

    /// A password of an address was right.
    pub(super) fn succeeded(&mut self, address: IpAddr) {
        self.0.remove(&network(address));
    }
}

fn pause(failures: u32) -> Duration {
    match failures.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(more) => Duration::from_secs(1 << more.min(6)).min(LONGEST),
    }
}

/// What one party has at least: an address, and of IPv6 the network of one household.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::{Duration, Instant};

    use super::{ADDRESSES, MEMORY, Patience, network};

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const LIMIT: Duration = Duration::from_secs(30);

    /// Who fails again and again waits longer and longer, and alone; time and success end it.
    #[test]
    fn delays_grow() {
        let (mut patience, now) = (Patience::default(), Instant::now());
        let mut waits = Vec::new();
        for _ in 0..6 {
            waits.push(patience.turn(HERE, now, LIMIT).unwrap().as_secs());
            patience.failed(HERE, now);
        }
        assert_eq!(waits[..4], [0, 0, 0, 1]);
        assert!(waits[4] < waits[5], "{waits:?}");
        assert_eq!(
            patience.turn(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), now, LIMIT),
            Some(Duration::ZERO)
        );
        assert_eq!(patience.turn(HERE, now + MEMORY * 2, LIMIT), Some(Duration::ZERO));
        patience.failed(HERE, now);
        patience.succeeded(HERE);
        assert_eq!(patience.turn(HERE, now, LIMIT), Some(Duration::ZERO));
    }

    /// Passwords that come at the same time have a turn one after the other, and none waits for ever.
    #[test]
    fn turns_are_taken_one_by_one() {
        let (mut patience, now) = (Patience::default(), Instant::now());
        (0..5).for_each(|_| patience.failed(HERE, now));
        let waits: Vec<_> = (0..20).map_while(|_| patience.turn(HERE, now, LIMIT)).collect();
        assert!(
            waits.is_sorted() && waits.len() < 20 && waits.windows(2).all(|two| two[0] < two[1])
        );
    }

    /// Addresses are bounded; those of one IPv6 network are one.
    #[test]
    fn addresses_are_bounded() {
        let (mut patience, now) = (Patience::default(), Instant::now());
        for number in 0..2 * ADDRESSES as u32 {
            patience.failed(
                Ipv4Addr::from_bits(number).into(),
                now + Duration::from_millis(number.into()),
            );
        }
        assert_eq!(patience.0.len(), ADDRESSES);
        assert_eq!(
            network("2001:db8::1".parse().unwrap()),
            network("2001:db8::2:1".parse().unwrap())
        );
        assert_eq!(network("::ffff:127.0.0.1".parse().unwrap()), HERE);
    }
}
