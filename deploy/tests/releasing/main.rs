//! How a team ships, with the program itself: outside any checkout, into a folder and through a gateway.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

mod accounts;
mod audit;
mod folder;
mod gateway;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// A folder that is no checkout, with what a team and an operator have.
struct Desk {
    dir: TempDir,
}

/// What the program said.
struct Said {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Desk {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn registry(&self) -> String {
        self.path("registry").to_str().unwrap().to_owned()
    }

    /// Runs the program on the registry's folder.
    fn run(&self, args: &[&str]) -> Said {
        self.run_on(&self.registry(), args)
    }

    fn run_on(&self, registry: &str, args: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asterism"));
        for site in ["ASTERISM_DATA", "ASTERISM_REGISTRY", "ASTERISM_KEY", "ASTERISM_SIGN_KEY"] {
            command.env_remove(site);
        }
        let data = self.path("data");
        command.current_dir(self.dir.path()).arg("--data").arg(data);
        let Output { status, stdout, stderr } =
            command.args(["--registry", registry]).args(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: status.code().unwrap(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// Makes a team's key that is trusted for `names`.
    fn team(&self, file: &str, names: &str) {
        let public = self.run(&["keygen", "--out", file, "--json"]).json();
        let public = public["public"].as_str().unwrap();
        self.run(&["key", "trust", "--public", public, "--names", names]).ok();
    }

    /// Writes what some other framework's build left, and describes it.
    fn built(&self, name: &str, version: &str) -> String {
        let dir = format!("dist-{version}");
        write(&self.path(&dir).join("main.js"), &format!("export const v = '{version}';\n"));
        write(&self.path(&dir).join("assets/a.css"), "p { color: inherit }\n");
        let described = ["describe", "--from", &dir, "--name", name, "--version", version];
        let files = ["--entry", "main.js", "--style", "assets/a.css"];
        let route = ["--route", "/reports/*=Reports", "--nav", "Reports=20", "--api", "search"];
        self.run(&[&described[..], &files, &route].concat()).ok();
        dir
    }
}

impl Said {
    /// Checks that it worked.
    #[track_caller]
    fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }

    #[track_caller]
    fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.ok().stdout).unwrap()
    }

    /// Checks the exit code and that the error says all of this.
    #[track_caller]
    fn refused(self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "no `{word}` in: {}", self.stderr);
        }
    }
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}
