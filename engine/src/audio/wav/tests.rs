use super::*;

/// A folder that is gone at the end of its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("metapython-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    fn samples(&self, name: &str) -> u32 {
        hound::WavReader::open(self.0.join(name)).unwrap().duration()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn refusal(path: &Path) -> String {
    WavFile::create(path, 2).unwrap_err().to_string()
}

/// A disk that is full ends a file where it is full, whether that shows in the middle or at the end;
/// nothing at all does not take the place of a file.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_a_file_and_loses_none() {
    let folder = Folder::new("wav-full");
    for (name, more) in [("middle.wav", 20_000), ("end.wav", 10)] {
        let mut file = WavFile::create(folder.0.join(name), 2).unwrap();
        file.write(&[0.5; 2_000]).unwrap();
        file.fill_disk();
        let written = file.write(&vec![0.5; more]);
        assert_eq!(written.is_err(), name == "middle.wav");
        let error = written.and(file.keep()).unwrap_err().to_string();
        assert!(error.ends_with("No space left on device (os error 28); it ends here"), "{error}");
        assert_eq!(folder.samples(name), 1_000);
    }
    let mut file = WavFile::create(folder.0.join("end.wav"), 2).unwrap();
    file.fill_disk();
    file.keep().unwrap_err();
    assert_eq!(folder.samples("end.wav"), 1_000);
    assert_eq!(folder.files(), ["end.wav", "middle.wav"]);
}

/// A file that has reached the limit of its format is whole up to there.
#[test]
fn a_file_at_its_limit_is_kept() {
    let folder = Folder::new("wav-limit");
    let mut file = WavFile::create(folder.0.join("long.wav"), 1).unwrap();
    file.write(&[0.5; 100]).unwrap();
    file.values = MAX_DATA_BYTES / 2;
    let error = file.write(&[0.5; 100]).unwrap_err().to_string();
    assert!(error.ends_with("a WAV file holds no more than 12.4 hours; it ends here"), "{error}");
    file.keep().unwrap();
    assert_eq!(folder.samples("long.wav"), 100);
}

/// One name has one writer, also by another path to it; when that is done, it is free again.
#[test]
fn a_name_has_one_writer() {
    let folder = Folder::new("wav-writers");
    let path = folder.0.join("one.wav");
    let first = WavFile::create(&path, 1).unwrap();
    for other in [path.clone(), folder.0.join(".").join("one.wav")] {
        let refused = refusal(&other);
        assert!(refused.ends_with("it is being written already; choose another name"), "{refused}");
    }
    first.keep().unwrap();
    drop(WavFile::create(&path, 1).unwrap());
    assert_eq!(folder.files(), ["one.wav"]);
}

/// What a killed program has left stays for whoever wants to rescue it.
#[test]
fn what_was_left_is_not_overwritten() {
    let folder = Folder::new("wav-left");
    let path = folder.0.join("one.wav");
    std::fs::write(folder.0.join("one.wav.partial"), "left").unwrap();
    let second = WavFile::create(&path, 1).unwrap();
    let files = folder.files();
    let refused = refusal(&path);
    second.keep().unwrap();
    assert_eq!(files, ["one.wav.partial", "one.wav.partial-2"]);
    assert!(refused.ends_with("it is being written already; choose another name"), "{refused}");
    assert_eq!(folder.files(), ["one.wav", "one.wav.partial"]);
    assert_eq!(std::fs::read_to_string(folder.0.join("one.wav.partial")).unwrap(), "left");
}

/// A file that cannot take its place stays beside it, and the error says where; a relative path is
/// one from where the program was at the beginning.
#[test]
fn what_cannot_be_kept_is_left() {
    let folder = Folder::new("wav-kept");
    let path = folder.0.join("one.wav");
    let mut file = WavFile::create(&path, 1).unwrap();
    file.write(&[0.5; 100]).unwrap();
    std::fs::create_dir(&path).unwrap();
    let error = file.keep().unwrap_err().to_string();
    assert!(error.ends_with("one.wav.partial"), "{error}");
    assert_eq!(folder.samples("one.wav.partial"), 100);
    assert!(target_of(Path::new("one.wav")).unwrap().is_absolute());
}
