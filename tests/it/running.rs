//! A real server for a test: the program itself, on a port of its own, over a folder that goes with it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with a store, and the commands that work on it.
pub struct Place {
    pub folder: TempDir,
    seeds: Option<PathBuf>,
    store: String,
}

impl Place {
    /// An empty place with the seeds inside the program.
    pub fn new() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let store = format!("gpkg:{}", folder.path().join("town.gpkg").display());
        Place { folder, seeds: None, store }
    }

    /// A place with seeds of its own: paths inside the folder and texts, beside the town file.
    pub fn with_seeds(files: &[(&str, &str)]) -> Place {
        let mut place = Place::new();
        let seeds = place.folder.path().join("seeds");
        for part in ["layers", "standards", "towns"] {
            std::fs::create_dir_all(seeds.join(part)).expect("a folder");
        }
        for (name, text) in files {
            std::fs::write(seeds.join(name), text).expect("a file");
        }
        place.seeds = Some(seeds);
        place
    }

    /// The same over another store.
    pub fn over(self, store: &str) -> Place {
        Place { store: store.into(), ..self }
    }

    /// The GeoPackage.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("town.gpkg")
    }

    /// A file of the folder, written.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_townseat"));
        command.args(words).args(["--store", &self.store]).current_dir(self.folder.path());
        if let Some(seeds) = &self.seeds {
            command.arg("--seeds").arg(seeds);
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the program runs")
    }

    /// Runs a command that must succeed; gives what it printed.
    pub fn must(&self, words: &[&str]) -> String {
        let out = self.run(words);
        let error = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{words:?} failed: {error}");
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Imports a text as a file into a layer; it must succeed.
    pub fn import(&self, layer: &str, name: &str, text: &str) {
        let file = self.write(name, text);
        self.must(&["import", &file.display().to_string(), "--layer", layer]);
    }

    /// Starts the service and waits until it says that it listens.
    pub fn serve(&self, words: &[&str]) -> Running {
        let all: Vec<&str> = ["serve", "--listen", "127.0.0.1:0", "--open"].iter().chain(words).copied().collect();
        let mut child =
            self.command(&all).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let line = lines.next().expect("it says that it listens").expect("a line");
        let base = line.strip_prefix("listening on ").expect("the agreed words").to_string();
        Running { child, base }
    }
}

/// A service that runs until it is dropped.
pub struct Running {
    child: Child,
    pub base: String,
}

impl Running {
    /// The answer to a request.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        reqwest::get(format!("{}{path}", self.base)).await.expect("an answer")
    }

    /// The JSON of an answer that must be 200.
    pub async fn json(&self, path: &str) -> serde_json::Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }

    /// Ends it as an operator does, and waits for the end.
    pub fn stop(mut self) {
        let done = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(done.success());
        assert!(self.child.wait().expect("it ends").success(), "a graceful stop ends with 0");
    }

    /// Ends it without a warning.
    pub fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `ogrinfo` says of one layer: how many features, and its whole text.
pub fn ogrinfo(words: &[&str], folder: &Path) -> (u64, String) {
    let out = tool("ogrinfo", &[&["-ro", "-so"], words].concat(), folder);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let count = text.lines().find_map(|l| l.strip_prefix("Feature Count: ")).and_then(|n| n.trim().parse().ok());
    (count.unwrap_or_else(|| panic!("{words:?}: {text} {}", String::from_utf8_lossy(&out.stderr))), text)
}

/// Runs a program that the tests need; says which package brings it when it is not there.
pub fn tool(name: &str, words: &[&str], folder: &Path) -> Output {
    Command::new(name)
        .args(words)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|e| panic!("{name} (see scripts/need.sh): {e}"))
}
