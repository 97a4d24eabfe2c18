//! The process: words, runtime, signals, exit code.

use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use sc_job::cli::{Cli, Command, Output};
use sc_job::connections::Declared;
use sc_job::connections::form::Form;
use sc_job::error::{Code, Fault};
use sc_job::exit::Exit;
use sc_job::release::Release;
use sc_job::report::termination;
use sc_job::run::Run;
use sc_job::settings::{LogFormat, LogLevel, Settings};
use sc_job::{explain, input, remarks, render, targets, telemetry};
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        // The message is left out: it may quote a value.
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let fault = Fault::run(Code::Internal, format!("panic at {place}"));
        if tracing::dispatcher::has_been_set() {
            refuse(&[fault]);
        } else {
            termination::leave(&fault.to_string());
            eprintln!("{fault}");
        }
        std::process::exit(i32::from(Exit::Internal.code()));
    }));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(words) => {
            let exit = if words.use_stderr() { Exit::Usage } else { Exit::Done };
            // A closed pipe is the reader's choice.
            let _ = words.print();
            return ExitCode::from(exit.code());
        }
    };
    let exit = match cli.command {
        None => run(),
        Some(Command::Render { values, show_secrets, release, namespace }) => {
            telemetry::init(LogLevel::Info, LogFormat::Text);
            print(objects(&values, &Release { name: release, namespace }, show_secrets))
        }
        Some(Command::Targets { name, output }) => {
            telemetry::init(LogLevel::Info, LogFormat::Text);
            let text = match output {
                Output::Text => targets::text(name.as_deref()),
                Output::Json => targets::json(name.as_deref()),
            };
            print(text.map_err(|fault| vec![fault]))
        }
        Some(Command::Explain { code, output }) => {
            telemetry::init(LogLevel::Info, LogFormat::Text);
            let text = match output {
                Output::Text => explain::text(code),
                Output::Json => explain::json(code),
            };
            print(text.map_err(|fault| vec![fault]))
        }
    };
    ExitCode::from(exit.code())
}

fn run() -> Exit {
    let settings = match Settings::from_env() {
        Ok(settings) => settings,
        Err(fault) => {
            telemetry::init(LogLevel::Info, LogFormat::from_env());
            return refuse(&[fault]);
        }
    };
    telemetry::init(settings.log_level, settings.log_format);
    // Both crypto providers of rustls may be in the build; the first call must name one. A second call cannot fail harmfully.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(supervise(settings)),
        Err(error) => refuse(&[Fault::run(Code::Internal, format!("the runtime cannot be started: {error}"))]),
    }
}

/// The run, its deadline and the signals: whatever comes first ends it.
async fn supervise(settings: Settings) -> Exit {
    let deadline = settings.deadline();
    let run = Run::new(settings);
    // As the first process of its container the job is deaf to signals that it does not ask for.
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return refuse(&[Fault::run(Code::Internal, "signals cannot be received")]);
    };
    let mut stopped = async || {
        let signal = tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        };
        Err(vec![Fault::run(Code::Interrupted, format!("{signal} was received"))])
    };
    run.ended(tokio::select! {
        ended = run.work() => ended,
        () = tokio::time::sleep(deadline) => Err(vec![run.out_of_time()]),
        ended = stopped() => ended,
    });
    tokio::select! {
        () = run.record() => {}
        ended = stopped() => run.ended(ended),
    }
    run.conclude()
}

fn objects(values: &Path, release: &Release, show_secrets: bool) -> Result<String, Vec<Fault>> {
    input::values(values)
        .and_then(Declared::check)
        .inspect(|declared| {
            remarks::on(declared);
            remarks::on_values(declared, Form::literal);
        })
        .and_then(|declared| render::objects(&declared, release, show_secrets).map_err(|fault| vec![fault]))
}

/// Shows what was asked for. A closed pipe is the reader's choice.
fn print(text: Result<String, Vec<Fault>>) -> Exit {
    let text = match text {
        Ok(text) => text,
        Err(faults) => return refuse(&faults),
    };
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let cause = format!("standard output cannot be written: {error}");
            refuse(&[Fault::run(Code::Internal, cause).remedy("write it to where there is room")])
        }
        _ => Exit::Done,
    }
}

/// Tells faults that keep the work from starting.
fn refuse(faults: &[Fault]) -> Exit {
    termination::leave(&faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    let exit = faults.first().map_or(Exit::Internal, |fault| Exit::of(fault.code()));
    for fault in faults {
        tracing::error!(exit = exit.code(), code = %fault.code(), "{fault}");
    }
    exit
}
