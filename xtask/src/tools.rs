//! What a chore needs on the machine beside Rust, and how it gets there.

use anyhow::bail;

use crate::program::{Program, installed};

/// Something that a chore needs, with the Debian packages that bring it.
#[derive(Clone, Copy)]
pub(crate) struct Tool {
    what: &'static str,
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

/// Compiles SQLite and links programs.
pub(crate) const C_COMPILER: Tool = Tool {
    what: "a C compiler",
    packages: &["gcc", "libc6-dev"],
    is_there: || installed("cc"),
};

/// Everything that the tests need.
pub(crate) const FOR_TESTS: &[Tool] = &[
    C_COMPILER,
    Tool {
        what: "PostgreSQL",
        packages: &["postgresql"],
        is_there: has_postgres,
    },
    Tool {
        what: "Chromium",
        packages: &["chromium"],
        is_there: || installed("chromium"),
    },
    Tool {
        what: "a Chinese font",
        packages: &["fontconfig", "fonts-wqy-zenhei"],
        is_there: has_chinese_font,
    },
    Tool {
        what: "pdftotext",
        packages: &["poppler-utils"],
        is_there: || installed("pdftotext"),
    },
    Tool {
        what: "Node.js",
        packages: &["nodejs"],
        is_there: || installed("node"),
    },
    Tool {
        what: "npm",
        packages: &["npm"],
        is_there: || installed("npm"),
    },
    Tool {
        what: "Python with venv",
        packages: &["python3", "python3-venv"],
        is_there: has_venv,
    },
];

/// What HiGHS is compiled with.
pub(crate) const FOR_HIGHS: &[Tool] = &[
    C_COMPILER,
    Tool {
        what: "a C++ compiler",
        packages: &["g++"],
        is_there: || installed("c++"),
    },
    Tool {
        what: "cmake",
        packages: &["cmake", "make"],
        is_there: || installed("cmake") && installed("make"),
    },
    Tool {
        what: "libclang",
        packages: &["libclang-dev"],
        is_there: has_libclang,
    },
];

/// Brings what is missing, by apt-get; an error names what stays missing and the command that brings it.
pub(crate) fn ensure(tools: &[Tool], install: bool) -> anyhow::Result<()> {
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !(tool.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|tool| tool.packages.iter().copied())
        .collect();
    if install && installed("apt-get") {
        install_packages(&packages)?;
    }
    let lacking: Vec<&str> = missing
        .iter()
        .filter(|tool| !(tool.is_there)())
        .map(|tool| tool.what)
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    bail!(
        "missing: {}. On Debian: apt-get install {}",
        lacking.join(", "),
        packages.join(" ")
    )
}

fn install_packages(packages: &[&str]) -> anyhow::Result<()> {
    let root = Program::new("id").arguments(["-u"]).output().trim() == "0";
    let elevate = if root {
        &[][..]
    } else if Program::new("sudo").arguments(["-n", "true"]).succeeds() {
        &["sudo", "-n"][..]
    } else {
        return Ok(());
    };
    let apt = |arguments: &[&str]| {
        let line: Vec<&str> = elevate
            .iter()
            .chain(&[
                "env",
                "DEBIAN_FRONTEND=noninteractive",
                "apt-get",
                "--quiet",
            ])
            .chain(arguments)
            .copied()
            .collect();
        let (program, rest) = line.split_first().unwrap_or((&"apt-get", &[]));
        Program::new(program).arguments(rest).runs()
    };
    let install: Vec<&str> = ["install", "--yes", "--no-install-recommends"]
        .iter()
        .chain(packages)
        .copied()
        .collect();
    // The package lists of a fresh machine are empty or old.
    if !apt(&install)? && apt(&["update"])? {
        apt(&install)?;
    }
    Ok(())
}

fn has_libclang() -> bool {
    let versions = std::fs::read_dir("/usr/lib")
        .into_iter()
        .flatten()
        .flatten();
    let mut llvm = versions.filter(|it| it.file_name().to_string_lossy().starts_with("llvm-"));
    llvm.any(|it| it.path().join("lib/libclang.so").exists())
        || std::env::var_os("LIBCLANG_PATH").is_some()
}

fn has_postgres() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    versions
        .into_iter()
        .any(|version| version.path().join("bin/initdb").exists())
        || installed("initdb")
}

fn has_chinese_font() -> bool {
    installed("fc-list")
        && !Program::new("fc-list")
            .arguments([":lang=zh"])
            .output()
            .trim()
            .is_empty()
}

fn has_venv() -> bool {
    installed("python3")
        && Program::new("python3")
            .arguments(["-c", "import venv, ensurepip"])
            .succeeds()
}
