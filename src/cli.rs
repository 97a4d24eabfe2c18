//! The words of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::error::Code;
use crate::release::Release;
use crate::{explain, targets};

/// Applies declared Azure service connections to Kubernetes.
///
/// Without a command: the run, as in the pod, with its settings in `SC_JOB_*` variables.
#[derive(Debug, Parser)]
#[command(version, about, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do in place of the run.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be done on a laptop.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the objects of a values file as YAML. Needs no cluster.
    Render {
        /// The values file of the chart, or `-` for standard input.
        #[arg(short = 'f', long = "values", value_name = "FILE")]
        values: PathBuf,
        /// Show the values of Secrets. References are shown as what they refer to.
        #[arg(long)]
        show_secrets: bool,
        /// Whose objects they would be.
        #[command(flatten)]
        release: Owner,
    },
    /// Show what a run over a values file would do to the cluster. Writes nothing.
    Plan(Compared),
    /// Show how the objects in the cluster differ from a values file, and who has changed them. Writes nothing.
    Check(Compared),
    /// Show what connections can be made of: the targets, or the parameters and variables of one.
    Targets {
        /// The target, as in the values.
        #[arg(value_parser = targets::known)]
        name: Option<String>,
        /// The form of what is shown.
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
    /// Show what the codes of faults mean: all of them in short, or one with its cause and its remedy.
    Explain {
        /// The code, as in the log: SCJ2003, or 2003.
        #[arg(value_parser = explain::known)]
        code: Option<Code>,
        /// The form of what is shown.
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
}

/// Connections, and the cluster that they are compared with.
#[derive(Args, Debug)]
pub struct Compared {
    /// The values file of the chart, or `-` for standard input; a directory holds what the chart has written for its Job.
    #[arg(short = 'f', long = "values", value_name = "FILE")]
    pub values: PathBuf,
    /// Whose objects they are.
    #[command(flatten)]
    pub release: Owner,
    /// The form of what is shown.
    #[arg(short, long, value_enum, default_value_t)]
    pub output: Output,
}

/// The release that objects belong to.
#[derive(Args, Debug)]
pub struct Owner {
    /// The Helm release.
    #[arg(long, default_value_t = Release::default().name)]
    release: String,
    /// The release's namespace.
    #[arg(short, long, default_value_t = Release::default().namespace)]
    namespace: String,
}

impl From<Owner> for Release {
    fn from(Owner { release: name, namespace }: Owner) -> Self {
        Self { name, namespace }
    }
}

/// A form of output.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Output {
    /// For people.
    #[default]
    Text,
    /// For programs. The keys are an interface.
    Json,
}
