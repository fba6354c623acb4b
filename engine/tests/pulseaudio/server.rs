//! A PulseAudio server of our own, on a socket of its own, with a sink that goes nowhere.

use std::fs::{self, File};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Until when it must answer. It is only waited for in full where it does not.
const DEADLINE: Duration = Duration::from_secs(30);

/// A sound server that ends with the test.
pub(crate) struct Server(Child);

impl Server {
    /// Starts a server with one sink, and waits until it answers on its socket.
    pub(crate) fn start(folder: &Path) -> Self {
        let (socket, script) = (folder.join("socket"), folder.join("server.pa"));
        let _ = fs::remove_file(&socket);
        let commands = format!(
            "load-module module-null-sink sink_name=nowhere norewinds=1 rate=48000 \
             sink_properties=device.description=Nowhere\n\
             load-module module-native-protocol-unix socket={} auth-anonymous=1\n",
            socket.display()
        );
        fs::write(&script, commands).unwrap();
        let log = File::create(folder.join("server.log")).unwrap();
        // Should the test be killed, the server ends by itself, idle for as long.
        let server = Command::new("pulseaudio")
            .args(["-n", "--daemonize=no", "--use-pid-file=no", "--disable-shm=yes"])
            .args(["--exit-idle-time=20", "--log-target=stderr", "-F"])
            .arg(&script)
            .envs(["HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"].map(|name| (name, folder)))
            .stderr(log)
            .stdout(Stdio::null())
            .spawn()
            .expect("pulseaudio cannot be run: install the package pulseaudio");
        let mut server = Self(server);
        let start = Instant::now();
        while UnixStream::connect(&socket).is_err() {
            let log = || fs::read_to_string(folder.join("server.log")).unwrap_or_default();
            let ended = server.0.try_wait().unwrap();
            assert!(ended.is_none(), "the server ended, {ended:?}: {}", log());
            assert!(start.elapsed() < DEADLINE, "the server does not answer: {}", log());
            thread::sleep(Duration::from_millis(5));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
